/** The durations and the memory that the documents promise are those of docs/performance.json. */
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { read } from './documents.ts';

const test = suite('figures in the documents');

interface Measured {
  readonly documents: number;
  readonly seconds: number;
  /** Of the program alone; of its children together. */
  readonly rssBytesMax: number;
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

const near = (stated: number, figure: number, where: string) =>
  assert.ok(Math.abs(stated - figure) <= figure * tolerance, `${where}: ${stated} MB, but ${figure} were measured`);

test('the memory is the one of the largest run, of the program and of its children', () => {
  const { rssBytesMax, childrenRssBytesMax } = measured.mix.whole;
  for (const document of ['README.md', 'docs/is-it-for-me.md']) {
    const [, own, children] =
      /(\d{3}) MB (?:of memory )?for the program and (\d{3}) MB for its children/.exec(read(document)) ?? [];
    near(Number(own), rssBytesMax / 1e6, `${document}, program`);
    near(Number(children), childrenRssBytesMax / 1e6, `${document}, children`);
  }
});

test('the limit of the container is that of its compose files, and holds both together', () => {
  const limit = 512 * 2 ** 20;
  for (const file of ['docker-compose.migrate.yml', 'deploy/compose/nextcrm.yml'])
    assert.match(read(file), /mem_limit: 512m$/m, file);
  for (const document of ['README.md', 'docs/is-it-for-me.md', 'docs/operator.md'])
    assert.match(read(document), /512 MB/, document);
  for (const { rssBytesMax, childrenRssBytesMax } of runs) assert.ok(rssBytesMax + childrenRssBytesMax <= limit);
});

test('the memory in the container is the one of the table in the guide', () => {
  const [, inContainer] = /(\d{3}) MiB in the container/.exec(read('docs/is-it-for-me.md')) ?? [];
  assert.match(read('docs/operator.md'), `| ${inContainer} MiB at most | 1,000,000 documents`);
});

test.run();
