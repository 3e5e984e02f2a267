/** Each rule of conversion as validation has it: what it passes, what it calls different, what cannot be converted. */
import { Binary, BSONRegExp, BSONSymbol, Code, DBRef, Decimal128, Double, Int32, Long, ObjectId, Timestamp, UUID } from 'bson';
import * as assert from 'uvu/assert';
import type { Value } from '../../../src/validate/bson/types.ts';
import { canonical } from '../../../src/validate/json/extended.ts';
import { hashedUuid } from '../../../src/validate/records/hashed-id.ts';
import { textArrayRule, uuidArrayRule } from '../../../src/validate/rules/array.ts';
import { enumRule } from '../../../src/validate/rules/enum.ts';
import { jsonbRule } from '../../../src/validate/rules/jsonb.ts';
import { currencyRule, labelRule } from '../../../src/validate/rules/normalized.ts';
import { bigintRule, booleanRule, boundedRule, integerRule } from '../../../src/validate/rules/number.ts';
import { referenceRule } from '../../../src/validate/rules/reference.ts';
import type { Rule } from '../../../src/validate/rules/rule.ts';
import { textRule } from '../../../src/validate/rules/text.ts';
import { timestampRule } from '../../../src/validate/rules/timestamp.ts';
import { suite } from '../../support/suite.ts';
import { bsonValue, int64Bytes, pg, rawValue, stringOf, textArray, uuidArray } from './value.ts';

const test = suite('the rules of conversion, as validation has them');

/** The codes of the records that must stand in the ledger, each with the canonical form of the value; or the verdict. */
function verdict(rule: Rule, value: unknown, actual: Buffer | null): string {
  const source = isValue(value) ? value : bsonValue(value);
  const found = rule(source, actual, []);
  if (typeof found === 'string') return found;
  for (const { code, original } of found.changes) {
    if (code !== 'INVALID_UTF8') assert.ok(original !== null && canonical(source).includes(original.slice(1, -1)), code);
  }
  return found.changes.map(({ code }) => code).join(' ');
}

function isValue(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'start' in value;
}

const carried = '';

test('a text is carried to the byte', () => {
  assert.is(verdict(textRule, ' untrimmed 🐎', pg.text(' untrimmed 🐎')), carried);
  assert.is(verdict(textRule, '', pg.text('')), carried);
  assert.is(verdict(textRule, 'e\u0301', pg.text('\u00e9')), 'differs');
  assert.is(verdict(textRule, 'a', null), 'differs');
  assert.is(verdict(textRule, 'a', pg.text('a ')), 'differs');
});

test('a text without its NUL, or with its invalid bytes replaced, is recorded so', () => {
  assert.is(verdict(textRule, 'a\0b', pg.text('ab')), 'NUL_REMOVED');
  assert.is(verdict(textRule, 'a\0b', pg.text('a')), 'differs');
  const invalid = stringOf(Buffer.from([0x61, 0xff, 0x62]));
  const found = textRule(invalid, pg.text('a\uFFFDb'));
  assert.equal(found, { changes: [{ code: 'INVALID_UTF8', original: '61ff62' }], conditions: [] });
  assert.is(verdict(textRule, stringOf(Buffer.from([0xff, 0])), pg.text('\uFFFD')), 'INVALID_UTF8 NUL_REMOVED');
});

test('scalars are written out as text, and recorded', () => {
  const id = new ObjectId('5e0be1000000000000000001');
  const cases: readonly (readonly [unknown, string])[] = [
    [new Int32(-7), '-7'],
    [Long.fromString('9007199254740993'), '9007199254740993'],
    [new Double(1.5), '1.5'],
    [new Double(3), '3'],
    [new Double(Number.NaN), 'NaN'],
    [true, 'true'],
    [id, '5e0be1000000000000000001'],
    [Decimal128.fromString('1E+2'), '1E+2'],
    [new Date('2021-03-04T05:06:07.089Z'), '2021-03-04T05:06:07.089Z'],
    [rawValue(9, int64Bytes(8_640_000_000_000_001n)), '+275760-09-13T00:00:00.001Z'],
  ];
  for (const [value, text] of cases) assert.is(verdict(textRule, value, pg.text(text)), 'TEXT_FROM_VALUE', text);
  for (const value of [{ a: 1 }, [1], new BSONRegExp('a'), new Code('x'), new Binary(Buffer.of(1))]) {
    assert.is(verdict(textRule, value, null), 'cannot');
  }
});

test('a symbol is its text, recorded', () => {
  assert.is(verdict(textRule, new BSONSymbol('s'), pg.text('s')), 'TEXT_FROM_VALUE');
  assert.is(verdict(textRule, new BSONSymbol('s'), pg.text('{"$symbol":"s"}')), 'differs');
  assert.is(verdict(textRule, new BSONSymbol('a\0'), pg.text('a')), 'TEXT_FROM_VALUE NUL_REMOVED');
  const invalid = rawValue(14, Buffer.from([3, 0, 0, 0, 0x61, 0xff, 0]));
  assert.is(verdict(textRule, invalid, pg.text('a\uFFFD')), 'TEXT_FROM_VALUE INVALID_UTF8');
});

test('whole numbers in range are carried, whatever their type', () => {
  for (const value of [new Int32(42), Long.fromNumber(42), new Double(42)]) {
    assert.is(verdict(integerRule, value, pg.int4(42)), carried);
    assert.is(verdict(bigintRule, value, pg.int8(42n)), carried);
    assert.is(verdict(integerRule, value, pg.int4(43)), 'differs');
  }
  assert.is(verdict(bigintRule, Long.fromString('9223372036854775807'), pg.int8(9223372036854775807n)), carried);
  assert.is(verdict(bigintRule, Long.fromString('9007199254740993'), pg.int8(9007199254740992n)), 'differs');
  assert.is(verdict(integerRule, Long.fromString('2147483648'), null), 'cannot');
  assert.is(verdict(bigintRule, new Double(2 ** 63), null), 'cannot');
  assert.is(verdict(bigintRule, new Double(Number.NaN), null), 'cannot');
});

test('fractions are rounded half to even', () => {
  const cases: readonly (readonly [number, number])[] = [
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [2.500001, 3],
    [-2.500001, -3],
  ];
  for (const [number, rounded] of cases) {
    assert.is(verdict(integerRule, new Double(number), pg.int4(rounded)), 'ROUNDED', String(number));
    assert.is(verdict(integerRule, Decimal128.fromString(String(number)), pg.int4(rounded)), 'ROUNDED', String(number));
    assert.is(verdict(integerRule, String(number), pg.int4(rounded)), 'NUMBER_FROM_STRING ROUNDED', String(number));
  }
});

test('texts and decimals of numbers are recorded', () => {
  for (const text of ['100', ' +100 ', '1e2', '100.000', '.1e3'])
    assert.is(verdict(integerRule, text, pg.int4(100)), 'NUMBER_FROM_STRING', text);
  for (const text of ['1 234 567', '\u00a01\u00a0234\u202f567 ', '+1 234 567.'])
    assert.is(verdict(integerRule, text, pg.int4(1_234_567)), 'NUMBER_FROM_STRING', text);
  for (const text of [
    '10.000,-',
    '1 00',
    '10 0000',
    '1  000',
    '1000 000',
    '1 000,5',
    '1 000e1',
    '- 1 000',
    '1 000 '.repeat(2),
    '1\t000',
  ])
    assert.is(verdict(integerRule, text, null), 'cannot', text);
  for (const text of ['', ' ', '1,000', '0x10', 'NaN', '1 2', '٣', '--1', '1e', '.'])
    assert.is(verdict(integerRule, text, null), 'cannot', text);
  assert.is(verdict(integerRule, Decimal128.fromString('1E+2'), pg.int4(100)), 'NUMBER_FROM_DECIMAL');
  assert.is(verdict(integerRule, Decimal128.fromString('1E+6000'), null), 'cannot');
  assert.is(verdict(integerRule, Decimal128.fromString('1E-6000'), pg.int4(0)), 'ROUNDED');
});

test('booleans, and what plainly means one', () => {
  assert.is(verdict(booleanRule(), true, pg.bool(true)), carried);
  assert.is(verdict(booleanRule(), true, pg.bool(false)), 'differs');
  for (const value of ['true', 'True', ' YES', '1', 'on\u00a0', new Int32(1), new Double(1), Decimal128.fromString('1.0')])
    assert.is(verdict(booleanRule(), value, pg.bool(true)), 'BOOL_FROM_VALUE');
  for (const value of ['False', 'no', '0', 'OFF', new Int32(0)])
    assert.is(verdict(booleanRule(), value, pg.bool(false)), 'BOOL_FROM_VALUE');
  for (const value of ['active', '', 'y', '1.0', new Int32(2), new Double(0.5), new Date(1)])
    assert.is(verdict(booleanRule(), value, null), 'cannot');
  const own = booleanRule({ true: 'active', false: 'inactive' });
  assert.is(verdict(own, 'Inactive', pg.bool(false)), 'BOOL_FROM_VALUE');
  assert.is(verdict(own, 'Inactive', pg.bool(true)), 'differs');
  assert.is(verdict(own, 'ACTIVE', pg.bool(true)), 'BOOL_FROM_VALUE');
});

test('dates are carried to the millisecond, to the ends of PostgreSQL', () => {
  for (const ms of [0n, -1n, 253_402_300_800_000n, 9_224_318_015_999_999n, -210_866_803_200_000n]) {
    assert.is(verdict(timestampRule, rawValue(9, int64Bytes(ms)), pg.timestamp(ms)), carried, String(ms));
    assert.is(verdict(timestampRule, rawValue(9, int64Bytes(ms)), pg.timestamp(ms - 1n)), 'differs', String(ms));
  }
  for (const ms of [9_224_318_016_000_000n, -210_866_803_200_001n])
    assert.is(verdict(timestampRule, rawValue(9, int64Bytes(ms)), null), 'cannot');
});

test('texts, numbers and timestamps that mean a date are recorded', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['2020-02-29', '2020-02-29T00:00:00Z'],
    ['2020-02-29T23:59:59.9999Z', '2020-02-29T23:59:59.999Z'],
    ['2020-01-01 12:00+02:00', '2020-01-01T10:00:00Z'],
    ['2020-01-01T24:00', '2020-01-02T00:00:00Z'],
    ['0001-01-01', '0001-01-01T00:00:00Z'],
    ['2021-02-29', null],
    ['2020-01-01T25:00', null],
    ['2020-1-1', null],
    ['1.1.2020', null],
    ['12:00', null],
  ];
  for (const [text, iso] of cases) {
    const expected = iso === null ? null : pg.timestamp(BigInt(new Date(iso).getTime()));
    assert.is(verdict(timestampRule, text, expected), iso === null ? 'cannot' : 'DATE_FROM_STRING', text);
  }
  for (const value of [new Int32(5), Long.fromNumber(5), new Double(5), Decimal128.fromString('5')])
    assert.is(verdict(timestampRule, value, pg.timestamp(5n)), 'DATE_FROM_NUMBER');
  assert.is(verdict(timestampRule, new Double(5.5), null), 'cannot');
  assert.is(
    verdict(timestampRule, new Timestamp({ t: 1_600_000_000, i: 7 }), pg.timestamp(1_600_000_000_000n)),
    'DATE_FROM_TIMESTAMP',
  );
});

test('an enum has exact labels and labels in another case', () => {
  const rule = enumRule(['ACTIVE', 'Kelvin']);
  assert.is(verdict(rule, 'ACTIVE', pg.text('ACTIVE')), carried);
  assert.is(verdict(rule, 'active', pg.text('ACTIVE')), 'ENUM_CASE');
  assert.is(verdict(rule, 'ACTIVE', pg.text('Kelvin')), 'differs');
  assert.is(verdict(rule, 'ACTIVE ', null), 'cannot');
  assert.is(verdict(rule, '\u212Aelvin', null), 'cannot');
  assert.is(verdict(rule, new Int32(1), null), 'cannot');
});

test('a label of blanks must be NULL', () => {
  const rule = labelRule(textRule);
  assert.is(verdict(rule, ' Demo', pg.text(' Demo')), carried);
  assert.is(verdict(rule, ' \u00a0\u0085', null), 'BLANK_TO_NULL');
  assert.is(verdict(rule, ' ', pg.text(' ')), 'differs');
  assert.is(verdict(rule, 'Demo', null), 'differs');
});

test('a currency must be the code that the text means', () => {
  const rule = currencyRule(textRule);
  assert.is(verdict(rule, 'CZK', pg.text('CZK')), carried);
  assert.is(verdict(rule, ' czk', pg.text('CZK')), 'CURRENCY_NORMALIZED');
  assert.is(verdict(rule, 'czk', pg.text('czk')), 'differs');
  assert.is(verdict(rule, 'KČ', pg.text('CZK')), 'CURRENCY_NORMALIZED');
  assert.is(verdict(rule, '€', pg.text('USD')), 'differs');
  assert.is(verdict(rule, 'crowns', pg.text('crowns')), carried);
  assert.is(verdict(rule, 'crowns', null), 'differs');
  assert.is(verdict(rule, 'kr', pg.text('kr')), carried);
  assert.is(verdict(rule, 'kr', pg.text('SEK')), 'differs');
});

test('a number beyond its range must be the nearest bound', () => {
  const rule = boundedRule(-4n, 1000n);
  assert.is(verdict(rule, new Int32(1000), pg.int8(1000n)), carried);
  assert.is(verdict(rule, new Int32(1001), pg.int8(1000n)), 'NUMBER_CLAMPED');
  assert.is(verdict(rule, new Int32(1001), pg.int8(1001n)), 'differs');
  assert.is(verdict(rule, new Int32(-9), pg.int8(-4n)), 'NUMBER_CLAMPED');
});

test('jsonb holds the same value, numbers to the last digit', () => {
  const same = (value: unknown, json: string) => verdict(jsonbRule, value, pg.jsonb(json));
  assert.is(same({ a: 1, b: [true, null] }, '{"b":[true,null],"a":1}'), carried);
  assert.is(same({ a: 1 }, '{"a":"1"}'), 'differs');
  assert.is(same([1, 2], '[2,1]'), 'differs');
  assert.is(same({ a: new Double(0.1) }, '{"a":0.1}'), carried);
  assert.is(same({ a: new Double(0.1) }, '{"a":0.1000000000000000055511151231257827}'), 'differs');
  assert.is(same({ a: new Double(1e300) }, `{"a":1${'0'.repeat(300)}}`), carried);
  assert.is(same({ a: Long.fromString('9007199254740993') }, '{"a":{"$numberLong":"9007199254740993"}}'), carried);
  assert.is(same({ a: Long.fromString('9007199254740993') }, '{"a":9007199254740993}'), 'differs');
  assert.is(same('text', '"text"'), carried);
  assert.is(same({ a: 'x\0y' }, '{"a":"xy"}'), 'NUL_REMOVED');
  assert.is(verdict(jsonbRule, { a: 1 }, null), 'differs');
  assert.is(same({ a: null }, '{}'), 'differs');
});

test('jsonb: the last of a repeated key wins, and what is too deep is text', () => {
  const inner = Buffer.concat([Buffer.from([19, 0, 0, 0]), Buffer.from('1061000100000010610002000000', 'hex'), Buffer.of(0)]);
  assert.is(verdict(jsonbRule, rawValue(3, inner), pg.jsonb('{"a":2}')), 'JSON_DUPLICATE_KEY');
  assert.is(verdict(jsonbRule, rawValue(3, inner), pg.jsonb('{"a":1}')), 'differs');
  const deep = (levels: number): unknown => Array.from({ length: levels }).reduce((value) => [value], 1 as unknown);
  const text = (levels: number) => '['.repeat(levels) + 1 + ']'.repeat(levels);
  assert.is(verdict(jsonbRule, deep(700), pg.jsonb(JSON.stringify(text(700)))), 'JSON_TOO_DEEP');
  assert.is(verdict(jsonbRule, deep(100), pg.jsonb(JSON.stringify(text(100)))), 'differs');
  assert.is(verdict(jsonbRule, deep(100), pg.jsonb(text(100))), carried);
});

test('text[]: order and repeats are kept, nulls are dropped', () => {
  assert.is(verdict(textArrayRule, ['a', 'b', 'a'], textArray('a', 'b', 'a')), carried);
  assert.is(verdict(textArrayRule, ['a', 'b', 'a'], textArray('a', 'a', 'b')), 'differs');
  assert.is(verdict(textArrayRule, ['a', 'b'], textArray('a')), 'differs');
  assert.is(verdict(textArrayRule, [], textArray()), carried);
  assert.is(verdict(textArrayRule, [null, 'a', null], textArray('a')), 'ARRAY_NULL_DROPPED');
  assert.is(verdict(textArrayRule, 'bare', textArray('bare')), 'ARRAY_FROM_VALUE');
  assert.is(verdict(textArrayRule, new Int32(1), textArray('1')), 'ARRAY_FROM_VALUE TEXT_FROM_VALUE');
  assert.is(verdict(textArrayRule, [{ a: 1 }], textArray('{"a":{"$numberInt":"1"}}')), 'TEXT_FROM_VALUE');
  assert.is(verdict(textArrayRule, { a: 1 }, null), 'cannot');
});

const hex = '5e0be1000000000000000001';
const uuid = '5e0be100-0000-8000-8000-000001000000';
const other = '0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f70';
const hashedText = hashedUuid(bsonValue('name'));

test('references: ids in every shape', () => {
  const rule = referenceRule(['Users']);
  assert.is(verdict(rule, new ObjectId(hex), pg.uuid(uuid)), carried);
  assert.is(verdict(rule, new ObjectId(hex), pg.uuid(other)), 'differs');
  assert.is(verdict(rule, new ObjectId(hex), null), 'DANGLING_REFERENCE');
  assert.is(verdict(rule, hex.toUpperCase(), pg.uuid(uuid)), 'ID_FROM_STRING');
  assert.is(verdict(rule, hex, null), 'DANGLING_REFERENCE');
  assert.is(verdict(rule, new DBRef('Users', new ObjectId(hex)), pg.uuid(uuid)), 'ID_FROM_DBREF');
  assert.is(verdict(rule, 'name', pg.uuid(hashedText)), 'ID_HASHED');
  assert.is(verdict(rule, 'name', null), 'UNCONVERTIBLE');
  assert.is(verdict(rule, '', null), 'ID_EMPTY');
  assert.is(verdict(rule, new UUID(other), pg.uuid(other)), carried);
  assert.is(verdict(rule, [new ObjectId(hex)], pg.uuid(uuid)), 'ID_FROM_VALUE');
  assert.is(verdict(rule, [hex], pg.uuid(uuid)), 'ID_FROM_VALUE');
  assert.is(verdict(rule, [new DBRef('Users', new ObjectId(hex))], pg.uuid(uuid)), 'ID_FROM_VALUE');
  assert.is(verdict(rule, { $oid: hex.toUpperCase() }, pg.uuid(uuid)), 'ID_FROM_VALUE');
  assert.is(verdict(rule, { $oid: hex }, pg.uuid(other)), 'differs');
  assert.is(verdict(rule, [new ObjectId(hex)], null), 'DANGLING_REFERENCE');
  const noId = [true, new Date(0), { a: 1 }, [], [''], [null], [hex, hex], [[hex]], { $oid: 'x' }, { $oid: hex, a: 1 }];
  for (const value of noId) assert.is(verdict(rule, value, null), 'cannot', JSON.stringify(value));
  assert.is(verdict(referenceRule(['Users'], { required: true }), '', null), 'cannot');
});

test('references: an id without a foreign key is kept whatever it names', () => {
  const rule = referenceRule(null);
  assert.is(verdict(rule, new ObjectId(hex), pg.uuid(uuid)), carried);
  assert.is(verdict(rule, new ObjectId(hex), null), 'differs');
  assert.is(verdict(rule, 'name', null), 'UNCONVERTIBLE');
});

test('references: what was given up must not exist, what was hashed must', () => {
  const rule = referenceRule(['Users']);
  const conditions = (value: unknown, actual: Buffer | null) => {
    const found = rule(bsonValue(value), actual, []);
    return typeof found === 'string' ? [] : found.conditions.map(({ id, exists, unless }) => [id, exists, unless]);
  };
  const plain = uuid.replaceAll('-', '');
  assert.equal(conditions(new ObjectId(hex), pg.uuid(uuid)), []);
  assert.equal(conditions(new ObjectId(hex), null), [[plain, false, undefined]]);
  assert.equal(conditions('name', pg.uuid(hashedText)), [[hashedText, true, undefined]]);
  const hashedHex = hashedUuid(bsonValue(hex));
  assert.equal(conditions(hex, pg.uuid(uuid)), [[hashedHex, false, plain]]);
  assert.equal(conditions(hex, pg.uuid(hashedHex)), [
    [hashedHex, true, undefined],
    [plain, false, undefined],
  ]);
});

test('uuid[]: elements as for uuid, those that cannot are dropped', () => {
  const id = new ObjectId(hex);
  assert.is(verdict(uuidArrayRule(), [id, id], uuidArray(uuid, uuid)), carried);
  assert.is(verdict(uuidArrayRule(), [id, id], uuidArray(uuid)), 'differs');
  assert.is(
    verdict(uuidArrayRule(), [hex, true, '', null], uuidArray(uuid)),
    'ARRAY_NULL_DROPPED ID_FROM_STRING ARRAY_ELEMENT_DROPPED ARRAY_ELEMENT_DROPPED',
  );
  assert.is(verdict(uuidArrayRule(), id, uuidArray(uuid)), 'ARRAY_FROM_VALUE');
  assert.is(verdict(uuidArrayRule(), ['nobody'], uuidArray()), 'ARRAY_ELEMENT_DROPPED');
  assert.is(verdict(uuidArrayRule(), { a: 1 }, null), 'cannot');
});

test.run();
