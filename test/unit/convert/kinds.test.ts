/** Every BSON type in every kind of column: what the row holds and what the ledger keeps. */
import { Binary, BSONRegExp, BSONSymbol, Code, DBRef, Decimal128, Double, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import * as assert from 'uvu/assert';
import type { ColumnSpec, Kind } from '../../../src/catalog/index.ts';
import { convert, oneColumn } from '../../support/conversion.ts';
import { type Cell, microseconds } from '../../support/copy-decoder.ts';
import { int64, rawDocument, rawString } from '../../support/raw-bson.ts';
import { suite } from '../../support/suite.ts';

const test = suite('convert: kinds of columns');
const id = new ObjectId('507f1f77bcf86cd799439011');
const other = new ObjectId('0123456789abcdef01234567');
const otherUuid = '01234567-89ab-8cde-8f01-234567000000';
const uuidText = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';
const uuid = new Binary(Buffer.from(uuidText.replaceAll('-', ''), 'hex'), 4);
const date = new Date('2021-03-04T05:06:07.089Z');
const dbPointer = rawDocument(
  { type: 7, name: '_id', value: Buffer.from(id.id) },
  { type: 12, name: 'v', value: Buffer.concat([rawString('users'), Buffer.from(other.id)]) },
);

/** What the column holds and the codes of the changes; a rejected document has its code in place of a value. */
function outcome(column: ColumnSpec, value: unknown): { readonly value: Cell | undefined; readonly codes: string[] } {
  const document = value instanceof Uint8Array && !(value instanceof Binary) ? value : { _id: id, v: value };
  const { rows, changes, rejects } = convert(oneColumn(column), document);
  const [{ v = null } = {}] = rows;
  return { value: rejects[0]?.code ?? v, codes: changes.map(({ code }) => String(code)) };
}

type Case = readonly [what: string, given: unknown, value: Cell, ...codes: string[]];

function table(kind: Kind, cases: readonly Case[], column: Omit<ColumnSpec, 'kind'> = {}): void {
  for (const [what, given, value, ...codes] of cases) {
    assert.equal(outcome({ ...column, kind }, given), { value, codes }, `${kind}: ${what}`);
  }
}

const none: Case[] = [
  ['null', null, null],
  ['undefined', undefined, null],
];
/** What no scalar kind but text or jsonb takes. */
const exotic: Case[] = [
  ['object', { a: 1 }, null, 'UNCONVERTIBLE'],
  ['array', [1], null, 'UNCONVERTIBLE'],
  ['regular expression', new BSONRegExp('a', 'i'), null, 'UNCONVERTIBLE'],
  ['code', new Code('x'), null, 'UNCONVERTIBLE'],
  ['code with scope', new Code('x', { a: 1 }), null, 'UNCONVERTIBLE'],
  ['minKey', new MinKey(), null, 'UNCONVERTIBLE'],
  ['maxKey', new MaxKey(), null, 'UNCONVERTIBLE'],
  ['binary', new Binary(Buffer.from('x')), null, 'UNCONVERTIBLE'],
];
const noObjectId: Case[] = [
  ['ObjectId', other, null, 'UNCONVERTIBLE'],
  ['DBPointer', dbPointer, null, 'UNCONVERTIBLE'],
  ['symbol', new BSONSymbol('1'), null, 'UNCONVERTIBLE'],
];
const bsonTimestamp = new Timestamp({ t: 1_614_834_367, i: 5 });

test('uuid', () => {
  table('uuid', [
    ...none,
    ...exotic.filter(([what]) => what !== 'object' && what !== 'array'),
    ['ObjectId', other, otherUuid],
    ['array of one id', [other], otherUuid, 'ID_FROM_VALUE'],
    ['array of one string of digits', [other.toHexString()], otherUuid, 'ID_FROM_VALUE'],
    ['array of one DBRef', [new DBRef('users', other)], otherUuid, 'ID_FROM_VALUE'],
    ['Extended JSON', { $oid: '0123456789ABcdef01234567' }, otherUuid, 'ID_FROM_VALUE'],
    ['Extended JSON in an array of one', [{ $oid: other.toHexString() }], otherUuid, 'ID_FROM_VALUE'],
    ...[[], [null], [''], [other, other], [[other]], [{ a: 1 }]].map(
      (value): Case => [`array ${JSON.stringify(value)}`, value, null, 'UNCONVERTIBLE'],
    ),
    ...[
      { $oid: other },
      { $oid: 'x' },
      { $oid: '' },
      { $oid: other.toHexString(), a: 1 },
      { a: 1, $oid: other.toHexString() },
    ].map((value): Case => [`object ${JSON.stringify(value)}`, value, null, 'UNCONVERTIBLE']),
    ['DBRef to an array', { $ref: 'users', $id: [other] }, null, 'UNCONVERTIBLE'],
    ['UUID binary', uuid, uuidText],
    ['nil UUID', new Binary(Buffer.alloc(16), 4), '00000000-0000-0000-0000-000000000000'],
    ['max UUID', new Binary(Buffer.alloc(16, 255), 4), 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['UUID binary of no version', new Binary(Buffer.alloc(16, 1), 4), null, 'UNCONVERTIBLE'],
    ['legacy UUID', new Binary(uuid.buffer, 3), null, 'UNCONVERTIBLE'],
    ['24 hex digits', '0123456789ABcdef01234567', otherUuid, 'ID_FROM_STRING'],
    ['24 hex digits as symbol', new BSONSymbol('0123456789abcdef01234567'), otherUuid, 'ID_FROM_STRING'],
    ['empty string', '', null, 'ID_EMPTY'],
    ['DBRef', new DBRef('users', other), otherUuid, 'ID_FROM_DBREF'],
    ['DBRef to a string of digits', { $ref: 'users', $id: other.toHexString() }, otherUuid, 'ID_FROM_DBREF'],
    ['DBRef without an id', { $ref: 'users', $id: '' }, null, 'UNCONVERTIBLE'],
    ['object with an id alone', { $id: other }, null, 'UNCONVERTIBLE'],
    ['DBPointer', dbPointer, otherUuid, 'ID_FROM_DBREF'],
    ['boolean', true, null, 'UNCONVERTIBLE'],
    ['date', date, null, 'UNCONVERTIBLE'],
    ['BSON timestamp', bsonTimestamp, null, 'UNCONVERTIBLE'],
  ]);
  for (const hashed of ['me@example.com', '0123', 42, Long.fromNumber(42), new Double(4.5), Decimal128.fromString('7')]) {
    const { value, codes } = outcome({ kind: 'uuid' }, hashed);
    assert.match(String(value), /^.{14}5.{4}[89ab]/, 'a UUIDv5');
    assert.equal(codes, ['ID_HASHED']);
  }
  assert.is(outcome({ kind: 'uuid', required: true }, '').value, 'UNCONVERTIBLE_REQUIRED');
});

test('text', () => {
  table('text', [
    ...none,
    ...exotic,
    ['string', 'Žluťoučký 漢字 🙂', 'Žluťoučký 漢字 🙂'],
    ['empty string', '', ''],
    ['traps of COPY', '\\N\\.\t\n\r\\', '\\N\\.\t\n\r\\'],
    ['white space', '  x ', '  x '],
    ['byte order mark', '\uFEFFx', '\uFEFFx'],
    ['long', 'ž'.repeat(100_000), 'ž'.repeat(100_000)],
    ['NUL', 'a\0b\0', 'ab', 'NUL_REMOVED'],
    ['NUL alone', '\0', '', 'NUL_REMOVED'],
    ['long with NUL', `${'x'.repeat(500)}\0ž`, `${'x'.repeat(500)}ž`, 'NUL_REMOVED'],
    ['int32', -5, '-5', 'TEXT_FROM_VALUE'],
    ['int64', Long.fromString('9007199254740993'), '9007199254740993', 'TEXT_FROM_VALUE'],
    ['double', 1.5, '1.5', 'TEXT_FROM_VALUE'],
    ['NaN', Number.NaN, 'NaN', 'TEXT_FROM_VALUE'],
    ['boolean', false, 'false', 'TEXT_FROM_VALUE'],
    ['ObjectId', other, other.toHexString(), 'TEXT_FROM_VALUE'],
    ['date', date, '2021-03-04T05:06:07.089Z', 'TEXT_FROM_VALUE'],
    ['decimal', Decimal128.fromString('1.50'), '1.50', 'TEXT_FROM_VALUE'],
    ['BSON timestamp', bsonTimestamp, null, 'UNCONVERTIBLE'],
    ['symbol', new BSONSymbol('ž'), 'ž', 'TEXT_FROM_VALUE'],
    ['empty symbol', new BSONSymbol(''), '', 'TEXT_FROM_VALUE'],
    ['symbol with NUL', new BSONSymbol('a\0b'), 'ab', 'TEXT_FROM_VALUE', 'NUL_REMOVED'],
    [
      'symbol of broken bytes',
      rawDocument(
        { type: 7, name: '_id', value: Buffer.from(id.id) },
        { type: 14, name: 'v', value: Buffer.from([3, 0, 0, 0, 0x61, 0xff, 0]) },
      ),
      'a\uFFFD',
      'TEXT_FROM_VALUE',
      'INVALID_UTF8',
    ],
    ['DBPointer', dbPointer, null, 'UNCONVERTIBLE'],
  ]);
});

const numbers = (kind: 'integer' | 'bigint', as: (value: number) => Cell): Case[] => [
  ...none,
  ...exotic,
  ...noObjectId,
  ['int32', -5, as(-5)],
  ['int64', Long.fromNumber(7), as(7)],
  ['double', new Double(2_000_000_000), as(2_000_000_000)],
  ['-0', new Double(-0), as(0)],
  ['half down', 2.5, as(2), 'ROUNDED'],
  ['half up', 3.5, as(4), 'ROUNDED'],
  ['negative half', -2.5, as(-2), 'ROUNDED'],
  ['just above a half', 2.5000000000000004, as(3), 'ROUNDED'],
  ['tiny', 5e-324, as(0), 'ROUNDED'],
  ['decimal', Decimal128.fromString('1E+2'), as(100), 'NUMBER_FROM_DECIMAL'],
  ['decimal with zeros', Decimal128.fromString('5.000'), as(5), 'NUMBER_FROM_DECIMAL'],
  ['decimal with a fraction', Decimal128.fromString('-0.5'), as(0), 'ROUNDED'],
  ['tiny decimal', Decimal128.fromString('1E-6176'), as(0), 'ROUNDED'],
  ['string', '0042', as(42), 'NUMBER_FROM_STRING'],
  ['string with sign and spaces', ' +7\n', as(7), 'NUMBER_FROM_STRING'],
  ['string with an exponent', '1.2e3', as(1200), 'NUMBER_FROM_STRING'],
  ['string with a fraction', '-1.5', as(-2), 'NUMBER_FROM_STRING', 'ROUNDED'],
  ['string of zero with a huge exponent', '0e999999999999', as(0), 'NUMBER_FROM_STRING'],
  ['string of a tiny number', '1e-999999999999', as(0), 'NUMBER_FROM_STRING', 'ROUNDED'],
  ['string with a long fraction', `2.5${'0'.repeat(1000)}1`, as(3), 'NUMBER_FROM_STRING', 'ROUNDED'],
  ['groups of digits', '500 000', as(500_000), 'NUMBER_FROM_STRING'],
  ['groups with a no-break space', '-1\u00a0234\u202f567', as(-1_234_567), 'NUMBER_FROM_STRING'],
  ['groups with blanks around', '\u00a0+12 000.\u202f', as(12_000), 'NUMBER_FROM_STRING'],
  ['groups with a fraction', '1 000.5', as(1000), 'NUMBER_FROM_STRING', 'ROUNDED'],
  ['a point before three digits', '10.000', as(10), 'NUMBER_FROM_STRING'],
  ['string of a huge number', '1e999999999999', null, 'UNCONVERTIBLE'],
  ['many digits', '9'.repeat(100_000), null, 'UNCONVERTIBLE'],
  ...[
    '',
    ' ',
    '1,000',
    '10.000,-',
    '1 00',
    '10 0000',
    '1  000',
    '1000 000',
    '1 000,5',
    '1 000e1',
    '- 1 000',
    '€ 5',
    '0x10',
    '.',
    '1e',
    'Infinity',
    'NaN',
    '1_0',
    '٣',
    '1\0',
  ].map((text): Case => [`string ${JSON.stringify(text)}`, text, null, 'UNCONVERTIBLE']),
  ['NaN', Number.NaN, null, 'UNCONVERTIBLE'],
  ['infinite', Number.NEGATIVE_INFINITY, null, 'UNCONVERTIBLE'],
  ['infinite decimal', Decimal128.fromString('Infinity'), null, 'UNCONVERTIBLE'],
  ['decimal NaN', Decimal128.fromString('NaN'), null, 'UNCONVERTIBLE'],
  ['out of range', kind === 'integer' ? 2 ** 31 : 2 ** 63, null, 'UNCONVERTIBLE'],
  ['boolean', true, null, 'UNCONVERTIBLE'],
  ['date', date, null, 'UNCONVERTIBLE'],
  ['BSON timestamp', bsonTimestamp, null, 'UNCONVERTIBLE'],
];

test('integer', () => {
  table(
    'integer',
    numbers('integer', (value) => value),
  );
  table('integer', [
    ['largest', 2 ** 31 - 1, 2 ** 31 - 1],
    ['smallest', Long.fromNumber(-(2 ** 31)), -(2 ** 31)],
    ['rounded out of range', 2147483647.5, null, 'UNCONVERTIBLE'],
    ['int64 out of range', Long.fromNumber(2 ** 31), null, 'UNCONVERTIBLE'],
  ]);
});

test('bigint', () => {
  table(
    'bigint',
    numbers('bigint', (value) => BigInt(value)),
  );
  table('bigint', [
    ['largest', Long.MAX_VALUE, 2n ** 63n - 1n],
    ['smallest', Long.MIN_VALUE, -(2n ** 63n)],
    ['double beyond 2^53', 2 ** 62, 2n ** 62n],
    ['smallest double', -(2 ** 63), -(2n ** 63n)],
    ['largest string', '9223372036854775807', 2n ** 63n - 1n, 'NUMBER_FROM_STRING'],
    ['string out of range', '9223372036854775808', null, 'UNCONVERTIBLE'],
    ['rounded out of range', '9223372036854775807.5', null, 'UNCONVERTIBLE'],
  ]);
});

test('boolean', () => {
  table('boolean', [
    ...none,
    ...exotic,
    ...noObjectId,
    ['true', true, true],
    ['false', false, false],
    ['"true"', 'true', true, 'BOOL_FROM_VALUE'],
    ['"false"', 'false', false, 'BOOL_FROM_VALUE'],
    ['1', 1, true, 'BOOL_FROM_VALUE'],
    ['0', 0, false, 'BOOL_FROM_VALUE'],
    ['1.0', new Double(1), true, 'BOOL_FROM_VALUE'],
    ['-0', new Double(-0), false, 'BOOL_FROM_VALUE'],
    ['int64 1', Long.fromNumber(1), true, 'BOOL_FROM_VALUE'],
    ['decimal 1.0', Decimal128.fromString('1.0'), true, 'BOOL_FROM_VALUE'],
    ...['True', 'TRUE', 'yes', 'Yes', 'YES', '1', 'on', 'ON', ' true ', '\u00a0Yes\n'].map(
      (word): Case => [JSON.stringify(word), word, true, 'BOOL_FROM_VALUE'],
    ),
    ...['False', 'FALSE', 'no', 'No', '0', 'off', 'Off', '\tfalse'].map(
      (word): Case => [JSON.stringify(word), word, false, 'BOOL_FROM_VALUE'],
    ),
    ...[
      2,
      -1,
      0.5,
      1.0000000000000002,
      Number.NaN,
      '',
      'y',
      'ja',
      'active',
      'Inactive',
      '1.0',
      '2',
      'tru e',
      date,
      bsonTimestamp,
    ].map((value): Case => [String(value), value, null, 'UNCONVERTIBLE']),
  ]);
});

test('boolean with words of its own', () => {
  table(
    'boolean',
    [
      ['its own', 'Active', true, 'BOOL_FROM_VALUE'],
      ['its own for false', ' INACTIVE', false, 'BOOL_FROM_VALUE'],
      ['that of all', 'No', false, 'BOOL_FROM_VALUE'],
      ['another', 'pending', null, 'UNCONVERTIBLE'],
    ],
    { words: { true: 'active', false: 'inactive' } },
  );
});

test('an empty text is no number: a required one is missing, not unconvertible', () => {
  for (const kind of ['integer', 'bigint'] as const) {
    assert.is(outcome({ kind, required: true }, ' \u00a0').value, 'MISSING_REQUIRED');
    assert.is(outcome({ kind, required: true }, 'many').value, 'UNCONVERTIBLE_REQUIRED');
    assert.equal(outcome({ kind, required: true, whenMissing: { value: 0 } }, '').codes, ['DEFAULTED']);
  }
});

test('timestamp', () => {
  const at = (text: string, code?: string): Case => [text, text, microseconds(text), ...(code ? [code] : [])];
  table('timestamp', [
    ...none,
    ...exotic,
    ...noObjectId,
    ['date', date, microseconds(date)],
    ['before 1970', new Date(-1), microseconds(-1)],
    ['before 2000', new Date('1999-12-31T23:59:59.999Z'), -1000n],
    ['year 1', new Date('0001-01-01'), microseconds('0001-01-01')],
    ['beyond 2^53 microseconds', new Date('2300-01-01'), microseconds('2300-01-01')],
    ['last of JavaScript', new Date(8_640_000_000_000_000), microseconds(8_640_000_000_000_000)],
    at('2021-03-04', 'DATE_FROM_STRING'),
    at('2021-03-04T05:06:07.089Z', 'DATE_FROM_STRING'),
    at('2021-03-04T05:06:07+02:30', 'DATE_FROM_STRING'),
    at('2021-03-04T05:06Z', 'DATE_FROM_STRING'),
    at('+012021-03-04T05:06:07Z', 'DATE_FROM_STRING'),
    at('-000044-03-15T00:00:00Z', 'DATE_FROM_STRING'),
    ['no zone', '2021-03-04T05:06:07', microseconds('2021-03-04T05:06:07Z'), 'DATE_FROM_STRING'],
    ['a space', '2021-03-04 05:06:07', microseconds('2021-03-04T05:06:07Z'), 'DATE_FROM_STRING'],
    ['short zone', '2021-03-04T05:06:07-0800', microseconds('2021-03-04T05:06:07-08:00'), 'DATE_FROM_STRING'],
    ['microseconds', '2021-03-04T05:06:07.089999Z', microseconds('2021-03-04T05:06:07.089Z'), 'DATE_FROM_STRING'],
    ['end of the day', '2021-03-04T24:00:00Z', microseconds('2021-03-05'), 'DATE_FROM_STRING'],
    ['int64', Long.fromNumber(date.getTime()), microseconds(date), 'DATE_FROM_NUMBER'],
    ['int32', 5, microseconds(5), 'DATE_FROM_NUMBER'],
    ['double', new Double(date.getTime()), microseconds(date), 'DATE_FROM_NUMBER'],
    ['decimal', Decimal128.fromString('1E+3'), microseconds(1000), 'DATE_FROM_NUMBER'],
    ['BSON timestamp', bsonTimestamp, microseconds(1_614_834_367_000), 'DATE_FROM_TIMESTAMP'],
    ...['', '2021', '2021-03', '2021-02-30', '2021-13-01', '2021-03-04T25:00Z', '2021-03-04T05:06:60Z', '04/03/2021', 'now'].map(
      (text): Case => [text, text, null, 'UNCONVERTIBLE'],
    ),
    ['string out of range', '+300000-01-01', null, 'UNCONVERTIBLE'],
    ['fraction of a millisecond', 0.5, null, 'UNCONVERTIBLE'],
    ['number out of range', new Double(1e17), null, 'UNCONVERTIBLE'],
    ['NaN', Number.NaN, null, 'UNCONVERTIBLE'],
    ['boolean', true, null, 'UNCONVERTIBLE'],
  ]);
});

test('a timestamp reaches to both ends of the range of PostgreSQL and not beyond', () => {
  const at = (milliseconds: bigint) =>
    outcome(
      { kind: 'timestamp' },
      rawDocument({ type: 7, name: '_id', value: Buffer.from(id.id) }, { type: 9, name: 'v', value: int64(milliseconds) }),
    );
  assert.equal(at(-210_866_803_200_000n), { value: -211_813_488_000_000_000n, codes: [] });
  assert.equal(at(-210_866_803_200_001n), { value: null, codes: ['UNCONVERTIBLE'] });
  assert.equal(at(9_224_318_015_999_999n), { value: 9_223_371_331_199_999_000n, codes: [] });
  assert.equal(at(9_224_318_016_000_000n), { value: null, codes: ['UNCONVERTIBLE'] });
  assert.equal(at(2n ** 63n - 1n), { value: null, codes: ['UNCONVERTIBLE'] });
  for (let days = -60_000n; days < 120_000n; days += 977n) {
    const milliseconds = days * 86_400_000n + 12_345n;
    assert.is(at(milliseconds).value, (milliseconds - 946_684_800_000n) * 1000n);
  }
});

test('enum', () => {
  table(
    'enum',
    [
      ...none,
      ...exotic,
      ...noObjectId,
      ['label', 'ACTIVE', 'ACTIVE'],
      ['other case', 'Active', 'ACTIVE', 'ENUM_CASE'],
      ...['', 'ACTIVE ', 'ACTIV', 'ACTIVES', 1, true, date].map((value): Case => [String(value), value, null, 'UNCONVERTIBLE']),
    ],
    { labels: ['ACTIVE', 'cz'] },
  );
});

test('a label of blanks is NULL', () => {
  table(
    'text',
    [
      ['visible', 'Demo', 'Demo'],
      ['blanks around', ' Demo ', ' Demo '],
      ['not ASCII', 'Č', 'Č'],
      ...['', ' ', '\t\u00a0\u3000\ufeff\u0085'].map((value): Case => [JSON.stringify(value), value, null, 'BLANK_TO_NULL']),
    ],
    { normalize: 'label' },
  );
});

test('a currency is its code, where the text means one', () => {
  const codes: readonly Case[] = Object.entries({
    czk: 'CZK',
    ' Eur\n': 'EUR',
    Kč: 'CZK',
    KČ: 'CZK',
    'Kc\u030c': 'CZK',
    '€': 'EUR',
    '£': 'GBP',
    zł: 'PLN',
    Ft: 'HUF',
    '₴': 'UAH',
    $: 'USD',
    lei: 'RON',
  }).map(([typed, code]): Case => [typed, typed, code, 'CURRENCY_NORMALIZED']);
  const kept = ['CZK', 'XQZ', 'cz', 'crowns', 'kr', ' Kr ', '', '12', 'čzk', 'constructor', 'x'.repeat(300)];
  table('text', [...codes, ...kept.map((typed): Case => [typed, typed, typed])], { normalize: 'currency' });
});

test('a number beyond its range is the nearest bound', () => {
  table(
    'bigint',
    [
      ['inside', Long.fromNumber(1000), 1000n],
      ['above', Long.fromNumber(1001), 1000n, 'NUMBER_CLAMPED'],
      ['below', -5, -4n, 'NUMBER_CLAMPED'],
    ],
    { normalize: { min: '-4', max: '1000' } },
  );
});

test('jsonb', () => {
  table('jsonb', [
    ...none,
    ['string', 'a"\\', '"a\\"\\\\"'],
    ['int32', 1, '1'],
    ['boolean', true, 'true'],
    ['ObjectId', other, `{"$oid":"${other.toHexString()}"}`],
    ['nested', { a: [{ b: date }, null] }, '{"a":[{"b":{"$date":"2021-03-04T05:06:07.089Z"}},null]}'],
    ['int64 beyond 2^53', Long.MAX_VALUE, '{"$numberLong":"9223372036854775807"}'],
    ['decimal', Decimal128.fromString('1.10'), '{"$numberDecimal":"1.10"}'],
    ['NUL', ['a\0b'], '["ab"]', 'NUL_REMOVED'],
    ['minKey', new MinKey(), '{"$minKey":1}'],
    ['BSON timestamp', bsonTimestamp, '{"$timestamp":{"t":1614834367,"i":5}}'],
    ['regular expression', new BSONRegExp('a', 'i'), '{"$regularExpression":{"pattern":"a","options":"i"}}'],
    ['code with scope', new Code('x', { a: 1 }), '{"$code":"x","$scope":{"a":1}}'],
    ['DBPointer', dbPointer, `{"$dbPointer":{"$ref":"users","$id":{"$oid":"${other.toHexString()}"}}}`],
    ['__proto__', JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ]);
});

test('text[]', () => {
  table('text[]', [
    ['null', null, []],
    ['undefined', undefined, []],
    ['empty', [], []],
    ['strings', ['b', 'a', 'b', ''], ['b', 'a', 'b', '']],
    ['null elements', ['a', null, undefined, 'b'], ['a', 'b'], 'ARRAY_NULL_DROPPED'],
    ['null elements alone', [null], [], 'ARRAY_NULL_DROPPED'],
    ['scalar', 'a', ['a'], 'ARRAY_FROM_VALUE'],
    ['number', 5, ['5'], 'ARRAY_FROM_VALUE', 'TEXT_FROM_VALUE'],
    [
      'elements as for text',
      ['a\0', 5, date],
      ['a', '5', date.toISOString()],
      'NUL_REMOVED',
      'TEXT_FROM_VALUE',
      'TEXT_FROM_VALUE',
    ],
    ['elements that cannot', [{ a: 1 }, ['x']], ['{"a":{"$numberInt":"1"}}', '["x"]'], 'TEXT_FROM_VALUE', 'TEXT_FROM_VALUE'],
    ['object', { a: 1 }, null, 'UNCONVERTIBLE'],
    [
      'regular expression',
      new BSONRegExp('a'),
      ['{"$regularExpression":{"pattern":"a","options":""}}'],
      'ARRAY_FROM_VALUE',
      'TEXT_FROM_VALUE',
    ],
  ]);
  const many = Array.from({ length: 100_000 }, (_, index) => `element ${index}`);
  assert.equal(outcome({ kind: 'text[]' }, many), { value: many, codes: [] });
});

test('a string in an array of ids holds the place of its own until it is looked up', () => {
  const { value, codes } = outcome({ kind: 'uuid[]' }, [other, other.toHexString()]);
  assert.equal(codes, ['ID_FROM_STRING']);
  const [first, second] = value as string[];
  assert.is(first, otherUuid);
  assert.match(String(second), /^.{14}5/);
});

test('uuid[]', () => {
  table('uuid[]', [
    ['null', null, []],
    ['ids', [other, uuid, other], [otherUuid, uuidText, otherUuid]],
    ['a DBRef', [new DBRef('users', other)], [otherUuid], 'ID_FROM_DBREF'],
    ['elements that cannot', [true, other, '', { a: 1 }], [otherUuid], ...Array(3).fill('ARRAY_ELEMENT_DROPPED')],
    ['null elements', [null, other], [otherUuid], 'ARRAY_NULL_DROPPED'],
    ['scalar', other, [otherUuid], 'ARRAY_FROM_VALUE'],
    ['scalar that cannot', true, [], 'ARRAY_FROM_VALUE', 'ARRAY_ELEMENT_DROPPED'],
    ['DBRef alone', new DBRef('users', other), [otherUuid], 'ARRAY_FROM_VALUE', 'ID_FROM_DBREF'],
    ['object', { a: 1 }, null, 'UNCONVERTIBLE'],
  ]);
});

test.run();
