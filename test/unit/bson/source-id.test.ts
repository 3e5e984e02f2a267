import { Binary, Decimal128, Long, ObjectId, serialize } from 'bson';
import * as assert from 'uvu/assert';
import { MalformedBson } from '../../../src/bson/malformed-bson.ts';
import { sourceIdOf } from '../../../src/bson/source-id.ts';
import { int32, rawDocument } from '../../support/raw-bson.ts';
import { suite } from '../../support/suite.ts';

const test = suite('bson: source id');

test('an ObjectId is named by its 24 hex digits, anything else by its canonical Extended JSON', () => {
  const names: readonly (readonly [unknown, string])[] = [
    [new ObjectId('507f1f77bcf86cd799439011'), '507f1f77bcf86cd799439011'],
    ['507f1f77bcf86cd799439011', '"507f1f77bcf86cd799439011"'],
    [42, '{"$numberInt":"42"}'],
    [Long.fromNumber(42), '{"$numberLong":"42"}'],
    [Decimal128.fromString('4.2E+1'), '{"$numberDecimal":"42"}'],
    [null, 'null'],
    [true, 'true'],
    [{ a: 1, b: 'x' }, '{"a":{"$numberInt":"1"},"b":"x"}'],
    [new Binary(Buffer.alloc(16), 4), '{"$binary":{"base64":"AAAAAAAAAAAAAAAAAAAAAA==","subType":"04"}}'],
  ];
  for (const [id, name] of names) assert.is(sourceIdOf(serialize({ x: 1, _id: id })), name);
});

test('a document without an id says so', () => assert.is(sourceIdOf(serialize({ id: 1, _ID: 2 })), '{"$missing":true}'));

test('of a repeated id the last counts', () => {
  const id = (value: number) => ({ type: 16, name: '_id', value: int32(value) });
  assert.is(sourceIdOf(rawDocument(id(1), id(2))), '{"$numberInt":"2"}');
});

test('bytes that are no document are refused', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(5), int32(5), Buffer.concat([serialize({ _id: 1 }), Buffer.of(0)])]) {
    assert.throws(
      () => sourceIdOf(bytes),
      (error: unknown) => error instanceof MalformedBson,
    );
  }
});

test.run();
