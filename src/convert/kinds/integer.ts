/** BSON numbers, and texts of numbers, as `integer` and `bigint`. */
import type { ByteWriter } from '../../bson/byte-writer.ts';
import { float64At, int32At } from '../../bson/bytes.ts';
import { elementType, isNumber } from '../../bson/element-type.ts';
import { exactNumberAt, type Finite } from '../../bson/number.ts';
import type { ChangeCode } from '../codes.ts';
import type { Encoder } from '../column.ts';
import { trimmedText } from './blanks.ts';

export const encodeInteger: Encoder = (document, column, type, offset, length) => {
  const { out } = document.streams.rows;
  if (type === elementType.int32) {
    writeInteger(out, int32At(document.bytes, offset));
    return true;
  }
  if (type === elementType.double) {
    const value = float64At(document.bytes, offset);
    if ((value | 0) === value) {
      writeInteger(out, value);
      return true;
    }
  }
  const number = integerFrom(document.bytes, type, offset, length);
  if (number === null || BigInt.asIntN(32, number.value) !== number.value) return false;
  writeInteger(out, Number(number.value));
  for (const code of number.codes) document.change(column.name, code, { type, offset, length });
  return true;
};

export const encodeBigint: Encoder = (document, column, type, offset, length) => {
  const { out } = document.streams.rows;
  if (type === elementType.int32) {
    const value = int32At(document.bytes, offset);
    out.int32(8);
    out.int32(value >> 31);
    out.int32(value);
    return true;
  }
  const number = integerFrom(document.bytes, type, offset, length);
  if (number === null || BigInt.asIntN(64, number.value) !== number.value) return false;
  out.int32(8);
  out.int64(number.value);
  for (const code of number.codes) document.change(column.name, code, { type, offset, length });
  return true;
};

function writeInteger(out: ByteWriter, value: number): void {
  out.int32(4);
  out.int32(value);
}

interface Converted {
  readonly value: bigint;
  /** What was changed on the way; a text with a fraction is both a text and rounded. */
  readonly codes: readonly ChangeCode[];
}

function integerFrom(bytes: Buffer, type: number, offset: number, length: number): Converted | null {
  const fromString = type === elementType.string;
  if (!fromString && !isNumber(type)) return null;
  const number = fromString ? numberOfText(trimmedText(bytes, offset, length)) : exactNumberAt(bytes, type, offset);
  if (number === null || number.kind !== 'finite') return null;
  const rounded = roundHalfEven(number);
  if (rounded === null) return null;
  const codes: ChangeCode[] = [];
  if (fromString) codes.push('NUMBER_FROM_STRING');
  if (!rounded.exact) codes.push('ROUNDED');
  else if (type === elementType.decimal128) codes.push('NUMBER_FROM_DECIMAL');
  return { value: rounded.value, codes };
}

/** No 64-bit integer has more digits. */
const integerDigitsMax = 19;

/** The nearest integer, the even one of two equally near; null where it has more digits than any column takes. */
export function roundHalfEven(number: Finite): { readonly value: bigint; readonly exact: boolean } | null {
  const { coefficient, exponent, negative } = number;
  if (coefficient === 0n) return { value: 0n, exact: true };
  const integerDigits = coefficient.toString().length + exponent;
  if (integerDigits > integerDigitsMax) return null;
  // Below 0.1, however small the exponent (which would make the divisor huge).
  if (integerDigits < 0) return { value: 0n, exact: false };
  const sign = negative ? -1n : 1n;
  if (exponent >= 0) return { value: sign * coefficient * 10n ** BigInt(exponent), exact: true };
  const divisor = 10n ** BigInt(-exponent);
  const whole = coefficient / divisor;
  const doubled = (coefficient % divisor) * 2n;
  const up = doubled > divisor || (doubled === divisor && whole % 2n === 1n);
  return { value: sign * (up ? whole + 1n : whole), exact: doubled === 0n };
}

/** A sign; digits with a decimal point anywhere; an exponent. Nothing else: no hexadecimal, no names, no comma (which means two things). */
const numericText = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;

/** The whole part in groups of three digits, with a blank between two of them. */
const groupedText = /^[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:\.\d*)?$/;

/** More digits than decide: the integer part of any column and what tells on which side of a half a fraction is. */
const digitsKept = 60;

function numberOfText(text: string): Finite | null {
  const match = numericText.exec(groupedText.test(text) ? text.replace(/[ \u00a0\u202f]/g, '') : text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = match[4] ?? '', , power = '0'] = match;
  const all = whole + fraction;
  const digits = all.replace(/^0+/, '');
  const exponent = Number(power) - fraction.length;
  const negative = sign === '-';
  if (digits.length <= digitsKept) return { kind: 'finite', negative, coefficient: BigInt(digits || '0'), exponent };
  // A text of millions of digits: the rest only tells whether there is any.
  const sticky = /[1-9]/.test(digits.slice(digitsKept)) ? '1' : '0';
  const dropped = digits.length - digitsKept - 1;
  return { kind: 'finite', negative, coefficient: BigInt(digits.slice(0, digitsKept) + sticky), exponent: exponent + dropped };
}
