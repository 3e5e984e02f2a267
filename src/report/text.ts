/** report.txt: the report on one screen, as the terminal shows it last. */
import { isRejectCode } from '../findings/codes.ts';
import { type FindingsOfCode, groupsOf } from './finding-groups.ts';
import { count, counted, duration, moment, shortened, wrapped } from './format.ts';
import type { Report } from './model.ts';
import { nextCrmLines } from './nextcrm.ts';
import { progressWords } from './step-list.ts';
import { totalsOf, verdictOf } from './verdict.ts';

export const textLinesMax = 30;
const width = 98;
/** With three lines each, beside all the rest. */
const codesShownMax = 4;
const placesShownMax = 3;

export function reportText(report: Report): string {
  const { headline, sentence } = verdictOf(report);
  const { failure, progress } = report;
  const lines = [
    headline,
    ...cut(wrapped(sentence, width), 4),
    ...(failure === null ? [] : cut(wrapped(`What to do: ${failure.next}`, width), 5)),
    '',
    `  report   ${report.id}, ${moment(report.writtenAt)}${report.exitCode === null ? '' : `, exit code ${report.exitCode}`}`,
    `  source   ${shortened(report.source || 'not known yet', width - 11)}`,
    `  target   ${shortened(report.target || 'not known yet', width - 11)}`,
    ...(progress === null ? [] : [`  step     ${progressWords(progress)}`]),
    ...numbers(report),
    ...checks(report),
    ...findings(report),
    ...notes(report),
    ...closing(report),
  ];
  return `${lines.join('\n')}\n`;
}

/** At most so many lines; that something is left out is to be seen. */
function cut(lines: readonly string[], linesMax: number): string[] {
  const kept = lines.slice(0, linesMax);
  return lines.length <= linesMax ? kept : [...kept.slice(0, -1), `${(kept.at(-1) ?? '').slice(0, width - 2)} …`];
}

function numbers(report: Report): string[] {
  const { read, loaded, rejected, changed, leftover, obsolete, links } = totalsOf(report);
  if (Object.keys(report.collections).length === 0) return [];
  const seconds = report.steps.reduce((sum, step) => sum + step.seconds, 0);
  return [
    `  counts   ${counted(read, 'document')} read, ${count(loaded)} loaded, ${count(rejected)} rejected; ${counted(links, 'link')}`,
    `           ${counted(changed, 'value')} changed, ${count(leftover)} unmapped (preserved${obsolete === 0 ? '' : `; ${count(obsolete)} of them obsolete`})${seconds === 0 ? '' : `; ${duration(seconds)}`}`,
  ];
}

function checks({ layers }: Report): string[] {
  const entries = Object.entries(layers);
  if (entries.every(([, { status }]) => status === 'not run')) return [];
  const words = entries.map(
    ([name, { status, compared }]) => `${name} ${status === 'failed' ? 'FAILED' : status} (${count(compared)})`,
  );
  return [`  checks   ${words.join(', ')}`];
}

function findings(report: Report): string[] {
  const codes = groupsOf(report.findings).flatMap((group) => group.codes);
  if (codes.length === 0) return [];
  const more = codes.length - codesShownMax;
  return [
    '',
    report.verdict === 'accepted' ? 'Accepted:' : 'Action required:',
    ...codes.slice(0, codesShownMax).flatMap((of) => codeLines(of, report)),
    ...(more <= 0 ? [] : [`  and ${counted(more, 'more kind')} of finding: see report.html`]),
  ];
}

function codeLines({ code, what, next, findings: found }: FindingsOfCode, { collections }: Report): string[] {
  const places = found.slice(0, placesShownMax).map(({ collection, field, layer, count: n }) => {
    const place = shortened([collection, field].filter((part) => part !== null).join('.'), 40);
    const read = collections[collection ?? '']?.read ?? 0;
    return `${place}${place === '' ? '' : ' '}(${count(n)}${isRejectCode(code) && layer === 'load' && n <= read ? ` of ${count(read)}` : ''})`;
  });
  const more = found.length - places.length;
  const where = `${places.join(', ')}${more === 0 ? '' : ` and ${counted(more, 'more place')}`}`;
  return [
    `  ${code}  ${shortened(where, width - 4 - code.length)}`,
    ...cut(wrapped(what, width - 6), 1).map((line) => `      ${line}`),
    ...cut(wrapped(`Next: ${next}`, width - 6), 1).map((line) => `      ${line}`),
  ];
}

function notes({ notes: all }: Report): string[] {
  if (all.length === 0) return [];
  const byCode = Map.groupBy(all, ({ code }) => code);
  const words = [...byCode].map(([code, { length }]) => `${code} (${count(length)})`).join(', ');
  return ['', `Notes: ${shortened(words, width - 24)}: see report.html`];
}

function closing({ id, verdict, state, nextcrm }: Report): string[] {
  if (state !== 'finished') return ['', 'Files on the volume: report.html (open it in a browser), report.json, migration.log'];
  return [
    '',
    'Files on the volume: report.html (open it in a browser), report.json, rejects.jsonl, migration.log',
    ...nextCrmLines({ id, verdict, nextcrm }),
    ...(verdict === 'findings' ? [`To accept these findings, run the same command with: accept ${id}`] : []),
  ];
}
