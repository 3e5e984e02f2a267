/** The rules for `integer`, `bigint` and `boolean`. */
import { boolean, decimalText, decodeText, double, int32, int64, textBytes } from '../bson/scalar.ts';
import { bson, type Value } from '../bson/types.ts';
import { decimalForm } from '../json/decimal.ts';
import { carried, changed, type Rule, recordsOf, type Verdict } from './rule.ts';

export const integerRule = wholeNumberRule(4);
export const bigintRule = wholeNumberRule(8);

function wholeNumberRule(bytes: 4 | 8): Rule {
  const bits = BigInt(bytes * 8 - 1);
  return (value, actual) => {
    const expected = wholeNumber(value);
    if (expected === null || expected.number < -(2n ** bits) || expected.number >= 2n ** bits) return 'cannot';
    if (actual?.length !== bytes) return 'differs';
    const held = bytes === 4 ? BigInt(actual.readInt32BE(0)) : actual.readBigInt64BE(0);
    if (held !== expected.number) return 'differs';
    return expected.codes.length === 0 ? carried : changed(...recordsOf(value, ...expected.codes));
  };
}

interface WholeNumber {
  readonly number: bigint;
  /** Empty where nothing was changed; a text with a fraction is both a text and rounded. */
  readonly codes: readonly string[];
}

function wholeNumber(value: Value): WholeNumber | null {
  switch (value.type) {
    case bson.int32:
      return { number: BigInt(int32(value)), codes: [] };
    case bson.int64:
      return { number: int64(value), codes: [] };
    case bson.double: {
      const number = double(value);
      if (!Number.isFinite(number)) return null;
      return Number.isInteger(number)
        ? { number: BigInt(number), codes: [] }
        : { number: roundDouble(number), codes: ['ROUNDED'] };
    }
    case bson.decimal:
      return fromDecimalText(decimalText(value), ['NUMBER_FROM_DECIMAL'], ['ROUNDED']);
    case bson.string:
      return fromDecimalText(numericString(value), ['NUMBER_FROM_STRING'], ['NUMBER_FROM_STRING', 'ROUNDED']);
    default:
      return null;
  }
}

/** Half to even; below 2^52, where fractions end, the difference is exact. */
function roundDouble(number: number): bigint {
  const floor = Math.floor(number);
  const rest = number - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return BigInt(up ? floor + 1 : floor);
}

/** The text of a number without space around and a plus before it, '' where it is none. */
function numericString(value: Value): string {
  const [, sign = '', number = ''] = /^[ \t\r\n]*([+-]?)([\d.][^ \t\r\n]*)[ \t\r\n]*$/.exec(decodeText(textBytes(value))) ?? [];
  return (sign === '-' ? '-' : '') + number.replace(/^\.(?=\d)/, '0.');
}

/** More digits than any integer of the target. */
const digitsMax = 400n;

function fromDecimalText(text: string, whole: readonly string[], rounded: readonly string[]): WholeNumber | null {
  const form = decimalForm(text);
  if (form === null) return null;
  const [digits = '0', exponentText = '0'] = form.split('e');
  const exponent = BigInt(exponentText);
  if (exponent > digitsMax) return null;
  const mantissa = BigInt(digits);
  if (exponent >= 0n) return { number: mantissa * 10n ** exponent, codes: whole };
  // A form has no trailing zeros, so there is a fraction.
  if (-exponent > digitsMax + BigInt(digits.length)) return { number: 0n, codes: rounded };
  return { number: roundHalfEven(mantissa, 10n ** -exponent), codes: rounded };
}

function roundHalfEven(dividend: bigint, divisor: bigint): bigint {
  const remainder = ((dividend % divisor) + divisor) % divisor;
  const floor = (dividend - remainder) / divisor;
  const twice = remainder * 2n;
  return twice > divisor || (twice === divisor && floor % 2n !== 0n) ? floor + 1n : floor;
}

export function booleanRule(value: Value, actual: Buffer | null): Verdict {
  const expected = booleanOf(value);
  if (expected === null) return 'cannot';
  if (actual?.length !== 1 || (actual[0] === 1) !== expected) return 'differs';
  return value.type === bson.boolean ? carried : changed(...recordsOf(value, 'BOOL_FROM_VALUE'));
}

function booleanOf(value: Value): boolean | null {
  if (value.type === bson.boolean) return boolean(value);
  if (value.type === bson.string) {
    const text = decodeText(textBytes(value));
    return text === 'true' ? true : text === 'false' ? false : null;
  }
  const whole = wholeNumber(value);
  if (whole === null || whole.codes.includes('ROUNDED')) return null;
  return whole.number === 1n ? true : whole.number === 0n ? false : null;
}
