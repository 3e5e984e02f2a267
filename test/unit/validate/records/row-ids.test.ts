/** The ids of a batch's rows, compared by their bytes. */
import { Binary, Int32, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { uuidOfDocument } from '../../../../src/validate/records/identity.ts';
import { RowIds } from '../../../../src/validate/records/row-ids.ts';
import { suite } from '../../../support/suite.ts';
import { bsonValue } from '../value.ts';

const test = suite('ids of rows');

function idsOf(values: readonly unknown[]): RowIds {
  const ids = new RowIds(values.length);
  for (const value of values) ids.add(bsonValue(value));
  return ids;
}

const objectIds = [
  '000000000000000000000001',
  '5e0be1000000000000000001',
  '7fffffffffffffffffffffff',
  'ffffffffffffffffffffffff',
].map((hex) => new ObjectId(hex));
const others = ['a text', new Int32(42), new Binary(Buffer.from('0190b6f07d2a7c3e9b1a2f3c4d5e6f74', 'hex'), 4)];
const hexOf = (value: unknown) => uuidOfDocument(bsonValue(value));

/** By place, which of the rows with these ids are put there. */
function assigned(ids: RowIds, rows: readonly string[]): readonly (string | null)[] {
  const places: (string | null)[] = new Array(ids.count).fill(null);
  for (const hex of rows) ids.assign(hex, Buffer.from(`ee${hex}ee`, 'hex'), 1, places);
  return places;
}

test('an id is the one that the rule of identity gives', () => {
  const all = [...objectIds, ...others];
  const ids = idsOf(all);
  assert.equal(
    all.map((_, place) => ids.hex(place)),
    all.map(hexOf),
  );
});

test('a document without an _id has the id of null', () => {
  const ids = new RowIds(1);
  ids.add(null);
  assert.is(ids.hex(0), hexOf(null));
});

test('ids ascend where each is greater than the one before it, by unsigned bytes', () => {
  assert.ok(idsOf([]).isAscending);
  assert.ok(idsOf(objectIds).isAscending);
  assert.not(idsOf([...objectIds].reverse()).isAscending);
  assert.not(idsOf([...objectIds, objectIds.at(-1)]).isAscending);
  assert.not(idsOf([objectIds[1], objectIds[0], objectIds[2]]).isAscending);
});

const hexes = objectIds.map(hexOf);
const [first = '', second = '', third = '', last = ''] = hexes;
/** Greater and smaller by the last of its bytes. */
const beside = hexes
  .flatMap((hex) => [`${hex.slice(0, 31)}1`, `${hex.slice(0, 25)}e00000f`])
  .filter((hex) => !hexes.includes(hex));

for (const [what, rows] of Object.entries({
  'in order': hexes,
  'in another order': [third, first, last, second],
  'with others between, before and behind': [
    '0'.repeat(32),
    ...hexes.flatMap((hex, n) => [beside[2 * n] ?? '', hex]),
    'f'.repeat(32),
  ],
})) {
  test(`rows that come ${what} are put to their documents`, () => assert.equal(assigned(idsOf(objectIds), rows), hexes));
}

test('what is missing stays empty, and no row takes its place', () => {
  assert.equal(assigned(idsOf(objectIds), [...beside, second, last]), [null, second, null, last]);
});

test('ids in no order, and one that comes twice', () => {
  const ids = idsOf([objectIds[3], others[0], objectIds[1], objectIds[3], objectIds[0]]);
  assert.equal(assigned(ids, [first, last, hexOf(others[0])]), [last, hexOf(others[0]), null, last, first]);
});

test('of no documents no row is taken', () => assert.equal(assigned(idsOf([]), hexes), []));

test.run();
