/** The rules for `integer`, `bigint` and `boolean`. */
import { boolean, decimalText, decodeText, double, int32, int64, textBytes } from '../bson/scalar.ts';
import { bson, type Value } from '../bson/types.ts';
import { decimalForm } from '../json/decimal.ts';
import { carried, changed, type Rule, recordsOf, type Verdict } from './rule.ts';

export const integerRule = wholeNumberRule(4);
export const bigintRule = wholeNumberRule(8);

/** A number of 64 bits that the column does not take beyond these bounds. */
export const boundedRule = (min: bigint, max: bigint): Rule => wholeNumberRule(8, min, max);

function wholeNumberRule(bytes: 4 | 8, min?: bigint, max?: bigint): Rule {
  const bits = BigInt(bytes * 8 - 1);
  return (value, actual) => {
    const expected = wholeNumber(value);
    if (expected === null || expected.number < -(2n ** bits) || expected.number >= 2n ** bits) return 'cannot';
    if (actual?.length !== bytes) return 'differs';
    const held = bytes === 4 ? BigInt(actual.readInt32BE(0)) : actual.readBigInt64BE(0);
    const { number } = expected;
    const bound = max !== undefined && number > max ? max : min !== undefined && number < min ? min : null;
    if (held !== (bound ?? number)) return 'differs';
    const codes = bound === null ? expected.codes : [...expected.codes, 'NUMBER_CLAMPED'];
    return codes.length === 0 ? carried : changed(...recordsOf(value, ...codes));
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

/** What may stand around a number or a word, and of these what may stand between groups of three digits. */
const around = ' \t\r\n\u00a0\u202f';
const between = / |\u00a0|\u202f/;

/** A string without the blanks around it. */
function trimmed(value: Value): string {
  const text = decodeText(textBytes(value));
  let [from, to] = [0, text.length];
  while (from < to && around.includes(text.charAt(from))) from += 1;
  while (from < to && around.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** Whether the value is a text with nothing in it: no number was entered. */
export function isEmptyText(value: Value): boolean {
  return value.type === bson.string && trimmed(value) === '';
}

/** `1 234 567.8` without its blanks; any other text as it is. */
function ungrouped(text: string): string {
  const [first = '', ...groups] = text.split(between);
  if (groups.length === 0 || !/^[+-]?\d{1,3}$/.test(first)) return text;
  const last = groups.pop() ?? '';
  const areGroups = groups.every((group) => /^\d{3}$/.test(group)) && /^\d{3}(\.\d*)?$/.test(last);
  return areGroups ? [first, ...groups, last].join('') : text;
}

/** The text of a number without a plus before it, '' where it is none. */
function numericString(value: Value): string {
  const [, sign = '', number = ''] = /^([+-]?)([\d.][^ \t\r\n]*)$/.exec(ungrouped(trimmed(value))) ?? [];
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

/** `own`: words of this column alone. */
export function booleanRule(own?: { readonly true: string; readonly false: string }): Rule {
  const yes = new Set(['true', 'yes', '1', 'on', ...(own === undefined ? [] : [own.true])]);
  const no = new Set(['false', 'no', '0', 'off', ...(own === undefined ? [] : [own.false])]);
  return (value, actual): Verdict => {
    const expected = booleanOf(value, yes, no);
    if (expected === null) return 'cannot';
    if (actual?.length !== 1 || (actual[0] === 1) !== expected) return 'differs';
    return value.type === bson.boolean ? carried : changed(...recordsOf(value, 'BOOL_FROM_VALUE'));
  };
}

function booleanOf(value: Value, yes: ReadonlySet<string>, no: ReadonlySet<string>): boolean | null {
  if (value.type === bson.boolean) return boolean(value);
  if (value.type === bson.string) {
    const word = trimmed(value).toLowerCase();
    return yes.has(word) ? true : no.has(word) ? false : null;
  }
  const whole = wholeNumber(value);
  if (whole === null || whole.codes.includes('ROUNDED')) return null;
  return whole.number === 1n ? true : whole.number === 0n ? false : null;
}
