/** Each kind of `_id`: which UUID it becomes, and which of them are one. */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  type Document,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import type { CollectionSpec } from '../../../src/catalog/index.ts';
import { convert } from '../../support/conversion.ts';
import { nested, rawDocument, rawString } from '../../support/raw-bson.ts';
import { suite } from '../../support/suite.ts';

const test = suite('convert: identity');
const spec: CollectionSpec = { collection: 'things', columns: {}, links: {} };
const uuid = new Binary(Buffer.from('f47ac10b58cc4372a5670e02b2c3d479', 'hex'), 4);
const uuidOf = (id: unknown): string => {
  const [{ id: made = null } = {}] = convert(spec, { _id: id }).rows;
  return String(made);
};

test('an ObjectId becomes a UUIDv8 that shows its digits, and leaves nothing in the ledger', () => {
  const { rows, changes, ids } = convert(spec, { _id: new ObjectId('0123456789abcdef01234567') });
  assert.equal(rows, [{ id: '01234567-89ab-8cde-8f01-234567000000' }]);
  assert.equal([changes, ids], [[], []]);
});

test('a UUID binary is itself, and kept in the map of ids', () => {
  const { rows, changes, ids } = convert(spec, { _id: uuid });
  assert.equal(rows, [{ id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479' }]);
  assert.equal(changes, []);
  assert.equal(ids, [
    { sourceId: '{"$binary":{"base64":"9HrBC1jMQ3KlZw4CssPUeQ==","subType":"04"}}', id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479' },
  ]);
});

test('anything else becomes a UUIDv5, recorded and kept in the map of ids', () => {
  const { rows, changes, ids } = convert(spec, { _id: 'me' });
  const [{ id = null } = {}] = rows;
  assert.match(String(id), /^.{8}-.{4}-5.{3}-[89ab].{3}-.{12}$/);
  assert.equal(changes, [{ id: '"me"', field: '_id', code: 'ID_HASHED', original: '"me"' }]);
  assert.equal(ids, [{ sourceId: '"me"', id }]);
});

test('the ids that were made once are made for ever', () => {
  assert.is(uuidOf('507f1f77bcf86cd799439011'), golden.digits);
  assert.is(uuidOf(42), golden.number);
  assert.is(uuidOf({ a: 1, b: ['x', null] }), golden.compound);
});

/** Values that MongoDB compares as equal, and therefore cannot hold twice as `_id`. */
const classes: readonly (readonly unknown[])[] = [
  [
    42,
    Long.fromNumber(42),
    new Double(42),
    Decimal128.fromString('42'),
    Decimal128.fromString('4.2E+1'),
    Decimal128.fromString('42.000'),
  ],
  [0, new Double(-0), new Double(0), Decimal128.fromString('-0'), Decimal128.fromString('0E+10')],
  [Number.NaN, Decimal128.fromString('NaN')],
  [Number.POSITIVE_INFINITY, Decimal128.fromString('Infinity')],
  [Number.NEGATIVE_INFINITY, Decimal128.fromString('-Infinity')],
  [new Double(0.1)],
  [Decimal128.fromString('0.1')],
  [new Double(2 ** 53), Long.fromString('9007199254740992')],
  [Long.fromString('9007199254740993')],
  [new Double(0.5), Decimal128.fromString('5E-1')],
  ['a', new BSONSymbol('a')],
  ['A'],
  ['507f1f77bcf86cd799439011'],
  [new ObjectId('507f1f77bcf86cd799439011')],
  ['42'],
  [''],
  [null],
  [true],
  [false],
  [new Date(42)],
  [new Timestamp({ t: 0, i: 42 })],
  [
    { a: 1, b: 2 },
    { a: Long.fromNumber(1), b: new Double(2) },
  ],
  [{ b: 2, a: 1 }],
  [{ a: 1 }],
  [{ a: 'x' }],
  [{ aa: 'x' }],
  [{ a: { b: 1 } }],
  [{}],
  [
    [1, 2],
    [new Double(1), Decimal128.fromString('2.0')],
  ],
  [[2, 1]],
  [[[1], 2]],
  [[1, [2]]],
  [[]],
  [new Binary(Buffer.from('ab'), 0)],
  [new Binary(Buffer.from('ab'), 5)],
  [new Binary(Buffer.alloc(16, 1), 4)],
  [new BSONRegExp('a', 'i')],
  [new BSONRegExp('ai')],
  [new Code('a')],
  [new Code('a', {})],
  [new MinKey()],
  [new MaxKey()],
  [uuid],
];

test('ids that MongoDB takes for one are one, all others are different', () => {
  const seen = new Map<string, unknown>();
  for (const [index, equal] of classes.entries()) {
    const made = new Set(equal.map(uuidOf));
    assert.is(made.size, 1, `class ${index}`);
    for (const id of made) {
      assert.not.ok(seen.has(id), `class ${index} has the id of class ${seen.get(id)}`);
      assert.ok(z.uuid().safeParse(id).success, 'zod takes it');
      seen.set(id, index);
    }
  }
});

test('null, undefined and a missing id are three things', () => {
  const id = (type: number) => convert(spec, rawDocument({ type, name: '_id', value: Buffer.alloc(0) })).rows;
  assert.is(id(10).length, 1);
  assert.is(id(6).length, 1);
  assert.not.equal(id(10), id(6));
  const { rows, rejects } = convert(spec, { a: 1 } satisfies Document);
  assert.equal(rows, []);
  assert.equal(
    rejects.map(({ id: sourceId, code, field }) => ({ sourceId, code, field })),
    [{ sourceId: '{"$missing":true}', code: 'MISSING_REQUIRED', field: '_id' }],
  );
});

test('an id that is no UTF-8 keeps its bytes, and is not another such id', () => {
  const id = (byte: number) => convert(spec, rawDocument({ type: 2, name: '_id', value: rawString(Buffer.of(byte)) }));
  assert.not.equal(id(0xfe).rows, id(0xff).rows);
  assert.equal(
    id(0xff).changes.map(({ code, original }) => [code, original]),
    [
      ['ID_HASHED', '"\uFFFD"'],
      ['INVALID_UTF8', '02000000ff00'],
    ],
  );
});

test('an id of a million levels is hashed without overflowing the stack', () => {
  const { batch } = convert(spec, rawDocument({ type: 3, name: '_id', value: nested(1_000_000) }));
  assert.is(batch.loaded, 1);
});

/** Python: uuid.uuid5(UUID('6b1f2c0e-8d53-4a7e-9c0a-4e5f7d2b8a31'), name), names 's24:507f1f77bcf86cd799439011', 'n42e0;', '{k1:an1e0;k1:b[s1:x0]}'. */
const golden = {
  digits: 'b4c0b7b0-c09a-5e3e-95e6-c875facdf0b4',
  number: 'dca4b5d4-3b49-5b66-922b-67a51ff8dc73',
  compound: '620e47c4-62e3-5cc2-8a08-e968c448065e',
};

test.run();
