/** What scripts/bench makes of its results: goals judged at their limits, and a page whose hand-written parts stay. */
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { between } from '../../../scripts/benchmark/report/files.ts';
import { goalsOf } from '../../../scripts/benchmark/report/goals.ts';
import { measuredSection } from '../../../scripts/benchmark/report/measured.ts';
import { type Measured, measured, type Pair, type Results } from '../../../scripts/benchmark/results.ts';
import { suite } from '../../support/suite.ts';

const test = suite('benchmark report');

const usage = { cpuSeconds: 1, rssBytesMax: 150e6, childrenRssBytesMax: 0, serverCpuSeconds: 2, serverBytesMax: 300e6 };

const took = (seconds: number, documents = 1_000_000): Measured =>
  measured([{ seconds, usage }], { documents, bytes: documents * 400 });

const pair: Pair = {
  data: '1,000,000 documents of all collections',
  copy: took(8.5),
  copyOfCollections: took(8),
  restore: took(11.5),
  analyze: took(1),
  load: took(10),
  whole: took(60),
  steps: { schema: [2], load: [10], resolve: [2], link: [1], index: [14], validate: [50.1] },
};

const results: Results = {
  measuredAt: '2025-06-30T12:00:00.000Z',
  revision: 'abcdef012345',
  machine: { cpu: 'a CPU', cores: 2, memoryBytes: 2 ** 34, system: 'Linux' },
  versions: { 'Node.js': 'v24.0.0' },
  server: 'fsync off',
  rounds: 1,
  accounts: { ...pair, copy: took(9.49) },
  mix: pair,
  scan: took(0.5),
  createMany: took(25, 100_000),
  multiRow: took(8, 100_000),
  mongodump: 'no MongoDB was given',
  otherSizes: [
    { ...pair, whole: took(3.5, 10_000), load: took(0.5, 10_000) },
    { ...pair, copy: took(0.5, 100_000), restore: took(1.5, 100_000), load: took(0.9, 100_000), whole: took(7, 100_000) },
    { ...pair, whole: took(660, 10_000_000), copy: took(100, 10_000_000), restore: took(100, 10_000_000) },
  ],
  fromServer: [took(8, 100_000)],
  startUp: { fresh: 4, resume: 1.51, noop: 0.6 },
};

test('a goal is met at its limit and missed beyond', () => {
  const verdicts = goalsOf(results).map(({ what, figure, met }) => [what.slice(0, 20), figure, met]);
  assert.equal(verdicts, [
    ['(d) whole run of 10,', '3.50 s', true],
    ['(d) whole run of 100', '1.00', true],
    ['(d) whole run of 1,0', '1.40', false],
    ['times the floor, 10,', '1.10', true],
    ['(c) load of accounts', '0.95', false],
    ['(c) load of the whol', '0.85', true],
    ['load, links, keys an', '1.25', true],
    ['(d) whole run: times', '6.00', true],
    ['(c) load: times as f', '25.0', true],
    ['peak memory (RSS) of', '150 MB', true],
    ['load, time for a doc', '1.11', false],
    ['from the start to th', '4.00 s', true],
    ['from the start to th', '1.51 s', false],
    ['the same command on ', '0.60 s', true],
  ]);
});

test('what was not measured is neither met nor missed', () => {
  const nothing = { ...results, accounts: null, mix: null, createMany: null, otherSizes: [], fromServer: [], startUp: null };
  assert.ok(goalsOf(nothing).every(({ met, figure }) => met === null && figure === null));
  assert.match(measuredSection(nothing), 'not measured');
});

test('the median of the rounds is reported, and the highest memory of them', () => {
  const rounds = [3, 1, 2].map((seconds) => ({ seconds, usage: { ...usage, rssBytesMax: seconds } }));
  const found = measured(rounds, { documents: 1, bytes: 1 });
  assert.is(found.seconds, 2);
  assert.equal(found.rounds, [3, 1, 2]);
  assert.is(found.rssBytesMax, 3);
});

test('a ratio is taken within each round: a machine that was slow in some of them is so for both', () => {
  const ran = (...seconds: number[]) =>
    measured(
      seconds.map((each) => ({ seconds: each, usage })),
      { documents: 1, bytes: 1 },
    );
  // The medians of each alone would say 2 / 2.4.
  const accounts = { ...pair, copy: ran(1, 2.1, 2), load: ran(2, 2.8, 2.4) };
  assert.is(goalsOf({ ...results, accounts }).find(({ what }) => what.startsWith('(c) load of accounts'))?.figure, '0.75');
});

test('the measured parts of the page are replaced, and what is written around them stays', () => {
  const page = readFileSync(new URL('../../../docs/performance.md', import.meta.url), 'utf8');
  for (const part of ['measured', 'queries'] as const) {
    const once = between(page, part, 'FIGURES');
    assert.is(once.split('FIGURES').length, 2);
    assert.is(between(once, part, 'FIGURES'), once);
    const [begin] = page.split(`<!-- ${part}: begin -->`);
    const [, end] = page.split(`<!-- ${part}: end -->`);
    assert.ok(once.startsWith(begin ?? '?') && once.endsWith(end ?? '?'));
  }
});

test('a page without its marks is refused', () => {
  assert.throws(() => between('# Performance', 'measured', 'FIGURES'), /has lost the marks/);
});

test.run();
