/** report.txt: the report on one screen, as the terminal shows it last. */
import { count, counted, duration, moment, shortened, wrapped } from './format.ts';
import type { Finding, Report } from './model.ts';
import { upgradeLines } from './upgrade.ts';
import { totalsOf, verdictOf } from './verdict.ts';

export const textLinesMax = 30;
const width = 98;
const findingsShownMax = 4;

export function reportText(report: Report): string {
  const { headline, sentence } = verdictOf(report);
  const lines = [
    headline,
    ...wrapped(sentence, width),
    ...(report.failure === null ? [] : wrapped(`What to do: ${report.failure.next}`, width).slice(0, 4)),
    '',
    `  report   ${report.id}, ${moment(report.writtenAt)}${report.exitCode === null ? '' : `, exit code ${report.exitCode}`}`,
    `  from     ${shortened(report.source || 'not seen yet', width - 11)}`,
    `  to       ${shortened(report.target || 'not seen yet', width - 11)}`,
    ...numbers(report),
    ...checks(report),
    ...findings(report),
    ...notes(report),
    ...closing(report),
  ];
  return `${lines.slice(0, textLinesMax).join('\n')}\n`;
}

function numbers(report: Report): string[] {
  const { read, loaded, rejected, changed, leftover, links } = totalsOf(report);
  if (Object.keys(report.collections).length === 0) return [];
  const seconds = report.steps.reduce((sum, step) => sum + step.seconds, 0);
  return [
    `  count    ${counted(read, 'document')} read, ${count(loaded)} loaded, ${count(rejected)} rejected; ${counted(links, 'link')}`,
    `           ${counted(changed, 'value')} changed, ${count(leftover)} left over (all kept)${seconds === 0 ? '' : `; ${duration(seconds)}`}`,
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

function findings({ findings: all, collections, verdict }: Report): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, findingsShownMax);
  const more = all.length - shown.length;
  return [
    '',
    verdict === 'accepted' ? 'Accepted as it is:' : 'Needs a person:',
    ...shown.flatMap((finding) => findingLines(finding, collections[finding.collection ?? '']?.read ?? 0)),
    ...(more === 0 ? [] : [`  and ${counted(more, 'more finding')} in report.html`]),
  ];
}

function findingLines({ code, layer, collection, field, count: found, what }: Finding, read: number): string[] {
  const place = shortened([collection, field].filter((part) => part !== null).join('.'), 50);
  const of = layer === 'load' && found <= read ? ` of ${count(read)}` : '';
  const [first = '', ...rest] = wrapped(what, width - 6);
  return [
    `  ${code}${place === '' ? '' : `  ${place}`}  (${count(found)}${of})`,
    `      ${first}${rest.length === 0 ? '' : ' …'}`,
  ];
}

function notes({ notes: all }: Report): string[] {
  if (all.length === 0) return [];
  const byCode = Map.groupBy(all, ({ code }) => code);
  return ['', `Also noted: ${[...byCode].map(([code, { length }]) => `${code} (${count(length)})`).join(', ')}: see report.html`];
}

function closing({ id, verdict, state, upgrade }: Report): string[] {
  if (state !== 'finished') return ['', 'Files on the volume: report.html (open it in a browser), report.json, migration.log'];
  return [
    '',
    'Files on the volume: report.html (open it in a browser), report.json, rejects.jsonl, migration.log',
    ...upgradeLines({ upgrade }, width),
    ...(verdict === 'findings' ? [`To take the findings as they are, run the same with: accept ${id}`] : []),
  ];
}
