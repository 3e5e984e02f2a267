/** The rule for `text`. */
import { boolean, decimalText, decodeText, double, int32, int64, isValidText, objectIdHex, textBytes } from '../bson/scalar.ts';
import { bson, type Value } from '../bson/types.ts';
import { canonical } from '../json/extended.ts';
import { isoDate } from './iso-date.ts';
import { type Change, carried, changed, recordsOf, type Verdict } from './rule.ts';

export function textRule(value: Value, actual: Buffer | null): Verdict {
  const expected = textOf(value);
  if (expected === null) return 'cannot';
  if (actual === null || !actual.equals(expected.bytes)) return 'differs';
  return expected.changes.length === 0 ? carried : changed(...expected.changes);
}

/** The bytes that the column or an element of an array must hold, null for a type that has no form as text. */
export function textOf(value: Value): { readonly bytes: Buffer; readonly changes: readonly Change[] } | null {
  if (value.type === bson.string) return stringText(value);
  if (value.type === bson.symbol) return symbolText(value);
  const written = writtenOut(value);
  return written === null ? null : { bytes: Buffer.from(written), changes: recordsOf(value, 'TEXT_FROM_VALUE') };
}

function stringText(value: Value): { readonly bytes: Buffer; readonly changes: readonly Change[] } {
  const bytes = textBytes(value);
  const isValid = isValidText(bytes);
  const hasNul = bytes.includes(0);
  if (isValid && !hasNul) return { bytes, changes: [] };
  const changes: Change[] = [];
  if (!isValid) changes.push({ code: 'INVALID_UTF8', original: bytes.toString('hex') });
  if (hasNul) changes.push({ code: 'NUL_REMOVED', original: canonical(value) });
  return { bytes: Buffer.from(decodeText(bytes).replaceAll('\0', '')), changes };
}

/** A symbol is an old kind of string. */
function symbolText(value: Value): { readonly bytes: Buffer; readonly changes: readonly Change[] } {
  const { bytes, changes } = stringText(value);
  const isCut = changes.some(({ code }) => code === 'NUL_REMOVED');
  return { bytes, changes: recordsOf(value, 'TEXT_FROM_VALUE', ...(isCut ? ['NUL_REMOVED'] : [])) };
}

function writtenOut(value: Value): string | null {
  switch (value.type) {
    case bson.int32:
      return String(int32(value));
    case bson.int64:
      return String(int64(value));
    case bson.double:
      return String(double(value));
    case bson.boolean:
      return String(boolean(value));
    case bson.objectId:
      return objectIdHex(value);
    case bson.date:
      return isoDate(int64(value));
    case bson.decimal:
      return decimalText(value);
    default:
      return null;
  }
}
