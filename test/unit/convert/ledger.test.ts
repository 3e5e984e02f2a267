/** What stands in the ledger: originals to the byte, leftovers, links, lookups, rejects, defaults, and nothing of a document that has no row. */
import { DBRef, Long, ObjectId, serialize } from 'bson';
import * as assert from 'uvu/assert';
import type { CollectionSpec } from '../../../src/catalog/index.ts';
import { collectionConverter } from '../../../src/convert/collection.ts';
import { encodeRejects } from '../../../src/convert/reject.ts';
import { unknownCollectionConverter } from '../../../src/convert/unknown-collection.ts';
import { convert, oneColumn, read, startedAt } from '../../support/conversion.ts';
import { decoded, microseconds } from '../../support/copy-decoder.ts';
import { int32, nested, type RawElement, rawDocument, rawString } from '../../support/raw-bson.ts';
import { suite } from '../../support/suite.ts';

const test = suite('convert: ledger');
const id = new ObjectId('507f1f77bcf86cd799439011');
const hex = id.toHexString();
const uuid = '507f1f77-bcf8-86cd-8799-439011000000';
const other = new ObjectId('0123456789abcdef01234567');
const otherUuid = '01234567-89ab-8cde-8f01-234567000000';
const rawId: RawElement = { type: 7, name: '_id', value: Buffer.from(id.id) };
const text = oneColumn({ kind: 'text' });
const broken = Buffer.from('a\xffb', 'latin1');

const brief = (changes: ReturnType<typeof convert>['changes']) =>
  changes.map(({ field, code, original }) => [field, code, original]);

test('a change keeps the canonical text of what was there', () => {
  const { changes } = convert(text, { _id: id, v: Long.fromNumber(5) });
  assert.equal(changes, [{ id: hex, field: 'v', code: 'TEXT_FROM_VALUE', original: '{"$numberLong":"5"}' }]);
});

test('text that is no UTF-8 keeps its bytes', () => {
  const { rows, changes } = convert(text, rawDocument(rawId, { type: 2, name: 'v', value: rawString(broken) }));
  assert.equal(rows, [{ id: uuid, v: 'a\uFFFDb' }]);
  assert.equal(brief(changes), [['v', 'INVALID_UTF8', '61ff62']]);
});

test('text that is no UTF-8 and holds NUL has both codes', () => {
  const bytes = Buffer.concat([Buffer.of(0), broken]);
  const { rows, changes } = convert(text, rawDocument(rawId, { type: 2, name: 'v', value: rawString(bytes) }));
  assert.equal(rows, [{ id: uuid, v: 'a\uFFFDb' }]);
  assert.equal(brief(changes), [
    ['v', 'INVALID_UTF8', '0061ff62'],
    ['v', 'NUL_REMOVED', '"\\u0000a\uFFFDb"'],
  ]);
});

test('a long text that is no UTF-8 keeps its bytes', () => {
  const bytes = Buffer.concat([Buffer.alloc(5000, 'x'), Buffer.of(0xc3)]);
  const { rows, changes } = convert(text, rawDocument(rawId, { type: 2, name: 'v', value: rawString(bytes) }));
  assert.equal(rows, [{ id: uuid, v: `${'x'.repeat(5000)}\uFFFD` }]);
  assert.equal(brief(changes), [['v', 'INVALID_UTF8', bytes.toString('hex')]]);
});

test('invalid UTF-8 anywhere else keeps the bytes of the whole value, once', () => {
  const inner = rawDocument({ type: 2, name: 'x', value: rawString(broken) });
  const object: RawElement = { type: 3, name: 'v', value: inner };
  assert.equal(brief(convert(oneColumn({ kind: 'jsonb' }), rawDocument(rawId, object)).changes), [
    ['v', 'INVALID_UTF8', inner.toString('hex')],
  ]);
  assert.equal(brief(convert(text, rawDocument(rawId, object)).changes), [
    ['v', 'UNCONVERTIBLE', '{"x":"a\uFFFDb"}'],
    ['v', 'INVALID_UTF8', inner.toString('hex')],
  ]);
  const array: RawElement = { type: 4, name: 'v', value: rawDocument({ type: 2, name: '0', value: rawString(broken) }) };
  const inArray = convert(oneColumn({ kind: 'text[]' }), rawDocument(rawId, array));
  assert.equal(inArray.rows, [{ id: uuid, v: ['a\uFFFDb'] }]);
  assert.equal(brief(inArray.changes), [['v', 'INVALID_UTF8', '61ff62']]);
  const unknown = convert(text, rawDocument(rawId, { ...object, name: 'more' }));
  assert.equal(unknown.leftovers, [{ id: hex, field: 'more', value: '{"x":"a\uFFFDb"}' }]);
  assert.equal(brief(unknown.changes), [['more', 'INVALID_UTF8', inner.toString('hex')]]);
});

test('a field whose name is no UTF-8 keeps the bytes of its whole element', () => {
  const { leftovers, changes } = convert(text, rawDocument(rawId, { type: 8, name: broken, value: Buffer.of(1) }));
  assert.equal(leftovers, [{ id: hex, field: 'a\uFFFDb', value: 'true' }]);
  assert.equal(brief(changes), [['a\uFFFDb', 'INVALID_UTF8', '0861ff620001']]);
});

test('unknown fields are leftovers, null and empty ones too', () => {
  const { leftovers, rows, batch } = convert(text, { more: null, _id: id, v: 'x', empty: '', V: 1, '': { a: [] } });
  assert.equal(rows, [{ id: uuid, v: 'x' }]);
  assert.equal(leftovers, [
    { id: hex, field: 'more', value: 'null' },
    { id: hex, field: 'empty', value: '""' },
    { id: hex, field: 'V', value: '{"$numberInt":"1"}' },
    { id: hex, field: '', value: '{"a":[]}' },
  ]);
  assert.is(batch.fields, 6);
});

test('of a repeated field the last is carried, the earlier ones are leftovers', () => {
  const value = (content: string): RawElement => ({ type: 2, name: 'v', value: rawString(content) });
  const { rows, leftovers, changes } = convert(text, rawDocument(value('1'), rawId, value('2'), value('3')));
  assert.equal(rows, [{ id: uuid, v: '3' }]);
  assert.equal(
    leftovers.map(({ field, value: kept }) => [field, kept]),
    [
      ['v', '"1"'],
      ['v', '"2"'],
    ],
  );
  assert.equal(changes, []);
});

test('a repeated key inside jsonb is recorded with both values', () => {
  const key = (value: number): RawElement => ({ type: 16, name: 'a', value: int32(value) });
  const { rows, changes } = convert(
    oneColumn({ kind: 'jsonb' }),
    rawDocument(rawId, { type: 3, name: 'v', value: rawDocument(key(1), key(2)) }),
  );
  assert.equal(rows, [{ id: uuid, v: '{"a":1,"a":2}' }]);
  assert.equal(brief(changes), [['v', 'JSON_DUPLICATE_KEY', '{"a":{"$numberInt":"1"},"a":{"$numberInt":"2"}}']]);
});

test('jsonb that is too deep is the text of its JSON', () => {
  const at = (levels: number) =>
    convert(oneColumn({ kind: 'jsonb' }), rawDocument(rawId, { type: 3, name: 'v', value: nested(levels) }));
  assert.equal(at(500).changes, []);
  const { rows, changes } = at(501);
  const [{ v = null } = {}] = rows;
  const inner = JSON.parse(String(v));
  assert.type(inner, 'string');
  assert.is(inner, `${'{"":'.repeat(500)}{}${'}'.repeat(500)}`);
  assert.equal(brief(changes), [['v', 'JSON_TOO_DEEP', inner]]);
  assert.is(at(1_000_000).batch.loaded, 1);
});

test('a reference given as a string is looked up later, under both of its meanings', () => {
  const { rows, changes, lookups } = convert(
    oneColumn({ kind: 'uuid' }),
    { _id: id, v: other.toHexString() },
    { _id: other.toHexString() },
  );
  const [{ id: first = null } = {}, { id: hashed = null } = {}] = rows;
  assert.is(first, uuid);
  assert.equal(lookups, [{ id: uuid, field: 'v', original: `"${other.toHexString()}"`, taken: otherUuid, hashed }]);
  assert.equal(brief(changes)[0], ['v', 'ID_FROM_STRING', `"${other.toHexString()}"`]);
});

test('a reference given as a number means the document whose id is that number', () => {
  const { rows, lookups } = convert(oneColumn({ kind: 'uuid' }), { _id: id, v: Long.fromNumber(7) }, { _id: 7 });
  const [{ v = null } = {}, { id: seven = null } = {}] = rows;
  assert.is(v, seven);
  assert.equal(lookups, [{ id: uuid, field: 'v', original: '{"$numberLong":"7"}', taken: v, hashed: v }]);
});

test('a DBRef to a string is looked up under the text of the whole DBRef', () => {
  const { changes, lookups } = convert(oneColumn({ kind: 'uuid' }), { _id: id, v: { $ref: 'u', $id: 'x' } });
  assert.equal(brief(changes), [['v', 'ID_FROM_DBREF', '{"$ref":"u","$id":"x"}']]);
  assert.equal(
    lookups.map(({ original }) => original),
    ['{"$ref":"u","$id":"x"}'],
  );
});

test('links are staged element by element; null and empty ones name nobody', () => {
  const friends = [other, null, '', undefined, other.toHexString(), new DBRef('things', other), other, true];
  const { links, changes, lookups } = convert(text, { _id: id, friends });
  const link = (original: string | null) => ({ field: 'friends', id: uuid, partner: otherUuid, original });
  const digits = `"${other.toHexString()}"`;
  const dbRef = `{"$ref":"things","$id":{"$oid":"${other.toHexString()}"}}`;
  assert.equal(links, [link(null), link(digits), link(dbRef), link(null)]);
  assert.equal(brief(changes), [
    ['friends', 'ID_FROM_STRING', digits],
    ['friends', 'ID_FROM_DBREF', dbRef],
    ['friends', 'ARRAY_ELEMENT_DROPPED', 'true'],
  ]);
  assert.is(lookups.length, 1);
});

test('a bare id is an array of one link, null is none', () => {
  assert.equal(
    convert(text, { _id: id, friends: other }).links.map(({ partner }) => partner),
    [otherUuid],
  );
  assert.equal(convert(text, { _id: id, friends: null }).batch.links.rows, 0);
});

test('a hundred thousand links are staged', () => {
  const friends = Array.from({ length: 100_000 }, () => other);
  assert.is(convert(text, { _id: id, friends }).batch.links.rows, 100_000);
});

const required: CollectionSpec = {
  collection: 'things',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    active: { kind: 'boolean', required: true, whenMissing: { value: true } },
    state: { kind: 'enum', labels: ['on', 'off'], required: true, whenMissing: { value: 'off' } },
    big: { kind: 'bigint', required: true, whenMissing: { value: -1 } },
    date_created: { kind: 'timestamp', required: true, whenMissing: 'creation time' },
    last_updated: { kind: 'timestamp', required: true, whenMissing: { sameAs: 'date_created' } },
  },
  links: {},
};

test('required columns with a rule take it, absent, null and unconvertible alike', () => {
  const { rows, changes } = convert(required, { _id: id, __v: null, active: 'maybe', state: 'ON', big: 1 });
  const created = microseconds(id.getTimestamp());
  assert.equal(rows, [{ id: uuid, __v: 0, active: true, state: 'on', big: 1n, date_created: created, last_updated: created }]);
  assert.equal(brief(changes), [
    ['__v', 'DEFAULTED', 'null'],
    ['active', 'DEFAULTED', '"maybe"'],
    ['state', 'ENUM_CASE', '"ON"'],
    ['date_created', 'DEFAULTED', null],
    ['last_updated', 'DEFAULTED', null],
  ]);
});

test('without an ObjectId, the creation time is the start of the migration', () => {
  const [row] = convert(required, { _id: 1 }).rows;
  const { date_created: created = null, last_updated: updated = null, state = null, big = null } = row ?? {};
  assert.equal([created, updated, state, big], [microseconds(startedAt), microseconds(startedAt), 'off', -1n]);
});

test('last_updated copies the date of creation that the document has', () => {
  const when = new Date('2020-01-02T03:04:05.006Z');
  const [{ last_updated: updated = null } = {}] = convert(required, { _id: id, date_created: when }).rows;
  assert.is(updated, microseconds(when));
});

const strict: CollectionSpec = {
  collection: 'things',
  columns: { first: { kind: 'uuid' }, name: { kind: 'text', required: true } },
  links: { friends: { junction: 'F', side: 'left', partner: 'things' } },
};

test('a document without a required value is rejected whole, and leaves nothing else', () => {
  for (const [document, code] of [
    [{ _id: 'x', first: 'me', friends: ['you'], more: 1 }, 'MISSING_REQUIRED'],
    [{ _id: 'x', first: 'me', name: null, friends: ['you'], more: 1 }, 'MISSING_REQUIRED'],
    [{ _id: 'x', first: 'me', name: { a: 1 }, friends: ['you'], more: 1 }, 'UNCONVERTIBLE_REQUIRED'],
  ] as const) {
    const before = { _id: id, name: 'before' };
    const { rows, rejects, changes, leftovers, links, ids, lookups, batch } = convert(strict, before, document, before);
    assert.is(rows.length, 2);
    assert.equal([changes, leftovers, links, ids, lookups], [[], [], [], [], []]);
    const bytes = Buffer.from(serialize(document));
    assert.equal(
      rejects.map(({ id: sourceId, code: given, field, bson }) => [sourceId, given, field, bson]),
      [['"x"', code, 'name', bytes.toString('hex')]],
    );
    assert.is(rejects[0]?.document, JSON.stringify(document));
    assert.equal([batch.loaded, batch.fields, batch.malformed.length], [2, 4, 0]);
  }
});

test('a later step writes the same row of a reject', () => {
  const document = serialize({ _id: id, name: 'x' });
  const data = encodeRejects([
    {
      collection: 'things',
      document,
      code: 'SERVER_REFUSED',
      field: null,
      correction: null,
      reason: '23514 things_check',
    },
  ]);
  assert.equal(decoded(data, ['text', 'text', 'text', 'text', 'text', 'bytea', 'text', 'text']), [
    [
      'things',
      hex,
      'SERVER_REFUSED',
      null,
      `{"_id":{"$oid":"${hex}"},"name":"x"}`,
      Buffer.from(document).toString('hex'),
      '23514 things_check',
      null,
    ],
  ]);
});

test('a document that cannot be walked is named by its index and is in no stream, wherever the damage is', () => {
  const bad: RawElement = { type: 2, name: 'x', value: int32(0) };
  const inside = { type: 3, name: 'x', value: rawDocument(bad) };
  const good = serialize({ _id: id, name: 'x', more: 1, friends: [other] });
  const name: RawElement = { type: 2, name: 'name', value: rawString('x') };
  const documents = [
    rawDocument(rawId, name, bad),
    rawDocument(rawId, name, inside),
    rawDocument(rawId, name, { type: 4, name: 'friends', value: rawDocument(inside) }),
    rawDocument(rawId, { ...inside, name: 'name' }),
    rawDocument(rawId, inside),
    rawDocument(name, { ...inside, name: '_id' }),
    Buffer.concat([good, Buffer.of(0)]),
    Buffer.from(good.subarray(0, 10)),
    Buffer.alloc(0),
  ];
  for (const [index, document] of documents.entries()) {
    const clean = convert(strict, good, good);
    const { batch, rows, leftovers, changes, links, rejects } = convert(strict, good, document, good);
    assert.equal(
      batch.malformed.map((one) => one.index),
      [1],
      `document ${index}`,
    );
    assert.equal([rows, leftovers, changes, links, rejects], [clean.rows, clean.leftovers, clean.changes, clean.links, []]);
  }
});

test('documents of an unknown collection are leftovers, whole', () => {
  const documents = [serialize({ _id: id, a: Long.fromNumber(1) }), serialize({ a: 1 }), Buffer.alloc(3)];
  const batch = unknownCollectionConverter('others')(documents);
  const { leftovers, rows } = read({ collection: 'others', columns: {}, links: {} }, batch);
  assert.equal(rows, []);
  assert.equal(leftovers, [
    { id: hex, field: null, value: `{"_id":{"$oid":"${hex}"},"a":{"$numberLong":"1"}}` },
    { id: '{"$missing":true}', field: null, value: '{"a":{"$numberInt":"1"}}' },
  ]);
  assert.equal([batch.loaded, batch.malformed.length], [2, 1]);
});

test('an unknown collection keeps bytes that are no UTF-8', () => {
  const document = rawDocument(rawId, { type: 2, name: 'x', value: rawString(broken) });
  const batch = unknownCollectionConverter('others')([document]);
  const { changes } = read({ collection: 'others', columns: {}, links: {} }, batch);
  assert.equal(brief(changes), [['', 'INVALID_UTF8', document.toString('hex')]]);
});

test('a batch holds while the next one is converted', () => {
  const converter = collectionConverter(text, { startedAt });
  const batchOf = (v: string) => converter(Array.from({ length: 50 }, () => serialize({ _id: id, v })));
  const first = batchOf('first');
  const kept = Buffer.from(first.rows.bytes);
  batchOf('second'.repeat(10_000));
  assert.ok(kept.equals(first.rows.bytes));
});

test('fields are found in any order, with names alike', () => {
  const names = Array.from({ length: 60 }, (_, index) => `field${index % 10}${'x'.repeat(index % 7)}${index}`);
  const spec: CollectionSpec = {
    collection: 'things',
    columns: Object.fromEntries(names.map((name) => [name, { kind: 'text' }])),
    links: {},
  };
  const orders = [names, names.toReversed(), names.filter((_, index) => index % 3 > 0), names.toSorted()];
  for (const order of [...orders, ...orders]) {
    const { rows, leftovers } = convert(spec, { ...Object.fromEntries(order.map((name) => [name, name])), _id: id });
    assert.equal(leftovers, []);
    for (const name of names) assert.is(rows[0]?.[name], order.includes(name) ? name : null);
  }
});

test('a document of 16 MB in one string is carried', () => {
  const v = 'ž'.repeat(8_000_000);
  const { rows } = convert(text, { _id: id, v });
  assert.ok(Object.values(rows[0] ?? {}).includes(v));
});

test.run();
