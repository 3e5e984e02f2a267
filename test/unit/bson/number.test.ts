import { Decimal128 } from 'bson';
import * as assert from 'uvu/assert';
import { elementType } from '../../../src/bson/element-type.ts';
import { decimal128Text, exactNumberAt } from '../../../src/bson/number.ts';
import { seeded, seedOfRun } from '../../support/random-bson.ts';
import { suite } from '../../support/suite.ts';

const test = suite('bson: exact numbers');

function exactDouble(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  const number = exactNumberAt(bytes, elementType.double, 0);
  if (number.kind !== 'finite') return number.kind;
  return `${number.negative ? '-' : ''}${number.coefficient}e${number.exponent}`;
}

test('a double is expanded to all of its digits', () => {
  assert.is(exactDouble(1), `${2n ** 52n * 5n ** 52n}e-52`);
  assert.is(exactDouble(-2), `-${2n ** 52n * 5n ** 51n}e-51`);
  assert.is(exactDouble(2 ** 60), `${2n ** 60n}e0`);
  assert.is(exactDouble(5e-324), `${5n ** 1074n}e-1074`);
  assert.is(exactDouble(-0), '-0e-1074');
  assert.is(exactDouble(Number.NaN), 'NaN');
  assert.is(exactDouble(Number.NEGATIVE_INFINITY), 'infinite');
});

test('a Decimal128 is written as js-bson writes it', () => {
  const texts = ['0', '-0', '0E+3', '0E-10', '1E+2', '1.5', '-1.23E-10', '0.000001', '1E-7', 'NaN', 'Infinity', '-Infinity'];
  texts.push('9999999999999999999999999999999999', '9.999999999999999999999999999999999E+6144', '1E-6176', '12345.678900');
  for (const text of texts) assert.is(decimal128Text(Decimal128.fromString(text).bytes, 0), text);
});

test('random Decimal128s are written as js-bson writes them', () => {
  const seed = seedOfRun();
  const random = seeded(seed);
  for (let round = 0; round < 5000; round++) {
    const bytes = Buffer.from(Array.from({ length: 16 }, () => random.below(256)));
    // A coefficient of at most 112 bits, which is always canonical.
    bytes.writeUInt8(bytes.readUInt8(14) & 0xfe, 14);
    if ((bytes.readUInt8(15) & 0x60) === 0x60) bytes.writeUInt8(bytes.readUInt8(15) & 0x9f, 15);
    assert.is(decimal128Text(bytes, 0), new Decimal128(bytes).toString(), `seed ${seed}: ${bytes.toString('hex')}`);
  }
});

test('a Decimal128 whose coefficient is too large is zero, as IEEE 754 has it', () => {
  assert.is(decimal128Text(Buffer.from('ffffffffffffffffffffffffffff4130', 'hex'), 0), '0');
  assert.is(decimal128Text(Buffer.from('0000000000000000000000000000106c', 'hex'), 0), '0');
});

test.run();
