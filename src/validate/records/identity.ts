/** The identity rule, written independently: which id the row of a document has, and how the ledger names the document. */
import { objectIdHex } from '../bson/scalar.ts';
import { bson, type Value } from '../bson/types.ts';
import { canonical } from '../json/extended.ts';
import { hashedUuid } from './hashed-id.ts';

/** A UUID as 32 hex digits: cheap to make, to compare and to send. */
export type UuidHex = string;

/** ObjectId to UUIDv8: its 24 digits in order and in sight. */
export function uuidOfObjectId(hex: string): UuidHex {
  return `${hex.slice(0, 12)}8${hex.slice(12, 15)}8${hex.slice(15)}000000`;
}

/** The 24 hex digits of an ObjectId, else the canonical Extended JSON of the `_id`. */
export function sourceIdOf(id: Value): string {
  return id.type === bson.objectId ? objectIdHex(id) : canonical(id);
}

/** The id of a document's row. */
export function uuidOfDocument(id: Value): UuidHex {
  if (id.type === bson.objectId) return uuidOfObjectId(objectIdHex(id));
  return uuidBinary(id) ?? hashedUuid(id);
}

/** How the ledger names a document without an `_id`. */
export const missingSourceId = '{"$missing":true}';

/** Writes the id of a document's row, 16 bytes; `id` null: the document has no `_id`, which counts as null. */
export function writeUuid(id: Value | null, into: Buffer, at: number): void {
  if (id?.type === bson.objectId) writeObjectId(id.bytes, id.start, into, at);
  else into.write(uuidOfDocument(id ?? { type: bson.null, bytes: into, start: at, end: at }), at, 'hex');
}

/** In the bytes of a UUIDv8, `into` being zeros: six, then 8 and three digits, 8 and three digits, the last three. */
function writeObjectId(bytes: Buffer, start: number, into: Buffer, at: number): void {
  for (let i = 0; i < 6; i += 1) into[at + i] = bytes[start + i] as number;
  const middle = bytes.readUIntBE(start + 6, 3);
  into.writeUInt16BE(0x8000 | (middle >> 12), at + 6);
  into.writeUInt16BE(0x8000 | (middle & 0xfff), at + 8);
  for (let i = 9; i < 12; i += 1) into[at + i + 1] = bytes[start + i] as number;
}

/** A UUID binary is itself where RFC 9562 allows it: the variant 10 and the versions 1 to 8, nil, max. */
export function uuidBinary(id: Value): UuidHex | null {
  if (id.type !== bson.binary || id.bytes[id.start + 4] !== 4 || id.end - id.start !== 21) return null;
  const hex = id.bytes.toString('hex', id.start + 5, id.end);
  return /^(.{12}[1-8].{3}[89ab].*|0{32}|f{32})$/.test(hex) ? hex : null;
}
