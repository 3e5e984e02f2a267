/** Documents a second over the time of the run, as a drawing inside the page. */
import { count, duration } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Report, Throughput } from './model.ts';

/** In units of the drawing, which is stretched to its place. */
const width = 600;
const height = 120;
/** Fewer make no curve. */
const samplesMin = 3;
/** Narrower columns show how batches fall rather than how fast it goes. */
const columnsMax = 40;
/** The load in one colour, the proof in the other; what is retried belongs to the load. */
const secondStep = 'validate';

interface Column {
  readonly from: number;
  readonly to: number;
  /** Documents a second. */
  readonly rate: number;
}

export function throughputChart({ throughput, steps }: Report): Markup | null {
  const series = throughput
    .filter(({ samples }) => samples.length >= samplesMin)
    .map(({ step, samples }) => ({ step, columns: columnsOf(samples), ...overall(samples) }));
  const columns = series.flatMap((one) => one.columns);
  const most = niceCeiling(Math.max(0, ...columns.map(({ rate }) => rate)));
  const end = Math.max(0, ...columns.map(({ to }) => to));
  if (most === 0 || end === 0) return null;
  const x = (seconds: number) => ((seconds / end) * width).toFixed(1);
  const y = (rate: number) => (height - (rate / most) * height).toFixed(1);
  const rendered = series.map(({ step, columns: of }) => {
    const [first, last] = [of[0], of.at(-1)];
    if (first === undefined || last === undefined) return null;
    const top = of.map(({ from, to, rate }) => `L${x(from)} ${y(rate)}L${x(to)} ${y(rate)}`).join('');
    return html`<path class="${kindOf(step)}" d="M${x(first.from)} ${height}${top}L${x(last.to)} ${height}Z"/>`;
  });
  const title = (step: string) => steps.find(({ name }) => name === step)?.title ?? step;
  const legend = series.map(
    ({ step, documents, seconds }) =>
      html`<span class="key ${kindOf(step)}">${title(step)}: ${count(documents)} documents in ${duration(seconds)}, ${count(documents / Math.max(seconds, 0.001))} a second</span>`,
  );
  return html`<div class="card"><h3>Documents a second, over the time of the run</h3>
<div class="legend">${legend}</div>
<div class="plot"><span class="most">${count(most)}/s</span><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="Documents a second over time"><path class="grid" d="M0 ${height / 2}H${width}M0 0.5H${width}"/>${rendered}<path class="axis" d="M0 ${height}H${width}"/></svg></div>
<div class="ticks"><span>0 s</span><span>${duration(end / 2)}</span><span>${duration(end)}</span></div></div>`;
}

const kindOf = (step: string): 'first' | 'second' => (step === secondStep ? 'second' : 'first');

function overall(samples: Throughput['samples']): { readonly documents: number; readonly seconds: number } {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return { documents: 0, seconds: 0 };
  return { documents: last.documents - first.documents, seconds: last.seconds - first.seconds };
}

/** Neighbouring samples put together until the columns are wide enough. */
function columnsOf(samples: Throughput['samples']): readonly Column[] {
  const span = (samples.at(-1)?.seconds ?? 0) - (samples[0]?.seconds ?? 0);
  const columns: Column[] = [];
  let from = samples[0];
  for (const to of samples.slice(1)) {
    if (from === undefined || to.seconds <= from.seconds || to.seconds - from.seconds < span / columnsMax) continue;
    columns.push({
      from: from.seconds,
      to: to.seconds,
      rate: Math.max(0, to.documents - from.documents) / (to.seconds - from.seconds),
    });
    from = to;
  }
  return columns;
}

/** The next of 1, 2, 2.5 and 5 times a power of ten, so that the line above is a number that one reads. */
function niceCeiling(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5].find((step) => step * power >= value) ?? 10) * power;
}
