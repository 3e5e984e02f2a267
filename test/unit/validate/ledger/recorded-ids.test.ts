/** Whoever has a record is found among the documents of a batch. */
import { Binary, Double, Int32, ObjectId, serialize } from 'bson';
import * as assert from 'uvu/assert';
import { RecordedIds } from '../../../../src/validate/ledger/recorded-ids.ts';
import { DocumentBatch } from '../../../../src/validate/records/documents.ts';
import { layoutOf } from '../../../../src/validate/records/layout.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('ids with records');
const layout = layoutOf('things', null);
const objectId = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));

function batchOf(ids: readonly unknown[]): DocumentBatch {
  const batch = new DocumentBatch(layout, ids.length + 1);
  for (const _id of ids) batch.add(serialize({ _id }));
  batch.add(serialize({ name: 'without' }));
  return batch;
}

function recordedOf(sourceIds: readonly string[]): RecordedIds {
  const recorded = new RecordedIds(sourceIds.length);
  for (const sourceId of sourceIds) {
    const bytes = Buffer.from(`..${sourceId}..`);
    recorded.add(bytes, 2, bytes.length - 4);
  }
  return recorded;
}

const sorts = [
  objectId(1),
  new ObjectId('ffffffffffffffffffffffff'),
  'žluťoučký',
  '\0',
  '',
  new Int32(42),
  new Double(0.5),
  null,
  { a: [1] },
];
const batch = batchOf([...sorts, new Binary(Buffer.alloc(16, 0x81), 4)]);
const sourceIds = Array.from(batch, ({ sourceId }) => sourceId);

test('each kind of id is found by the name that the ledger has for it', () => {
  assert.equal(
    recordedOf(sourceIds).among(batch),
    sourceIds.map((_, index) => index),
  );
  for (const [index, sourceId] of sourceIds.entries()) assert.ok(recordedOf([sourceId]).among(batch).includes(index), sourceId);
});

test('where there is no record, nobody is asked for', () => assert.equal(recordedOf([]).among(batch), []));

test('of ids without a record few are asked for', () => {
  const many = 20_000;
  const recorded = recordedOf(Array.from({ length: many }, (_, n) => objectId(2 * n).toHexString()));
  const found = recorded.among(batchOf(Array.from({ length: many }, (_, n) => objectId(n))));
  const even = found.filter((index) => index % 2 === 0);
  assert.is(even.length, many / 2);
  assert.ok(found.length - even.length < many / 100, `${found.length - even.length}`);
});

test.run();
