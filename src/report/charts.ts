/** Bars of documents and seconds per collection, drawn by the page's style alone. */
import { count, counted, duration, shortened } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Report } from './model.ts';

const barsMax = 12;

export function charts({ collections }: Report): Markup | null {
  const entries = Object.entries(collections).filter(([, { read }]) => read > 0);
  if (entries.length < 2) return null;
  const documents = entries.map(([name, { read }]) => [name, read] as const);
  const seconds = entries.map(([name, balance]) => [name, balance.seconds] as const);
  return html`<h2>Where the documents and the time went</h2>
<div class="charts">
<div class="card"><h3>Documents</h3>${bars(documents, count)}</div>
<div class="card second"><h3>Seconds of the load</h3>${bars(seconds, duration)}</div>
</div>`;
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
      html`<span class="name">${shortened(name, 60)}</span><span class="track"><span class="bar" style="width:${
        most === 0 ? 0 : ((value / most) * 100).toFixed(2)
      }%"></span></span><span class="n">${shown(value)}</span>`,
  )}</div>`;
}
