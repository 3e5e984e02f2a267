/**
 * The common case: a value whose row holds it in its natural form, distinguished from the bytes of both sides without decoding either.
 * False means only that the rules must judge.
 */
import type { Kind, Normalize } from '../../catalog/index.ts';
import { bson } from '../bson/types.ts';
import { cstringEnd } from '../bson/walk.ts';

/** Compares the value of `type` at [start, end) with the tuple's `length` bytes at `at`. */
export type SameBytes = (
  type: number,
  bytes: Buffer,
  start: number,
  end: number,
  held: Buffer,
  at: number,
  length: number,
) => boolean;

export const sameBytes: { readonly [K in Kind]: SameBytes } = {
  uuid: sameObjectId,
  text: sameText,
  // A label is ASCII and one of few: equal bytes are the exact label.
  enum: sameText,
  integer: (type, bytes, start, _end, held, at, length) =>
    type === bson.int32 && length === 4 && bytes.readInt32LE(start) === held.readInt32BE(at),
  bigint: sameBigint,
  boolean: (type, bytes, start, _end, held, at, length) => type === bson.boolean && length === 1 && bytes[start] === held[at],
  timestamp: sameTimestamp,
  jsonb: never,
  'text[]': sameElements(sameText),
  'uuid[]': sameElements(sameObjectId),
};

function never(): boolean {
  return false;
}

/** Below this a loop is faster than a call into the runtime. */
const loopBytesMax = 48;

function sameText(type: number, bytes: Buffer, start: number, end: number, held: Buffer, at: number, length: number): boolean {
  const from = start + 4;
  if (type !== bson.string || end - 1 - from !== length) return false;
  if (length > loopBytesMax) return bytes.compare(held, at, at + length, from, end - 1) === 0;
  for (let i = 0; i < length; i += 1) if (bytes[from + i] !== held[at + i]) return false;
  return true;
}

/** The 12 bytes of an ObjectId inside a UUIDv8: six, then 8 and three digits, 8 and three digits, three, three zeros. */
function sameObjectId(
  type: number,
  bytes: Buffer,
  start: number,
  _end: number,
  held: Buffer,
  at: number,
  length: number,
): boolean {
  if (type !== bson.objectId || length !== 16) return false;
  for (let i = 0; i < 6; i += 1) if (bytes[start + i] !== held[at + i]) return false;
  const middle = (byte(bytes, start + 6) << 16) | (byte(bytes, start + 7) << 8) | byte(bytes, start + 8);
  const first = (byte(held, at + 6) << 8) | byte(held, at + 7);
  const second = (byte(held, at + 8) << 8) | byte(held, at + 9);
  if (first !== (0x8000 | (middle >> 12)) || second !== (0x8000 | (middle & 0xfff))) return false;
  for (let i = 9; i < 12; i += 1) if (bytes[start + i] !== held[at + i + 1]) return false;
  return held[at + 13] === 0 && held[at + 14] === 0 && held[at + 15] === 0;
}

function byte(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0;
}

function sameBigint(type: number, bytes: Buffer, start: number, _end: number, held: Buffer, at: number, length: number): boolean {
  if (length !== 8) return false;
  const high = held.readInt32BE(at);
  const low = held.readInt32BE(at + 4);
  if (type === bson.int64) return bytes.readInt32LE(start + 4) === high && bytes.readInt32LE(start) === low;
  if (type !== bson.int32) return false;
  const number = bytes.readInt32LE(start);
  return number === low && high === (number < 0 ? -1 : 0);
}

/** Between PostgreSQL's 2000-01-01 and 1970, in milliseconds. */
const epochMs = 946_684_800_000;

function sameTimestamp(
  type: number,
  bytes: Buffer,
  start: number,
  _end: number,
  held: Buffer,
  at: number,
  length: number,
): boolean {
  if (type !== bson.date || length !== 8) return false;
  const ms = bytes.readInt32LE(start + 4) * 4_294_967_296 + bytes.readUInt32LE(start);
  const microseconds = held.readInt32BE(at) * 4_294_967_296 + held.readUInt32BE(at + 4);
  // Beyond this a double is not exact; the rule counts in bigints.
  return Number.isSafeInteger(microseconds) && (ms - epochMs) * 1000 === microseconds;
}

/** An array of strings, or of ObjectIds, beside a one-dimensional array in PostgreSQL's binary form (arrayfuncs.c). */
function sameElements(same: SameBytes): SameBytes {
  return (type, bytes, start, end, held, at, length) => {
    if (type !== bson.array || length < 12) return false;
    const isEmpty = held.readInt32BE(at) === 0;
    if (!isEmpty && (held.readInt32BE(at) !== 1 || held.readInt32BE(at + 16) !== 1)) return false;
    let left = isEmpty ? 0 : held.readInt32BE(at + 12);
    let heldAt = at + 20;
    let from = start + 4;
    for (; from < end - 1; left -= 1) {
      const elementType = byte(bytes, from);
      const elementStart = cstringEnd(bytes, from + 1, end) + 1;
      if (left === 0 || (elementType !== bson.string && elementType !== bson.objectId)) return false;
      const elementEnd = elementStart + (elementType === bson.string ? 4 + bytes.readInt32LE(elementStart) : 12);
      const heldLength = held.readInt32BE(heldAt);
      if (!same(elementType, bytes, elementStart, elementEnd, held, heldAt + 4, heldLength)) return false;
      heldAt += 4 + heldLength;
      from = elementEnd;
    }
    return left === 0;
  };
}

/** Equal bytes are no proof where the column does not take every value: only of what it takes in any case. */
export function sameNormalized(same: SameBytes, normalize: Normalize | undefined): SameBytes {
  if (normalize === undefined) return same;
  if (typeof normalize === 'object') return sameWithin(same, Number(normalize.min), Number(normalize.max));
  const isTaken = normalize === 'label' ? startsVisibly : isCode;
  return (type, bytes, start, end, held, at, length) =>
    isTaken(held, at, length) && same(type, bytes, start, end, held, at, length);
}

/** A number of 64 bits. Where doubles are not exact, one that is less than another as a double is less. */
function sameWithin(same: SameBytes, min: number, max: number): SameBytes {
  return (type, bytes, start, end, held, at, length) => {
    if (length !== 8) return false;
    const number = held.readInt32BE(at) * 4_294_967_296 + held.readUInt32BE(at + 4);
    return min < number && number < max && same(type, bytes, start, end, held, at, length);
  };
}

function startsVisibly(held: Buffer, at: number, length: number): boolean {
  const first = length > 0 ? held.readUInt8(at) : 0;
  return first > 0x20 && first < 0x7f;
}

function isCode(held: Buffer, at: number, length: number): boolean {
  if (length !== 3) return false;
  for (let index = at; index < at + 3; index += 1) {
    const byte = held.readUInt8(index);
    if (byte < 0x41 || byte > 0x5a) return false;
  }
  return true;
}
