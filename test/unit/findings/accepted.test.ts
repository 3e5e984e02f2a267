/** What was accepted stays accepted, and nothing else with it. */
import * as assert from 'uvu/assert';
import { type FoundBefore, verdictOver } from '../../../src/findings/accepted.ts';
import { idsHash } from '../../../src/findings/ids-hash.ts';
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

const ids = (first: number, many: number) => Array.from({ length: many }, (_, n) => `${first + n}`);
/** As a report tells of them: the first 20, and the hash of all. */
const many = (all: readonly string[], count = all.length) =>
  finding({ count, sourceIds: all.slice(0, 20), idsHash: idsHash(all) });
const exitCode = (found: FoundBefore, ...accepted: FoundBefore[]) => verdictOver([found], accepted).exitCode;

test('of more documents than a finding names, the same ones are accepted, in any order', () => {
  assert.is(exitCode(many(ids(0, 30)), many(ids(0, 30))), 0);
  assert.is(exitCode(many(ids(0, 30).reverse()), many(ids(0, 30))), 0);
});

test('of more documents than a finding names, as many others are not accepted', () => {
  assert.is(exitCode(many(ids(5, 30)), many(ids(0, 30))), 1);
  assert.is(exitCode(many([...ids(0, 29), 'another']), many(ids(0, 30))), 1);
  assert.is(exitCode(many([...ids(0, 19), 'another']), many(ids(0, 20))), 1);
  assert.is(exitCode(many([...ids(0, 20), ...ids(0, 10)]), many(ids(0, 30))), 1);
  assert.is(exitCode(many(ids(0, 31)), many(ids(0, 30))), 1);
});

test('less of it is accepted where every document is known to be one of those', () => {
  assert.is(exitCode(many(ids(0, 19)), many(ids(0, 30))), 0);
  assert.is(exitCode(many(['29']), many(ids(0, 30))), 1);
  assert.is(exitCode(many(ids(0, 29)), many(ids(0, 30))), 1);
});

test('without a hash of all documents, many are never taken for the same', () => {
  const { idsHash: _, ...old } = many(ids(0, 30));
  assert.is(exitCode(many(ids(0, 30)), old), 1);
  assert.is(exitCode(old, old), 1);
});

test('what is about no documents is accepted as it was, and neither less of it, nor more, nor something else', () => {
  const differs = (count: number, ...content: string[]) =>
    finding({ code: 'CATALOG_DIFFERS', layer: 'types', count, sourceIds: [], idsHash: idsHash(content) });
  assert.is(exitCode(differs(1, 'btree (name)'), differs(1, 'btree (name)')), 0);
  assert.is(exitCode(differs(1, 'btree (id)'), differs(1, 'btree (name)')), 1);
  assert.is(exitCode(differs(3, '-3'), differs(5, '-5')), 1);
  assert.is(exitCode(differs(5, '-5'), differs(3, '-3')), 1);
  assert.is(exitCode(differs(3, '3'), differs(3, '-3')), 1);
  const { idsHash: _, ...old } = differs(1, 'btree (name)');
  assert.is(exitCode(differs(1, 'btree (name)'), old), 1);
});

test('many documents in two parts are compared as one', () => {
  assert.is(exitCode(many(ids(0, 60)), many(ids(0, 25)), many(ids(25, 35))), 0);
  assert.is(verdictOver([many(ids(0, 40)), many(ids(40, 20))], [many(ids(0, 60))]).exitCode, 0);
  assert.is(verdictOver([many(ids(0, 40)), many(ids(41, 20))], [many(ids(0, 60))]).exitCode, 1);
});

test('a finding in two parts is compared as one', () => {
  const parts = [finding({ count: 1, sourceIds: ['a'] }), finding({ count: 1, sourceIds: ['b'] })];
  assert.is(verdictOver(parts, [finding()]).exitCode, 0);
  assert.is(verdictOver([finding()], parts).exitCode, 0);
  assert.is(verdictOver([...parts, finding({ count: 1, sourceIds: ['a'] })], [finding()]).exitCode, 1);
});

test.run();
