/** Reading fixed-size values out of bytes without allocating. Offsets are within bounds: the walker has checked them. */

/** The bytes as a Buffer over the same memory. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function byteAt(bytes: Uint8Array, offset: number): number {
  // The caller has checked the bounds; a check here would cost a branch per byte.
  return bytes[offset] as number;
}

/** Whether the bytes from `start` to before `end` are those of `short`: a loop, since a call into the runtime costs more than a word's bytes. */
export function isAt(bytes: Uint8Array, start: number, end: number, short: Uint8Array): boolean {
  if (end - start !== short.length) return false;
  for (let index = 0; index < short.length; index++) if (byteAt(bytes, start + index) !== byteAt(short, index)) return false;
  return true;
}

/** Little-endian, as all of BSON. */
export function int32At(bytes: Uint8Array, offset: number): number {
  return (
    byteAt(bytes, offset) |
    (byteAt(bytes, offset + 1) << 8) |
    (byteAt(bytes, offset + 2) << 16) |
    (byteAt(bytes, offset + 3) << 24)
  );
}

export function uint32At(bytes: Uint8Array, offset: number): number {
  return int32At(bytes, offset) >>> 0;
}

export function int64At(bytes: Uint8Array, offset: number): bigint {
  return (BigInt(int32At(bytes, offset + 4)) << 32n) | BigInt(uint32At(bytes, offset));
}

const scratch = new DataView(new ArrayBuffer(8));

export function float64At(bytes: Uint8Array, offset: number): number {
  scratch.setInt32(0, int32At(bytes, offset), true);
  scratch.setInt32(4, int32At(bytes, offset + 4), true);
  return scratch.getFloat64(0, true);
}

/** The 52 bits of the mantissa and 11 of the exponent of a double, as an unsigned integer. */
export function float64Bits(value: number): bigint {
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}

const hexDigits = '0123456789abcdef';

/** The ASCII code of a hexadecimal digit's character, lower case. */
export function hexDigit(nibble: number): number {
  return hexDigits.charCodeAt(nibble);
}

export function hexOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('hex', start, end);
}

let around: DataView = new DataView(new ArrayBuffer(0));

/**
 * Over the memory that `bytes` is a part of, from `bytes.byteOffset` on: for reading several bytes at once. Documents of one chunk share
 * it, since to make a view costs more than to read a small document.
 */
export function viewAround(bytes: Uint8Array): DataView {
  if (around.buffer !== bytes.buffer) around = new DataView(bytes.buffer);
  return around;
}
