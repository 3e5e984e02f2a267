/** The verdict of a report in one sentence, and its totals. */
import { count, counted, moment } from './format.ts';
import type { CollectionBalance, Report } from './model.ts';

export interface Totals {
  readonly collections: number;
  readonly read: number;
  readonly loaded: number;
  readonly rejected: number;
  readonly changed: number;
  readonly leftover: number;
  /** Of leftover: what nobody has to look at. */
  readonly obsolete: number;
  readonly links: number;
  readonly seconds: number;
  readonly bytes: number;
}

export function totalsOf(report: Report): Totals {
  const all = Object.values(report.collections);
  const sum = (of: (balance: CollectionBalance) => number) => all.reduce((total, balance) => total + of(balance), 0);
  return {
    collections: all.length,
    // What an older release kept under another name is read once.
    read: sum(({ read, taken }) => read - (taken ?? 0)),
    loaded: sum(({ loaded }) => loaded),
    rejected: sum(({ rejected }) => rejected),
    changed: sum(({ changed }) => changed),
    leftover: sum(({ leftover }) => leftover),
    // Absent in a report of an earlier version.
    obsolete: sum(({ obsolete }) => obsolete ?? 0),
    // Counted from the junctions: a pair belongs to both sides.
    links: Object.values(report.junctions).reduce((total, { pairs }) => total + pairs, 0),
    seconds: sum(({ seconds }) => seconds),
    bytes: sum(({ bytes }) => bytes),
  };
}

type Tone = 'good' | 'attention' | 'bad' | 'open';

export interface VerdictWords {
  readonly tone: Tone;
  /** A few words. */
  readonly headline: string;
  /** One sentence. */
  readonly sentence: string;
}

export function verdictOf(report: Report): VerdictWords {
  switch (report.state) {
    case 'running':
      return {
        tone: 'open',
        headline: `${commandName(report)} is running`,
        sentence: `State at ${moment(report.writtenAt)}${stepWords(report)}. If this time does not change for a minute, the run was interrupted: start the same command again to resume it.`,
      };
    case 'interrupted':
      return {
        tone: 'attention',
        headline: `${commandName(report)} was interrupted`,
        sentence: `It stopped at ${moment(report.writtenAt)}${stepWords(report)}; nothing is lost. Start the same command again to resume it.`,
      };
    case 'failed':
      return {
        tone: 'bad',
        headline: `${commandName(report)} stopped`,
        sentence: report.failure?.what.split('\n')[0] ?? 'It stopped for an unknown reason.',
      };
    case 'finished':
      return finishedWords(report);
  }
}

const notLoaded = new Set(['SOURCE_FILE_UNREAD', 'COLLECTION_NAME_SIMILAR', 'VIEW_NOT_COPIED']);

function finishedWords(report: Report): VerdictWords {
  const { read, rejected } = totalsOf(report);
  const documents = counted(read, 'document');
  if (report.verdict === 'success') {
    const sentence =
      report.command === 'verify'
        ? `Source and target were compared again, and every check passed for ${documents}.`
        : `All ${documents} of the source are accounted for in PostgreSQL, and every check passed.`;
    return { tone: 'good', headline: report.command === 'verify' ? 'Verification completed' : 'Completed', sentence };
  }
  const things = counted(report.findings.length, 'finding');
  if (report.verdict === 'accepted') {
    return {
      tone: 'good',
      headline: 'Completed, findings accepted',
      sentence: `${things} of this report were accepted.`,
    };
  }
  const failed = Object.values(report.layers).filter(({ status }) => status === 'failed').length;
  const damaged = report.findings.some(({ code }) => code === 'SOURCE_DAMAGED');
  const passedOver = report.findings.some(({ code }) => notLoaded.has(code));
  const why = [
    ...(rejected > 0 ? [`${count(rejected)} of ${documents} could not be loaded`] : []),
    ...(damaged ? ['a part of the source cannot be read'] : []),
    ...(passedOver ? ['a part of the source was not loaded'] : []),
    ...(failed > 0 ? [`${counted(failed, 'check')} failed`] : []),
  ];
  const reasons = why.length === 0 ? '' : `${why.join(', ')}: `;
  const sentence = `${reasons}${things} ${report.findings.length === 1 ? 'requires' : 'require'} action. Everything else is complete.`;
  return {
    tone: 'attention',
    headline: `${report.command === 'verify' ? 'Verification completed' : 'Completed'} with ${things}`,
    sentence: sentence.replace(/^./, (letter) => letter.toUpperCase()),
  };
}

const commandName = ({ command }: Report): string => (command === 'verify' ? 'The verification' : 'The migration');

function stepWords({ step, steps }: Report): string {
  if (step === null) return '';
  return `, in the step “${steps.findLast(({ name }) => name === step)?.title ?? step}”`;
}
