/** The identity rule as validation has it. */
import { Binary, Decimal128, Double, Int32, Long, ObjectId, UUID } from 'bson';
import * as assert from 'uvu/assert';
import { nameOf } from '../../../../src/validate/records/extra-rows.ts';
import { sourceIdOf, uuidOfDocument } from '../../../../src/validate/records/identity.ts';
import { suite } from '../../../support/suite.ts';
import { bsonValue } from '../value.ts';

const test = suite('identity, as validation has it');
const idOf = (value: unknown) => uuidOfDocument(bsonValue(value));

test('an ObjectId stands in its UUID in order and in sight, and comes back out of it', () => {
  const hex = '0123456789abcdef01234567';
  assert.is(idOf(new ObjectId(hex)), '0123456789ab8cde8f01234567000000');
  assert.is(nameOf(idOf(new ObjectId(hex))), hex);
  assert.is(sourceIdOf(bsonValue(new ObjectId(hex))), hex);
});

test('a UUID is itself, where RFC 9562 allows it', () => {
  for (const uuid of [
    '0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f70',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ]) {
    assert.is(idOf(new UUID(uuid)), uuid.replaceAll('-', ''));
  }
  const wrong = new Binary(Buffer.from('0190b6f07d2a9c3e9b1a2f3c4d5e6f70', 'hex'), 4);
  assert.match(idOf(wrong), /^.{12}5.{3}[89ab]/);
});

test('values that MongoDB takes for equal have one id, others have not', () => {
  const same = [new Int32(42), Long.fromNumber(42), new Double(42), Decimal128.fromString('4.2E+1')].map(idOf);
  assert.is(new Set(same).size, 1);
  const different = [
    new Int32(43),
    '42',
    true,
    new Date(42),
    { a: 42 },
    [42],
    { a: new Int32(42), b: 1 },
    { b: 1, a: 42 },
    '5e0be1000000000000000001',
  ].map(idOf);
  assert.is(new Set([...same, ...different]).size, different.length + 1);
});

test('equality goes through objects', () => {
  assert.is(idOf({ a: new Int32(1) }), idOf({ a: new Double(1) }));
  assert.is.not(idOf({ a: 'b' }), idOf({ a: ['b'] }));
});

test('the double 0.1 is not the decimal 0.1', () => {
  assert.is.not(idOf(new Double(0.1)), idOf(Decimal128.fromString('0.1')));
  assert.is(idOf(new Double(0.5)), idOf(Decimal128.fromString('0.50')));
});

test('a hash is a UUIDv5 and stays what it is', () => {
  assert.is(idOf('name'), '77c778b12a80548e95ccdafc63a81f83');
});

test('another id is named by its canonical Extended JSON', () => {
  assert.is(sourceIdOf(bsonValue(new Int32(42))), '{"$numberInt":"42"}');
  assert.is(sourceIdOf(bsonValue('a"b')), '"a\\"b"');
});

test.run();
