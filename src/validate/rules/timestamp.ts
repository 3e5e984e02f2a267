/** The rule for `timestamp(3)`, which is UTC. */
import { decimalText, decodeText, double, int32, int64, textBytes } from '../bson/scalar.ts';
import { bson, type Value } from '../bson/types.ts';
import { decimalForm } from '../json/decimal.ts';
import { parseIsoDate } from './iso-date.ts';
import { carried, changed, recordsOf, type Verdict } from './rule.ts';

/** 2000-01-01, where PostgreSQL counts from (datatype/timestamp.h, as the two that follow, in microseconds). */
const epochMs = 946_684_800_000n;
const microsecondsMin = -211_813_488_000_000_000n;
const microsecondsEnd = 9_223_371_331_200_000_000n;

/** PostgreSQL's microseconds for a BSON date, null outside its range. */
export function microsecondsOf(ms: bigint): bigint | null {
  const microseconds = (ms - epochMs) * 1000n;
  return microseconds < microsecondsMin || microseconds >= microsecondsEnd ? null : microseconds;
}

export function timestampRule(value: Value, actual: Buffer | null): Verdict {
  const ms = millisecondsOf(value);
  const expected = ms === null ? null : microsecondsOf(ms);
  if (expected === null) return 'cannot';
  if (actual?.length !== 8 || actual.readBigInt64BE(0) !== expected) return 'differs';
  const code = codes[value.type];
  return code === undefined ? carried : changed(...recordsOf(value, code));
}

const codes: { readonly [type: number]: string } = {
  [bson.string]: 'DATE_FROM_STRING',
  [bson.int32]: 'DATE_FROM_NUMBER',
  [bson.int64]: 'DATE_FROM_NUMBER',
  [bson.double]: 'DATE_FROM_NUMBER',
  [bson.decimal]: 'DATE_FROM_NUMBER',
  [bson.timestamp]: 'DATE_FROM_TIMESTAMP',
};

function millisecondsOf(value: Value): bigint | null {
  switch (value.type) {
    case bson.date:
    case bson.int64:
      return int64(value);
    case bson.int32:
      return BigInt(int32(value));
    case bson.double: {
      const number = double(value);
      return Number.isInteger(number) ? BigInt(number) : null;
    }
    case bson.decimal:
      return wholeDecimal(decimalText(value));
    case bson.string:
      return parseIsoDate(decodeText(textBytes(value)));
    case bson.timestamp:
      // The upper half counts seconds, the lower one is an ordinal.
      return BigInt(value.bytes.readUInt32LE(value.start + 4)) * 1000n;
    default:
      return null;
  }
}

/** The digits of a date's milliseconds never need more of an exponent. */
const exponentMax = 20;

function wholeDecimal(text: string): bigint | null {
  const form = decimalForm(text);
  if (form === null) return null;
  const [digits = '0', exponentText = '0'] = form.split('e');
  const exponent = Number(exponentText);
  return exponent < 0 || exponent > exponentMax ? null : BigInt(digits) * 10n ** BigInt(exponent);
}
