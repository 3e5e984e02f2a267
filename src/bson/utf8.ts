/** Facts about the bytes of BSON strings, which promise UTF-8 and do not always keep it. */
import { isUtf8 } from 'node:buffer';
import { byteAt } from './bytes.ts';

/** Up to here a loop is faster than the view and the call into the runtime that `isUtf8` needs (measured on Node 24). */
const loopBytesMax = 64;

/** As PostgreSQL and RFC 3629 understand it: no surrogates, no overlong forms, nothing above U+10FFFF. */
export function isValidUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > loopBytesMax) return isUtf8(bytes.subarray(start, end));
  let at = start;
  while (at < end) {
    const length = characterLength(bytes, at, end);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** Bytes of the character at `at`, by the table of section 4 of RFC 3629; 0 where there is none. */
function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const first = byteAt(bytes, at);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + length > end) return 0;
  const second = byteAt(bytes, at + 1);
  const secondMin = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const secondMax = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < secondMin || second > secondMax) return 0;
  for (let index = 2; index < length; index++) {
    if (byteAt(bytes, at + index) >> 6 !== 2) return 0;
  }
  return length;
}

/** The bytes with each invalid sequence replaced by U+FFFD (as the WHATWG Encoding Standard does it). */
export function repaired(bytes: Buffer, start: number, end: number): Buffer {
  return Buffer.from(bytes.toString('utf8', start, end), 'utf8');
}
