/** Facts about the bytes of BSON strings, which promise UTF-8 and do not always keep it. */
import { isUtf8 } from 'node:buffer';
import { byteAt } from './bytes.ts';

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let all = 0;
  for (let index = start; index < end; index++) all |= byteAt(bytes, index);
  return all < 0x80;
}

/** As PostgreSQL and RFC 3629 understand it: no surrogates, no overlong forms, nothing above U+10FFFF. */
export function isValidUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  return isAscii(bytes, start, end) || isUtf8(bytes.subarray(start, end));
}

/** The bytes with each invalid sequence replaced by U+FFFD (as the WHATWG Encoding Standard does it). */
export function repaired(bytes: Buffer, start: number, end: number): Buffer {
  return Buffer.from(bytes.toString('utf8', start, end), 'utf8');
}
