/** Extended JSON from raw bytes: equal to js-bson's where js-bson can, and right where it cannot. */
import { deserialize, EJSON, serialize } from 'bson';
import * as assert from 'uvu/assert';
import { ByteWriter } from '../../../src/bson/byte-writer.ts';
import { elementType } from '../../../src/bson/element-type.ts';
import { canonical, relaxed, relaxedForJsonb, writeExtendedJson } from '../../../src/bson/extended-json.ts';
import type { JsonForm } from '../../../src/bson/json-string.ts';
import { MalformedBson } from '../../../src/bson/malformed-bson.ts';
import { randomDocument, seeded, seedOfRun } from '../../support/random-bson.ts';
import { int32, int64, nested, type RawElement, rawDocument, rawString } from '../../support/raw-bson.ts';
import { suite } from '../../support/suite.ts';

const test = suite('bson: Extended JSON');

function written(bytes: Buffer, form: JsonForm) {
  const out = new ByteWriter(1);
  const notes = writeExtendedJson(out, bytes, { type: elementType.object, offset: 0, length: bytes.length }, form);
  return { text: out.written().toString('utf8'), ...notes };
}

const both = (...elements: RawElement[]) => {
  const bytes = rawDocument(...elements);
  return [written(bytes, canonical).text, written(bytes, relaxed).text];
};

test('canonical text of random documents is the text that js-bson writes', () => {
  const seed = seedOfRun();
  const random = seeded(seed);
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.from(serialize(randomDocument(random)));
    const theirs = EJSON.stringify(deserialize(bytes, { promoteValues: false, bsonRegExp: true }), { relaxed: false });
    assert.is(written(bytes, canonical).text, theirs, `seed ${seed}, round ${round}`);
  }
});

test('relaxed text of random documents reads back as the same documents', () => {
  const seed = seedOfRun();
  const random = seeded(seed);
  for (let round = 0; round < 2000; round++) {
    const bytes = Buffer.from(serialize(randomDocument(random)));
    const again = EJSON.parse(written(bytes, relaxed).text, { relaxed: true });
    const theirs = EJSON.parse(
      EJSON.stringify(deserialize(bytes, { promoteValues: false, bsonRegExp: true }), { relaxed: false }),
      {
        relaxed: true,
      },
    );
    assert.equal(JSON.stringify(again), JSON.stringify(theirs), `seed ${seed}, round ${round}`);
  }
});

test('integers beyond 2^53, -0, NaN and infinities keep their wrapper in the relaxed form', () => {
  const double = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return { type: 1, name: '', value: bytes };
  };
  const long = (value: bigint) => ({ type: 18, name: '', value: int64(value) });
  assert.equal(both(long(9007199254740991n))[1], '{"":9007199254740991}');
  assert.equal(both(long(9007199254740993n))[1], '{"":{"$numberLong":"9007199254740993"}}');
  assert.equal(both(long(-9007199254740991n))[1], '{"":-9007199254740991}');
  assert.equal(both(long(-(2n ** 63n)))[0], '{"":{"$numberLong":"-9223372036854775808"}}');
  assert.equal(both(double(-0)), ['{"":{"$numberDouble":"-0.0"}}', '{"":{"$numberDouble":"-0.0"}}']);
  assert.equal(both(double(Number.NaN))[1], '{"":{"$numberDouble":"NaN"}}');
  assert.equal(both(double(Number.NEGATIVE_INFINITY))[1], '{"":{"$numberDouble":"-Infinity"}}');
  assert.equal(both(double(5)), ['{"":{"$numberDouble":"5.0"}}', '{"":5}']);
});

test('dates outside 1970 to 9999 are numbers of milliseconds, also beyond those of JavaScript', () => {
  const date = (value: bigint) => both({ type: 9, name: '', value: int64(value) });
  assert.equal(date(0n)[1], '{"":{"$date":"1970-01-01T00:00:00Z"}}');
  assert.equal(date(253402300799999n)[1], '{"":{"$date":"9999-12-31T23:59:59.999Z"}}');
  assert.equal(date(253402300800000n)[1], '{"":{"$date":{"$numberLong":"253402300800000"}}}');
  assert.equal(date(-1n)[1], '{"":{"$date":{"$numberLong":"-1"}}}');
  assert.equal(date(2n ** 63n - 1n)[1], '{"":{"$date":{"$numberLong":"9223372036854775807"}}}');
});

test('deprecated types have their own form', () => {
  const id = Buffer.from('507f1f77bcf86cd799439011', 'hex');
  assert.is(both({ type: 6, name: 'u', value: Buffer.alloc(0) })[0], '{"u":{"$undefined":true}}');
  assert.is(
    both({ type: 12, name: 'p', value: Buffer.concat([rawString('db.c'), id]) })[0],
    '{"p":{"$dbPointer":{"$ref":"db.c","$id":{"$oid":"507f1f77bcf86cd799439011"}}}}',
  );
  assert.is(both({ type: 14, name: 's', value: rawString('x') })[0], '{"s":{"$symbol":"x"}}');
});

test('the old binary subtype is written without its inner length, and whole where that length is wrong', () => {
  const binary = (content: Buffer) => ({
    type: 5,
    name: '',
    value: Buffer.concat([int32(content.length), Buffer.of(2), content]),
  });
  assert.is(both(binary(Buffer.concat([int32(2), Buffer.of(255, 255)])))[0], '{"":{"$binary":{"base64":"//8=","subType":"02"}}}');
  assert.is(both(binary(Buffer.of(1, 2)))[0], '{"":{"$binary":{"base64":"AQI=","subType":"02"}}}');
});

test('a repeated key is written each time, and reported', () => {
  const value = (number: number) => ({ type: 16, name: 'a', value: int32(number) });
  const flat = written(rawDocument(value(1), value(2)), canonical);
  assert.is(flat.text, '{"a":{"$numberInt":"1"},"a":{"$numberInt":"2"}}');
  assert.ok(flat.repeatedKey);
  const many = Array.from({ length: 40 }, (_, index) => ({ type: 10, name: `k${index % 39}`, value: Buffer.alloc(0) }));
  assert.ok(written(rawDocument(...many), canonical).repeatedKey);
  assert.not.ok(written(rawDocument(...many.slice(0, 39)), canonical).repeatedKey);
  const inner = { type: 3, name: 'o', value: rawDocument(value(1), value(2)) };
  assert.ok(written(rawDocument(inner), canonical).repeatedKey);
});

test('keys that become the same when they are repaired are a repeated key', () => {
  const key = (byte: number) => ({ type: 10, name: Buffer.of(byte), value: Buffer.alloc(0) });
  const notes = written(rawDocument(key(0xfe), key(0xff)), canonical);
  assert.ok(notes.repeatedKey);
  assert.ok(notes.invalidUtf8);
});

test('__proto__ is a key like any other', () => {
  assert.is(
    both({ type: 3, name: '__proto__', value: rawDocument({ type: 8, name: 'x', value: Buffer.of(1) }) })[0],
    '{"__proto__":{"x":true}}',
  );
});

test('bytes that are no UTF-8 become U+FFFD, and that is reported', () => {
  for (const bytes of [
    Buffer.of(0xff),
    Buffer.of(0xc0, 0x80),
    Buffer.of(0xed, 0xa0, 0x80),
    Buffer.of(0xf4, 0x90, 0x80, 0x80),
    Buffer.of(0xe2, 0x82),
  ]) {
    const notes = written(rawDocument({ type: 2, name: 'a', value: rawString(bytes) }), canonical);
    assert.ok(notes.invalidUtf8, bytes.toString('hex'));
    assert.match(notes.text, /^\{"a":"\uFFFD+"\}$/);
  }
});

test('NUL is escaped and reported, and left out of jsonb', () => {
  const bytes = rawDocument({ type: 2, name: 'a', value: rawString('x\0y') });
  assert.is(written(bytes, relaxed).text, '{"a":"x\\u0000y"}');
  assert.ok(written(bytes, relaxed).nul);
  assert.is(written(bytes, relaxedForJsonb).text, '{"a":"xy"}');
  assert.ok(written(bytes, relaxedForJsonb).nul);
});

test('two million levels do not overflow the stack', () => {
  for (const type of [3, 4] as const) {
    const { text, depth } = written(nested(2_000_000, type), canonical);
    assert.is(depth, 2_000_000);
    assert.ok(text.endsWith(type === 4 ? ']]]}' : '}}}}'));
  }
});

test('bytes that are no BSON are refused wherever they stand', () => {
  const broken: readonly (readonly [string, RawElement])[] = [
    ['a string of length 0', { type: 2, name: '', value: int32(0) }],
    ['a string without its end', { type: 2, name: '', value: Buffer.concat([int32(1), Buffer.of(1)]) }],
    ['a negative length', { type: 2, name: '', value: int32(-1) }],
    ['a length beyond its object', { type: 5, name: '', value: Buffer.concat([int32(100), Buffer.of(0)]) }],
    ['an unknown type', { type: 0x20, name: '', value: Buffer.alloc(0) }],
    ['a boolean of 2', { type: 8, name: '', value: Buffer.of(2) }],
    ['an object of length 4', { type: 3, name: '', value: int32(4) }],
    [
      'code with scope whose code is too long',
      { type: 15, name: '', value: Buffer.concat([int32(14), int32(9), Buffer.alloc(6)]) },
    ],
  ];
  for (const [what, element] of broken) {
    const bytes = rawDocument({ type: 4, name: 'list', value: rawDocument({ type: 3, name: '0', value: rawDocument(element) }) });
    assert.throws(
      () => written(bytes, canonical),
      (error: unknown) => error instanceof MalformedBson,
      what,
    );
  }
});

test.run();
