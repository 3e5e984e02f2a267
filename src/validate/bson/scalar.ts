/** The scalars of BSON that js-bson would not show whole: 64-bit integers, dates beyond JavaScript's, texts with invalid bytes. */
import { isUtf8 } from 'node:buffer';
import { Decimal128 } from 'bson';
import { bson, type Value } from './types.ts';

/** The bytes of a string, code or symbol, without length and closing zero. */
export function textBytes(value: Value): Buffer {
  return value.bytes.subarray(value.start + 4, value.end - 1);
}

/** Invalid UTF-8 becomes U+FFFD (as the Encoding Standard does it). */
export function decodeText(bytes: Buffer): string {
  return bytes.toString('utf8', 0, bytes.length);
}

export function isValidText(bytes: Buffer): boolean {
  return isUtf8(bytes);
}

export function int64(value: Value): bigint {
  return value.bytes.readBigInt64LE(value.start);
}

export function double(value: Value): number {
  return value.bytes.readDoubleLE(value.start);
}

export function int32(value: Value): number {
  return value.bytes.readInt32LE(value.start);
}

export function objectIdHex(value: Value): string {
  return value.bytes.toString('hex', value.start, value.start + 12);
}

export function boolean(value: Value): boolean {
  return value.bytes[value.start] !== 0;
}

export function decimalText(value: Value): string {
  return new Decimal128(Uint8Array.from(value.bytes.subarray(value.start, value.end))).toString();
}

/** A field that is null, undefined or absent has no value. */
export function hasValue(value: Value | null): value is Value {
  return value !== null && value.type !== bson.null && value.type !== bson.undefined;
}
