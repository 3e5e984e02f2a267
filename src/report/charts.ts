/** Charts of a run: documents and seconds per collection, rendered by the page's style alone, and documents a second over time. */
import { count, counted, duration, shortened } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Report } from './model.ts';
import { throughputChart } from './throughput.ts';

const barsMax = 12;

export function charts(report: Report): Markup | null {
  const entries = Object.entries(report.collections).filter(([, { read }]) => read > 0);
  const documents = entries.map(([name, { read }]) => [name, read] as const);
  const seconds = entries.map(([name, balance]) => [name, balance.seconds] as const);
  const perCollection =
    entries.length < 2
      ? null
      : html`<div class="charts">
<div class="card"><h3>Documents per collection</h3>${bars(documents, count)}</div>
<div class="card second"><h3>Time of the load per collection</h3>${bars(seconds, duration)}</div>
</div>`;
  const overTime = throughputChart(report);
  if (perCollection === null && overTime === null) return null;
  return html`<h2>Where the documents and the time went</h2>
${overTime}${perCollection}`;
}

function bars(values: readonly (readonly [string, number])[], shown: (value: number) => string): Markup {
  const sorted = values.toSorted(([, a], [, b]) => b - a);
  const first = sorted.slice(0, barsMax);
  const rest = sorted.slice(barsMax);
  const other = rest.reduce((sum, [, value]) => sum + value, 0);
  const all = rest.length === 0 ? first : [...first, [counted(rest.length, 'other'), other] as const];
  const most = Math.max(...all.map(([, value]) => value));
  return html`<div class="chart">${all.map(
    ([name, value]) =>
      html`<span class="name">${shortened(name, 60)}</span>${bar(most === 0 ? 0 : value / most)}<span class="n">${shown(value)}</span>`,
  )}</div>`;
}

/** `share` from 0 to 1. */
export function bar(share: number): Markup {
  return html`<span class="track"><span class="bar" style="width:${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%"></span></span>`;
}
