/** The form of an id that validation asks for is the one that zod accepts, and the ids of every kind of `_id` have it. */
import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from 'bson';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import { uuidOfDocument } from '../../../../src/validate/records/identity.ts';
import { idForm } from '../../../../src/validate/types/id-form.ts';
import { suite } from '../../../support/suite.ts';
import { bsonValue } from '../value.ts';

const test = suite('the form of an id');

const dashed = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const accepts = (id: string) => z.uuid().safeParse(id).success;

test('is that of zod: every version and variant, nil, max and their neighbours', () => {
  const form = new RegExp(idForm);
  const digits = [...'0123456789abcdef'];
  const ids = digits.flatMap((version) => digits.map((variant) => `0190b6f0-7d2a-${version}c3e-${variant}b1a-2f3c4d5e6f70`));
  for (const digit of ['0', 'f']) {
    const alike = dashed(digit.repeat(32));
    ids.push(alike, `${alike.slice(0, -1)}1`, `1${alike.slice(1)}`);
  }
  ids.push(
    '',
    '0190b6f07d2a7c3e9b1a2f3c4d5e6f70',
    '0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f7',
    ' 0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f70',
  );
  for (const id of ids) assert.is(form.test(id), accepts(id), id);
  assert.is(ids.filter(accepts).length, 8 * 4 + 2);
});

test('is that of the id of every kind of _id', () => {
  const hostile = ['000000000000000000000000', 'ffffffffffffffffffffffff'].map((hex) => new ObjectId(hex));
  const kinds: readonly unknown[] = [
    ...hostile,
    new ObjectId(),
    new UUID(),
    new UUID('00000000-0000-0000-0000-000000000000'),
    new UUID('ffffffff-ffff-ffff-ffff-ffffffffffff'),
    new Binary(Buffer.from('0190b6f07d2a0c3e1b1a2f3c4d5e6f70', 'hex'), 4),
    new Binary(Buffer.from('0190b6f07d2a7c3e9b1a2f3c4d5e6f70', 'hex'), 3),
    new Binary(Buffer.alloc(0), 0),
    ...[new Int32(42), Long.MIN_VALUE, new Double(Number.NaN), new Double(-0), Decimal128.fromString('1E-6176')],
    ...['', 'a', '5e0be1000000000000000001', 'x'.repeat(100_000)],
    ...[null, true, false, new Date(0), new Timestamp({ t: 1, i: 2 }), new MinKey(), new MaxKey(), /x/i],
    ...[{}, { a: 1 }, { a: { b: [new ObjectId()] } }],
  ];
  for (const kind of kinds) assert.ok(accepts(dashed(uuidOfDocument(bsonValue(kind)))), String(kind).slice(0, 50));
});

test.run();
