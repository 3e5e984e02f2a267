import * as assert from 'uvu/assert';
import type { Progress } from '../../../src/progress/progress.ts';
import { Meter } from '../../../src/reporting/meter.ts';
import { StepLog } from '../../../src/reporting/step-log.ts';
import { suite } from '../../support/suite.ts';

const test = suite('steps/meter');

const reported: unknown[][] = [];
const inner: Progress = {
  expect: (weights) => void reported.push(['expect', weights]),
  begin: (...words) => void reported.push(['begin', ...words]),
  advance: (...words) => void reported.push(['advance', ...words]),
  end: (name) => void reported.push(['end', name]),
  note: (line) => void reported.push(['note', line]),
};

function metered(unit = 'documents') {
  let now = 0;
  const meter = new Meter(inner, { unit }, () => now);
  const at = (seconds: number, work: () => void) => {
    now = seconds;
    work();
  };
  return { meter, at };
}

test('what it receives it passes on', () => {
  reported.length = 0;
  const { meter } = metered();
  meter.expect({ a: 1 });
  meter.begin('a', 10, 0);
  meter.advance('a', 5, 0.4);
  meter.end('a');
  meter.note('n');
  assert.equal(reported, [
    ['expect', { a: 1 }],
    ['begin', 'a', 10, 0],
    ['advance', 'a', 5, 0.4],
    ['end', 'a'],
    ['note', 'n'],
  ]);
});

test('it knows where the step is', () => {
  const { meter } = metered();
  assert.is(meter.at, null);
  meter.begin('a', 10, 0);
  meter.advance('a', 5);
  assert.equal(meter.at, { name: 'a', unit: 'documents', done: 5, total: 10, fraction: 0.5 });
  meter.begin('b', null, 7);
  meter.advance('b', 9, 0.25);
  assert.equal(meter.at, { name: 'b', unit: 'documents', done: 9, total: null, fraction: 0.25 });
});

test('documents are counted over all collections, without those of an earlier run, up to the last one', () => {
  const { meter, at } = metered();
  at(1, () => meter.begin('a', 10, 4));
  at(2, () => meter.advance('a', 10));
  at(3, () => meter.begin('b', null, 0));
  at(3.05, () => meter.advance('b', 5));
  at(3.1, () => meter.advance('b', 6));
  at(3.12, () => meter.advance('b', 8));
  at(60, () => meter.end('b'));
  assert.equal(meter.samples, [
    { seconds: 0, documents: 0 },
    { seconds: 2, documents: 6 },
    { seconds: 3.05, documents: 11 },
    { seconds: 3.12, documents: 14 },
  ]);
});

test('a step that counts something else has no documents', () => {
  const { meter, at } = metered('keys');
  meter.begin('a', 10, 0);
  at(5, () => meter.advance('a', 10));
  assert.equal(meter.samples, []);
});

test('however long it takes, the samples are few, over the whole time', () => {
  const { meter, at } = metered();
  meter.begin('a', null, 0);
  for (let n = 1; n <= 100_000; n += 1) at(n, () => meter.advance('a', n * 10));
  const { samples } = meter;
  assert.ok(samples.length >= 30 && samples.length <= 66, `${samples.length}`);
  assert.equal(
    [samples[0], samples.at(-1)],
    [
      { seconds: 0, documents: 0 },
      { seconds: 100_000, documents: 1_000_000 },
    ],
  );
  for (const [index, { seconds, documents }] of samples.entries()) {
    const before = samples[index - 1];
    assert.ok(before === undefined || (seconds > before.seconds && documents >= before.documents));
  }
});

test('a step that was stopped and begun again after a lost connection is reported twice', () => {
  const log = new StepLog();
  const load = { name: 'load', title: 'Load', unit: 'documents' } as const;
  const link = { name: 'link', title: 'Link' } as const;
  log.plan([load, link]);
  log.begin(load, inner).begin('a', 10, 0);
  assert.equal(
    log.reported().steps.map(({ state }) => state),
    ['under way', 'to come'],
  );
  log.end('stopped');
  assert.is(log.reported().progress?.name, 'a', 'where it stopped');
  log.plan([load, link]);
  log.begin(load, inner).begin('a', 10, 5);
  log.end('done');
  assert.equal(
    log.reported().steps.map(({ name, state }) => `${name} ${state}`),
    ['load stopped', 'load done', 'link to come'],
  );
  assert.is(log.reported().progress, null);
});

test.run();
