/** report.html: one page that a person opens from disk. The verdict first, then what needs a person, then the numbers. No script, no request. */
import { charts } from './charts.ts';
import { findingCards } from './finding-cards.ts';
import { bytes, count, duration, moment, printable } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Report } from './model.ts';
import { style } from './style.ts';
import { checksTable, collectionsTable, notesTable, stepsTable, valuesTable } from './tables.ts';
import { upgradeSection } from './upgrade.ts';
import { totalsOf, verdictOf } from './verdict.ts';

export function reportPage(report: Report): string {
  const { headline } = verdictOf(report);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>${headline} · NextCRM: MongoDB to PostgreSQL</title>
${style}
</head>
<body>
<main>
${verdict(report)}
${tiles(report)}
${findingCards(report)}
${about(report)}
${checksTable(report)}
${charts(report)}
${collectionsTable(report)}
${valuesTable(report)}
${upgradeSection(report)}
${notesTable(report)}
${stepsTable(report)}
${footer(report)}
</main>
</body>
</html>
`.text;
}

function verdict(report: Report): Markup {
  const { tone, headline, sentence } = verdictOf(report);
  const { failure } = report;
  return html`<header class="verdict ${tone}"><h1>${headline}</h1><p>${sentence}</p></header>
${
  failure === null
    ? null
    : html`<section class="card"><div class="head"><span class="code">${failure.code}</span><h3>What to do</h3></div><pre>${failure.what}</pre><p>${failure.next}</p></section>`
}`;
}

function tiles(report: Report): Markup | null {
  const totals = totalsOf(report);
  if (totals.collections === 0) return null;
  const tile = (value: string, label: string) => html`<div class="tile"><b>${value}</b><span>${label}</span></div>`;
  const seconds = report.steps.reduce((sum, step) => sum + step.seconds, 0);
  return html`<div class="tiles">
${tile(count(totals.read), 'documents read')}
${tile(count(totals.loaded), 'loaded')}
${tile(count(totals.rejected), 'rejected')}
${tile(count(totals.links), 'links')}
${tile(count(totals.changed), 'values changed')}
${tile(count(totals.leftover), 'left over, kept')}
${tile(bytes(totals.bytes), 'of BSON')}
${seconds === 0 ? null : tile(duration(seconds), 'in all steps')}
</div>`;
}

function about(report: Report): Markup {
  const rows: (readonly [string, string])[] = [
    ['Report', report.id],
    ['State', `${report.state}${report.exitCode === null ? '' : `, exit code ${report.exitCode}`}`],
    ['Written', moment(report.writtenAt)],
    ['Started', moment(report.startedAt)],
    ...(report.finishedAt === null ? [] : [['Finished', moment(report.finishedAt)] as const]),
    ['From', report.source || 'not seen yet'],
    ['To', report.target || 'not seen yet'],
    ...(report.runId === null ? [] : [['Migration', report.runId] as const]),
    ...Object.entries(report.versions),
  ];
  return html`<h2>About this run</h2>
<div class="card"><dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${printable(value)}</dd>`)}</dl></div>`;
}

function footer({ id, writtenAt }: Report): Markup {
  return html`<footer>Report ${id}, written ${moment(writtenAt)}. It holds names, ids and counts, and no value of a document.
Every code is explained in docs/errors.md. Beside this page: report.json for programs, rejects.jsonl with every rejected document (a line each), migration.log.</footer>`;
}
