/** What a column takes of a value that was converted: see `Normalize` of the catalog. */
import { blanks, crown, currencyNames } from '../../catalog/currency-names.ts';
import type { Normalize } from '../../catalog/spec.ts';
import type { ChangeCode } from '../codes.ts';
import type { Encoder } from '../column.ts';
import { writeAscii, writeNull } from '../copy-field.ts';

/** `encode`, and then what the column takes of the field that it wrote. */
export function normalized(encode: Encoder, normalize: Normalize | undefined): Encoder {
  if (normalize === undefined) return encode;
  if (normalize === 'label') return rewriting(encode, 'BLANK_TO_NULL', blankToNull);
  if (normalize === 'currency') return rewriting(encode, 'CURRENCY_NORMALIZED', toCode);
  const [min, max] = [BigInt(normalize.min), BigInt(normalize.max)];
  return rewriting(encode, 'NUMBER_CLAMPED', (bytes, start) => clamped(bytes, start, min, max));
}

/** What takes the place of the COPY field's bytes; undefined: they stay. Null: NULL. */
type Rewrite = (bytes: Buffer, start: number, end: number) => string | bigint | null | undefined;

function rewriting(encode: Encoder, code: ChangeCode, rewrite: Rewrite): Encoder {
  return (document, column, type, offset, length) => {
    const { out } = document.streams.rows;
    const at = out.length;
    if (!encode(document, column, type, offset, length)) return false;
    // NULL.
    if (out.view.getInt32(at) < 0) return true;
    const taken = rewrite(out.bytes, at + 4, out.length);
    if (taken === undefined) return true;
    out.length = at;
    if (taken === null) writeNull(out);
    else if (typeof taken === 'string') writeAscii(out, taken);
    else {
      out.int32(8);
      out.int64(taken);
    }
    document.change(column.name, code, { type, offset, length });
    return true;
  };
}

/** A longer text is no name of a currency, and blanks alone are shorter. */
const shortBytesMax = 256;

const blankOnly = new RegExp(`^[${blanks}]*$`, 'u');
const around = new RegExp(`^[${blanks}]+|[${blanks}]+$`, 'gu');

function blankToNull(bytes: Buffer, start: number, end: number): null | undefined {
  const first = bytes[start] ?? 0;
  // Visible ASCII, as nearly always.
  if (end > start && first > 0x20 && first < 0x7f) return undefined;
  return blankOnly.test(bytes.toString('utf8', start, end)) ? null : undefined;
}

function toCode(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start > shortBytesMax) return undefined;
  const text = bytes.toString('utf8', start, end);
  const code = currencyCode(text);
  return code === text ? undefined : code;
}

/** Undefined: no code by itself. */
function currencyCode(text: string): string | undefined {
  const name = text.replace(around, '').normalize('NFC').toLowerCase();
  if ((crown.names as readonly string[]).includes(name)) return undefined;
  if (Object.hasOwn(currencyNames, name)) return currencyNames[name];
  return /^[a-z]{3}$/.test(name) ? name.toUpperCase() : undefined;
}

function clamped(bytes: Buffer, start: number, min: bigint, max: bigint): bigint | undefined {
  const value = bytes.readBigInt64BE(start);
  return value > max ? max : value < min ? min : undefined;
}
