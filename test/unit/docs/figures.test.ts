/** The durations and the memory that the documents promise are those of docs/performance.json. */
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { read } from './documents.ts';

const test = suite('figures in the documents');

interface Measured {
  readonly documents: number;
  readonly seconds: number;
  readonly childrenRssBytesMax: number;
}

const { measured } = JSON.parse(readFileSync('docs/performance.json', 'utf8')) as {
  readonly measured: { readonly mix: { readonly whole: Measured }; readonly otherSizes: readonly { readonly whole: Measured }[] };
};
const runs = [measured.mix, ...measured.otherSizes].map(({ whole }) => whole);
/** A figure is for planning: what differs by less was not worth a new text. */
const tolerance = 0.15;

for (const [document, stated] of [
  ['README.md', 2],
  ['docs/is-it-for-me.md', 3],
  ['docs/operator.md', 3],
] as const) {
  test(`${document}: a whole run takes as long as it says`, () => {
    const figures = [...read(document).matchAll(/(?<!\d)(\d+) s for ([\d,]+)/g)].map(([, seconds, documents = '']) => ({
      seconds: Number(seconds),
      documents: Number(documents.replaceAll(',', '')),
    }));
    assert.is(figures.length, stated);
    for (const { seconds, documents } of figures) {
      const run = runs.find((one) => one.documents === documents);
      assert.ok(run !== undefined, `${documents} documents were not measured`);
      assert.ok(Math.abs(seconds - run.seconds) <= run.seconds * tolerance, `${seconds} s, but ${run.seconds} were measured`);
    }
  });
}

test('the memory is the one of the largest run', () => {
  const most = measured.mix.whole.childrenRssBytesMax / 1e6;
  for (const document of ['README.md', 'docs/is-it-for-me.md']) {
    const [, megabytes] = /(\d{3}) MB (?:of memory at most|were used)/.exec(read(document)) ?? [];
    assert.ok(Math.abs(Number(megabytes) - most) <= most * tolerance, `${document}: ${megabytes} MB, but ${most} were measured`);
  }
});

test.run();
