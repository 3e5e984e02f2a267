/** The picture of docs/performance.md: rates as bars, and the steps of a whole run as one bar. Readable on light and dark pages. */
import { median, type Results } from '../results.ts';
import { rate } from './goals.ts';

const width = 760;
const labelWidth = 250;
const barWidth = width - labelWidth - 110;
const rowHeight = 26;

/** Of equal weight on white and on near-black. */
const colours = ['#2f81f7', '#3fa45b', '#bf8700', '#a371f7', '#db6d28', '#d1457b', '#6e7781', '#1b9e9e'];

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .quiet { fill: #59636e; }
  .line { stroke: #d1d9e0; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .quiet { fill: #9198a1; }
    .line { stroke: #3d444d; }
  }`;

const text = (x: number, y: number, content: string, attributes = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
const box = (x: number, y: number, boxWidth: number, colour: string) =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${Math.max(1, boxWidth).toFixed(1)}" height="16" rx="2" fill="${colour}"/>`;

export function chart(results: Results): string {
  const parts = [rateBars(results), stepBar(results)].filter((part) => part.height > 0);
  let y = 10;
  const body = parts.map(({ draw, height }) => {
    const rendered = draw(y);
    y += height + 20;
    return rendered;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-label="Documents per second of each way, and the seconds of each step">`,
    `<style>${style}\n</style>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

interface Part {
  readonly height: number;
  draw(top: number): string;
}

/** (b) is not among them: beside it the others could not be distinguished. */
function rateBars({ accounts, mix, createMany, multiRow }: Results): Part {
  const rows = [
    ['\\copy, accounts', accounts?.copy, 6],
    ['our load, accounts', accounts?.load, 0],
    ['\\copy, mix', mix?.copy, 6],
    ['our load, mix', mix?.load, 0],
    ['our whole run with proof, mix', mix?.whole, 1],
    ['multi-row inserts, mix', multiRow, 4],
    ['createMany, mix', createMany, 5],
  ] as const;
  const shown = rows.flatMap(([name, found, colour]) => (found ? [{ name, value: rate(found), colour }] : []));
  const most = Math.max(...shown.map(({ value }) => value), 1);
  const draw = (top: number) =>
    [
      text(0, top + 14, 'Documents per second (longer is better)', 'class="title"'),
      `<line class="line" x1="${labelWidth}" x2="${labelWidth}" y1="${top + 26}" y2="${top + 28 + shown.length * rowHeight}"/>`,
      ...shown.flatMap(({ name, value, colour }, index) => {
        const y = top + 30 + index * rowHeight;
        const length = (value / most) * barWidth;
        return [
          text(labelWidth - 10, y + 13, name, 'text-anchor="end"'),
          box(labelWidth, y, length, colours[colour] ?? ''),
          text(labelWidth + length + 8, y + 13, Math.round(value).toLocaleString('en'), 'class="quiet"'),
        ];
      }),
    ].join('\n');
  return { height: shown.length === 0 ? 0 : 34 + shown.length * rowHeight, draw };
}

function stepBar({ mix }: Results): Part {
  if (mix === null) return { height: 0, draw: () => '' };
  const steps = Object.entries(mix.steps)
    .map(([name, rounds]) => [name, median(rounds)] as const)
    .filter(([, seconds]) => seconds >= 0.005);
  const all = steps.reduce((sum, [, seconds]) => sum + seconds, 0);
  const columns = 4;
  const draw = (top: number) => {
    let x = 0;
    const bars = steps.map(([, seconds], index) => {
      const length = (seconds / all) * width;
      const rendered = box(x, top + 28, Math.max(1, length - 1), colours[index % colours.length] ?? '');
      x += length;
      return rendered;
    });
    const legend = steps.flatMap(([name, seconds], index) => {
      const left = (index % columns) * (width / columns);
      const y = top + 56 + Math.floor(index / columns) * 24;
      return [
        box(left, y, 16, colours[index % colours.length] ?? ''),
        text(left + 24, y + 13, `${name} ${seconds.toFixed(1)} s`),
      ];
    });
    return [text(0, top + 14, `The steps of a whole run, ${mix.data}`, 'class="title"'), ...bars, ...legend].join('\n');
  };
  return { height: 60 + Math.ceil(steps.length / columns) * 24, draw };
}
