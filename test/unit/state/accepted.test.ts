/** What was accepted stays accepted, and nothing else with it. */
import * as assert from 'uvu/assert';
import { type FoundBefore, verdictOver } from '../../../src/state/accepted.ts';
import { suite } from '../../support/suite.ts';

const test = suite('accepted findings');

const finding = (more: Partial<FoundBefore> = {}): FoundBefore => ({
  code: 'ROW_MISSING',
  layer: 'records',
  collection: 'Users',
  field: null,
  count: 2,
  sourceIds: ['a', 'b'],
  ...more,
});

test('without a finding there is nothing to accept', () => {
  assert.equal(verdictOver([], [finding()]), { verdict: 'success', exitCode: 0 });
});

test('the same, or less of it, is accepted', () => {
  for (const less of [finding(), finding({ count: 1, sourceIds: ['b'] })])
    assert.equal(verdictOver([less], [finding()]), { verdict: 'accepted', exitCode: 0 });
});

test('more of it, another kind, place or document is not', () => {
  const others: readonly Partial<FoundBefore>[] = [
    { count: 3 },
    { code: 'ROW_EXTRA' },
    { layer: 'counts' },
    { collection: 'Boards' },
    { field: 'name' },
    { count: 1, sourceIds: ['c'] },
  ];
  for (const other of others) {
    assert.equal(verdictOver([finding(other)], [finding()]), { verdict: 'findings', exitCode: 1 }, JSON.stringify(other));
    assert.is(verdictOver([finding(), finding(other)], [finding()]).exitCode, 1, JSON.stringify(other));
  }
  assert.is(verdictOver([finding()], []).exitCode, 1);
});

test('of many documents the number tells', () => {
  const ids = (first: number) => Array.from({ length: 20 }, (_, n) => `${first + n}`);
  const accepted = finding({ count: 30, sourceIds: ids(0) });
  assert.is(verdictOver([finding({ count: 30, sourceIds: ids(5) })], [accepted]).exitCode, 0);
  assert.is(verdictOver([finding({ count: 31, sourceIds: ids(0) })], [accepted]).exitCode, 1);
});

test('a finding in two parts is compared as one', () => {
  const parts = [finding({ count: 1, sourceIds: ['a'] }), finding({ count: 1, sourceIds: ['b'] })];
  assert.is(verdictOver(parts, [finding()]).exitCode, 0);
  assert.is(verdictOver([finding()], parts).exitCode, 0);
  assert.is(verdictOver([...parts, finding({ count: 1, sourceIds: ['a'] })], [finding()]).exitCode, 1);
});

test.run();
