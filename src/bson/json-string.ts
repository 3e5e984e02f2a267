/** A BSON string as a JSON string (RFC 8259), escaped as JSON.stringify does it. */
import type { ByteWriter } from './byte-writer.ts';
import { byteAt, hexDigit } from './bytes.ts';
import { isValidUtf8, repaired } from './utf8.ts';

export interface JsonForm {
  readonly relaxed: boolean;
  /** Leaves NUL characters out, for `jsonb`, which cannot hold them. */
  readonly dropNul: boolean;
}

/** What is particular about the bytes of a value that was written. */
export interface StringNotes {
  /** Sequences that are no UTF-8 stand as U+FFFD in what was written. */
  invalidUtf8: boolean;
  /** A string holds NUL. */
  nul: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const shortEscapes: { readonly [code: number]: string | undefined } = {
  8: '\\b',
  9: '\\t',
  10: '\\n',
  12: '\\f',
  13: '\\r',
  [quote]: '\\"',
  [backslash]: '\\\\',
};

export function writeJsonString(
  out: ByteWriter,
  bytes: Buffer,
  start: number,
  end: number,
  notes: StringNotes,
  dropNul: boolean,
): void {
  if (isValidUtf8(bytes, start, end)) {
    writeValid(out, bytes, start, end, notes, dropNul);
  } else {
    const valid = repaired(bytes, start, end);
    writeValid(out, valid, 0, valid.length, notes, dropNul);
    notes.invalidUtf8 = true;
  }
}

function writeValid(out: ByteWriter, bytes: Buffer, start: number, end: number, notes: StringNotes, dropNul: boolean): void {
  out.byte(quote);
  let plain = start;
  for (let index = start; index < end; index++) {
    const byte = byteAt(bytes, index);
    if (byte >= 0x20 && byte !== quote && byte !== backslash) continue;
    out.copy(bytes, plain, index);
    plain = index + 1;
    if (byte === 0) notes.nul = true;
    if (byte !== 0 || !dropNul) writeEscape(out, byte);
  }
  out.copy(bytes, plain, end);
  out.byte(quote);
}

function writeEscape(out: ByteWriter, byte: number): void {
  const short = shortEscapes[byte];
  out.ascii(short ?? '\\u00');
  if (short !== undefined) return;
  out.byte(hexDigit(byte >> 4));
  out.byte(hexDigit(byte & 15));
}
