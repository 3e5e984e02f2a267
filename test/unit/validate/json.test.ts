/** Exact JSON: numbers keep their digits, repeated keys are seen, any depth is read; BSON in both forms of Extended JSON. */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  EJSON,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import * as assert from 'uvu/assert';
import { sameJson } from '../../../src/validate/json/compare.ts';
import { decimalForm } from '../../../src/validate/json/decimal.ts';
import { canonical, canonicalForm, relaxed, relaxedForJsonb } from '../../../src/validate/json/extended.ts';
import { parseJson } from '../../../src/validate/json/parse.ts';
import { suite } from '../../support/suite.ts';
import { bsonValue, int64Bytes, rawValue, stringOf } from './value.ts';

const test = suite('exact JSON');
const same = (left: string, right: string) => sameJson(parseJson(left).node, parseJson(right).node);

test('numbers are equal by value, to the last digit', () => {
  for (const [one, two] of [
    ['1.50', '15e-1'],
    ['0', '-0.0'],
    ['1E+2', '100'],
    ['0.001', '1e-3'],
    ['-12', '-1.2e1'],
  ] as const) {
    assert.is(decimalForm(one), decimalForm(two), `${one} ${two}`);
  }
  assert.is.not(decimalForm('9007199254740993'), decimalForm('9007199254740992'));
  assert.is.not(decimalForm('1'), decimalForm('-1'));
  for (const text of ['', 'NaN', '1.2.3', 'e5', '0x1', '-']) assert.is(decimalForm(text), null, text);
});

test('keys may come in any order, elements may not', () => {
  assert.ok(same('{"a":1,"b":{"c":[1,2]}}', ' { "b" : {"c":[1.0, 2]}, "a" : 1 } '));
  for (const [one, two] of [
    ['[1,2]', '[2,1]'],
    ['[1]', '[1,1]'],
    ['{"a":1}', '{"a":1,"b":null}'],
    ['{"a":1}', '{"b":1}'],
    ['{}', '[]'],
    ['1', '"1"'],
    ['null', '0'],
    ['true', '1'],
    ['{"a":null}', '{}'],
    ['[null]', '[]'],
  ] as const) {
    assert.not(same(one, two), `${one} ${two}`);
    assert.not(same(two, one), `${two} ${one}`);
  }
});

test('what is no JSON is refused', () => {
  for (const text of ['', '{', '[1,]', '{"a"}', '{"a":1,}', '[1 2]', 'nul', '"open', '1 1', '{a:1}', ']']) {
    assert.throws(() => parseJson(text), undefined, text);
  }
});

test('repeated keys and depth are noticed', () => {
  assert.ok(parseJson('{"a":1,"b":{"c":1,"c":2}}').repeatedKey);
  assert.not(parseJson('{"a":{"x":1},"b":{"x":1}}').repeatedKey);
  assert.is(parseJson('[[1],{"a":[]}]').depth, 3);
});

test('a hundred thousand levels are read, written and compared', () => {
  const levels = 100_000;
  const text = '['.repeat(levels) + ']'.repeat(levels);
  assert.ok(same(text, text));
  assert.is(parseJson(text).depth, levels);
});

test('a text of millions of quotation marks and backslashes is read', () => {
  const text = '"\\'.repeat(2_000_000);
  assert.is(parseJson(JSON.stringify(text)).node, text);
  assert.throws(() => parseJson(JSON.stringify(text).slice(0, -1)));
});

test('Extended JSON is as js-bson writes it, where js-bson loses nothing', () => {
  const values: readonly unknown[] = [
    new Int32(5),
    new Double(1.5),
    new Double(2),
    new Double(Number.NaN),
    new Double(-0),
    Long.fromNumber(7),
    Decimal128.fromString('1.20E+3'),
    'a"\\\n\u2028é',
    true,
    null,
    new ObjectId('5e0be1000000000000000001'),
    new Date(0),
    new Date('2021-03-04T05:06:07.089Z'),
    new Date(-1),
    new Timestamp({ t: 4, i: 5 }),
    new BSONRegExp('a/b', 'i'),
    new Code('f()'),
    new Code('f()', { a: 1 }),
    new BSONSymbol('s'),
    new MinKey(),
    new MaxKey(),
    new Binary(Buffer.from('abc'), 5),
    { a: [1, { b: {} }], c: [] },
    [],
  ];
  for (const value of values) {
    assert.is(canonical(bsonValue(value)), EJSON.stringify(value, { relaxed: false }));
  }
  for (const value of [
    new Int32(5),
    new Double(1.5),
    'text',
    true,
    new Date('2021-03-04T05:06:07.089Z'),
    new Date(1000),
    { a: [1, 2.5] },
  ]) {
    assert.ok(same(relaxed(bsonValue(value)), EJSON.stringify(value, { relaxed: true })));
  }
});

test('the relaxed form rounds nothing', () => {
  assert.is(relaxed(bsonValue(Long.fromString('9007199254740993'))), '{"$numberLong":"9007199254740993"}');
  assert.is(relaxed(bsonValue(Long.fromString('9007199254740991'))), '9007199254740991');
  assert.is(relaxed(bsonValue(new Double(-0))), '{"$numberDouble":"-0.0"}');
  assert.is(relaxed(bsonValue(new Double(Number.POSITIVE_INFINITY))), '{"$numberDouble":"Infinity"}');
  assert.is(relaxed(rawValue(9, int64Bytes(253_402_300_800_000n))), '{"$date":{"$numberLong":"253402300800000"}}');
  assert.is(relaxed(rawValue(9, int64Bytes(2n ** 63n - 1n))), `{"$date":{"$numberLong":"${2n ** 63n - 1n}"}}`);
});

test('NUL and invalid bytes are noticed; jsonb gets no NUL', () => {
  const { text, nul, invalid } = relaxedForJsonb(bsonValue({ a: 'x\0y' }));
  assert.equal([text, nul, invalid], ['{"a":"xy"}', true, false]);
  assert.is(canonical(bsonValue('x\0y')), '"x\\u0000y"');
  assert.ok(canonicalForm(stringOf(Buffer.of(0xff))).invalid);
  assert.not(canonicalForm(bsonValue('\uFFFD')).invalid);
});

test.run();
