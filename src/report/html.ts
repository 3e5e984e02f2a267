/** report.html: one page that a person opens from disk. First the verdict, what to do and where everything is; then required actions; then the numbers. No script, no request. */
import { charts } from './charts.ts';
import { findingTables } from './finding-tables.ts';
import { firstScreen } from './first-screen.ts';
import { bytes, count, duration, moment, printable } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Report } from './model.ts';
import { nextCrmSections } from './nextcrm.ts';
import { stepList } from './step-list.ts';
import { style } from './style.ts';
import { checksTable, collectionsTable, danglingTable, notesTable, valuesTable } from './tables.ts';
import { totalsOf, verdictOf } from './verdict.ts';

/** The page of a running migration reloads itself: often enough to watch it, seldom enough to read it. */
const reloadSeconds = 10;

export function reportPage(report: Report): string {
  const { headline } = verdictOf(report);
  const finished = report.state === 'finished';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
${report.state === 'running' ? html`<meta http-equiv="refresh" content="${reloadSeconds}">` : null}
<title>${headline} · NextCRM: MongoDB to PostgreSQL</title>
${style}
</head>
<body>
<main id="top">
${verdict(report)}
${failure(report)}
${firstScreen(report)}
${findingTables(report)}
${nextCrmSections(report)}
${finished ? null : stepList(report)}
${tiles(report)}
${finished ? checksTable(report) : null}
${charts(report)}
${finished ? stepList(report) : null}
${collectionsTable(report)}
${danglingTable(report)}
${valuesTable(report)}
${notesTable(report)}
${about(report)}
${footer(report)}
</main>
</body>
</html>
`.text;
}

function verdict(report: Report): Markup {
  const { tone, headline, sentence } = verdictOf(report);
  return html`<header class="verdict ${tone}"><span class="sign" aria-hidden="true">${signs[tone]}</span><div><h1>${headline}</h1><p>${sentence}</p>
<p class="written">${report.state === 'running' ? 'Written' : 'Updated'} ${moment(report.writtenAt)} · report ${report.id}${report.exitCode === null ? '' : ` · exit code ${report.exitCode}`}</p></div></header>`;
}

const signs = { good: '✓', attention: '!', bad: '✕', open: '▶' } as const;

function failure({ failure: why }: Report): Markup | null {
  if (why === null) return null;
  // The first line is the verdict's sentence.
  const more = why.what.split('\n').slice(1).join('\n').trim();
  return html`<section class="card finding"><div class="head"><span class="code">${why.code}</span></div>
${more === '' ? null : html`<pre tabindex="0" aria-label="Details">${more}</pre>`}<p class="next"><b>What to do:</b> ${why.next}</p></section>`;
}

function tiles(report: Report): Markup | null {
  const totals = totalsOf(report);
  if (totals.collections === 0) return null;
  const tile = (value: string, label: string) => html`<div class="tile"><b>${value}</b><span>${label}</span></div>`;
  const seconds = report.steps.reduce((sum, step) => sum + step.seconds, 0);
  // The ledger is counted at the end.
  const counted = report.state === 'finished';
  return html`<div class="tiles">
${tile(count(totals.read), 'documents read')}
${tile(count(totals.loaded), 'loaded')}
${counted ? tile(count(totals.rejected), 'rejected') : null}
${counted ? tile(count(totals.links), 'links') : null}
${counted ? tile(count(totals.changed), 'values changed') : null}
${counted ? tile(count(totals.leftover - totals.obsolete), 'unmapped, preserved') : null}
${tile(bytes(totals.bytes), 'of BSON')}
${seconds === 0 ? null : tile(duration(seconds), 'total time')}
</div>`;
}

function about(report: Report): Markup {
  const rows: (readonly [string, string])[] = [
    ['Report', report.id],
    ['Command', report.command],
    ['State', `${report.state}${report.exitCode === null ? '' : `, exit code ${report.exitCode}`}`],
    ['Started', moment(report.startedAt)],
    ...(report.finishedAt === null ? [] : [['Finished', moment(report.finishedAt)] as const]),
    ['From', report.source || 'not known yet'],
    ['To', report.target || 'not known yet'],
    ['Written', moment(report.writtenAt)],
    ...(report.runId === null ? [] : [['Migration', report.runId] as const]),
    ...Object.entries(report.versions),
  ];
  return html`<h2>About this run</h2>
<div class="card"><dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${printable(value)}</dd>`)}</dl></div>`;
}

function footer({ id, writtenAt }: Report): Markup {
  return html`<footer>Report ${id}, written ${moment(writtenAt)}. It contains names, ids and counts, and no value of a document.
Every code is explained in docs/errors.md. In the same folder: report.json for programs, rejects.jsonl with every rejected document (a line each), migration.log.</footer>`;
}
