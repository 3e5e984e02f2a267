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
  readonly links: number;
  readonly seconds: number;
  readonly bytes: number;
}

export function totalsOf(report: Report): Totals {
  const all = Object.values(report.collections);
  const sum = (of: (balance: CollectionBalance) => number) => all.reduce((total, balance) => total + of(balance), 0);
  return {
    collections: all.length,
    read: sum(({ read }) => read),
    loaded: sum(({ loaded }) => loaded),
    rejected: sum(({ rejected }) => rejected),
    changed: sum(({ changed }) => changed),
    leftover: sum(({ leftover }) => leftover),
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
        sentence: `This is where it stood at ${moment(report.writtenAt)}${stepWords(report)}. If this time stands still for a minute, it was interrupted: the same command goes on.`,
      };
    case 'interrupted':
      return {
        tone: 'attention',
        headline: `${commandName(report)} was interrupted`,
        sentence: `It stopped at ${moment(report.writtenAt)}${stepWords(report)}; nothing is lost, and the same command goes on where it stopped.`,
      };
    case 'failed':
      return {
        tone: 'bad',
        headline: `${commandName(report)} stopped`,
        sentence: report.failure?.what.split('\n')[0] ?? 'It stopped without a reason that could be recorded.',
      };
    case 'finished':
      return finishedWords(report);
  }
}

function finishedWords(report: Report): VerdictWords {
  const { read, rejected } = totalsOf(report);
  const documents = counted(read, 'document');
  if (report.verdict === 'success') {
    const sentence =
      report.command === 'verify'
        ? `Source and target were compared again, and every check passed: ${documents} are as they should be.`
        : `All ${documents} of the source are accounted for in PostgreSQL, and every check passed.`;
    return { tone: 'good', headline: report.command === 'verify' ? 'Verified' : 'Migrated', sentence };
  }
  const things = counted(report.findings.length, 'finding');
  if (report.verdict === 'accepted') {
    return {
      tone: 'good',
      headline: 'Migrated, findings accepted',
      sentence: `${things} of this report were accepted as they are.`,
    };
  }
  const failed = Object.values(report.layers).filter(({ status }) => status === 'failed').length;
  const damaged = report.findings.some(({ code }) => code === 'SOURCE_DAMAGED');
  const why = [
    ...(rejected > 0 ? [`${count(rejected)} of ${documents} could not be loaded`] : []),
    ...(damaged ? ['a part of the source cannot be read'] : []),
    ...(failed > 0 ? [`${counted(failed, 'check')} failed`] : []),
  ];
  const reasons = why.length === 0 ? '' : `${why.join(', ')}: `;
  const sentence = `${reasons}${things} ${report.findings.length === 1 ? 'needs' : 'need'} a person, and everything else is in place.`;
  return {
    tone: 'attention',
    headline: `${report.command === 'verify' ? 'Verified' : 'Migrated'}, with ${things}`,
    sentence: sentence.replace(/^./, (letter) => letter.toUpperCase()),
  };
}

const commandName = ({ command }: Report): string => (command === 'verify' ? 'The verification' : 'The migration');

function stepWords({ step, steps }: Report): string {
  if (step === null) return '';
  return `, in the step “${steps.findLast(({ name }) => name === step)?.title ?? step}”`;
}
