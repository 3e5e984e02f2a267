/** The UUIDs of documents: what each kind of `_id`, and each reference, becomes. */
import { hash } from 'node:crypto';
import { byteAt } from '../bson/bytes.ts';
import { elementType, type RawValue } from '../bson/element-type.ts';
import { comparisonForm } from './comparison-form.ts';

export const uuidBytes = 16;

/** The namespace of our UUIDv5s: fixed for ever, since the same `_id` must have the same UUID in every run. */
const namespace = Buffer.from('6b1f2c0e8d534a7e9c0a4e5f7d2b8a31', 'hex');

/** Writes the UUIDv8 (RFC 9562) that carries the 12 bytes of an ObjectId: `h[0:8]-h[8:12]-8h[12:15]-8h[15:18]-h[18:24]000000`. */
export function writeObjectIdUuid(target: Uint8Array, at: number, source: Uint8Array, offset: number): void {
  for (let index = 0; index < 6; index++) target[at + index] = byteAt(source, offset + index);
  const sixth = byteAt(source, offset + 6);
  const seventh = byteAt(source, offset + 7);
  const eighth = byteAt(source, offset + 8);
  target[at + 6] = 0x80 | (sixth >> 4);
  target[at + 7] = ((sixth << 4) | (seventh >> 4)) & 0xff;
  target[at + 8] = 0x80 | (seventh & 0x0f);
  target[at + 9] = eighth;
  target[at + 10] = byteAt(source, offset + 9);
  target[at + 11] = byteAt(source, offset + 10);
  target[at + 12] = byteAt(source, offset + 11);
  target[at + 13] = 0;
  target[at + 14] = 0;
  target[at + 15] = 0;
}

/** A UUIDv5 (RFC 9562, section 5.5) over the value's class of comparison in MongoDB. */
export function hashedUuid(bytes: Buffer, value: RawValue): Buffer {
  const uuid = hash('sha1', Buffer.concat([namespace, comparisonForm(bytes, value)]), 'buffer').subarray(0, uuidBytes);
  uuid[6] = (byteAt(uuid, 6) & 0x0f) | 0x50;
  uuid[8] = (byteAt(uuid, 8) & 0x3f) | 0x80;
  return uuid;
}

const uuidSubtype = 4;

/** A binary of subtype 4 that is valid by RFC 9562: the variant and a version from 1 to 8, or the nil or the max UUID. Its bytes begin at `offset + 5`. */
export function isUuidBinary(bytes: Uint8Array, type: number, offset: number, length: number): boolean {
  if (type !== elementType.binary || length !== 5 + uuidBytes || byteAt(bytes, offset + 4) !== uuidSubtype) return false;
  const version = byteAt(bytes, offset + 11) >> 4;
  if (version >= 1 && version <= 8 && byteAt(bytes, offset + 13) >> 6 === 2) return true;
  const first = byteAt(bytes, offset + 5);
  if (first !== 0 && first !== 0xff) return false;
  for (let index = 1; index < uuidBytes; index++) if (byteAt(bytes, offset + 5 + index) !== first) return false;
  return true;
}

/** The 12 bytes that a string of 24 hexadecimal digits stands for; null for any other string. */
export function objectIdOfHex(bytes: Buffer, start: number, end: number): Buffer | null {
  if (end - start !== 24) return null;
  const text = bytes.toString('latin1', start, end);
  return /^[0-9a-fA-F]{24}$/.test(text) ? Buffer.from(text, 'hex') : null;
}
