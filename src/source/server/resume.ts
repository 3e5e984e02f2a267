/** Where to continue in a collection that is read in the order of `_id`, whose values may be of several BSON types. */
import { type Document, Double, deserialize, serialize } from 'bson';
import { elementsOf } from '../../bson/walk.ts';
import { invariant } from '../../failure.ts';
import type { RawDocument } from '../source.ts';

/** A BSON document that holds the `_id` of a document and nothing else, byte for byte: no type of BSON is lost in it. */
export type RawId = Buffer;

/** How far a collection was read. */
export interface ServerPosition {
  readonly after: RawId;
  readonly documents: number;
  readonly bytes: number;
}

export function encodePosition({ after, documents, bytes }: ServerPosition): string {
  return JSON.stringify({ after: Buffer.from(after).toString('base64'), documents, bytes });
}

export function decodePosition(position: string): ServerPosition {
  const { after, documents, bytes } = JSON.parse(position) as Record<string, unknown>;
  invariant(
    typeof after === 'string' && typeof documents === 'number' && typeof bytes === 'number',
    "A server's position is malformed",
  );
  return { after: Buffer.from(after, 'base64'), documents, bytes };
}

/** Null for a document without `_id`, which a server never stores. */
export function rawIdOf(document: RawDocument): RawId | null {
  for (const [, nameOffset, nameLength, offset, length] of elementsOf(document)) {
    if (nameLength !== 3 || !Buffer.from('_id').equals(document.subarray(nameOffset, nameOffset + 3))) continue;
    const element = document.subarray(nameOffset - 1, offset + length);
    const raw = Buffer.alloc(element.length + 5);
    raw.writeInt32LE(raw.length, 0);
    raw.set(element, 4);
    return raw;
  }
  return null;
}

/**
 * MongoDB's order of types ("Comparison/Sort Order" in its manual), the aliases that `$type` knows with their type
 * bytes; types in one entry compare by value. Arrays cannot be an `_id`, and an alias would match their elements.
 */
const typeOrder: readonly (readonly (readonly [alias: string, byte: number])[])[] = [
  [['minKey', 0xff]],
  [['undefined', 0x06]],
  [['null', 0x0a]],
  [
    ['double', 0x01],
    ['int', 0x10],
    ['long', 0x12],
    ['decimal', 0x13],
  ],
  [
    ['string', 0x02],
    ['symbol', 0x0e],
  ],
  [['object', 0x03]],
  [['binData', 0x05]],
  [['objectId', 0x07]],
  [['bool', 0x08]],
  [['date', 0x09]],
  [['timestamp', 0x11]],
  [['regex', 0x0b]],
  [['dbPointer', 0x0c]],
  [['javascript', 0x0d]],
  [['javascriptWithScope', 0x0f]],
  [['maxKey', 0x7f]],
];

/** Types of one value: nothing of the same type comes after them, and `$gt` has a meaning of its own for them. */
const singleValued = new Set([0xff, 0x06, 0x0a, 0x7f]);

/**
 * The documents whose `_id` comes after `after`. `$gt` stays inside one type, so the later types are named as well.
 * 'nothing' where none can come.
 * Null where the driver cannot give the value back to the server byte for byte (a date beyond JavaScript's, say).
 */
export function filterAfter(after: RawId): Document | 'nothing' | null {
  const type = after[4];
  const at = typeOrder.findIndex((types) => types.some(([, byte]) => byte === type));
  if (at === -1) return null;
  const later = typeOrder.slice(at + 1).flatMap((types) => types.map(([alias]) => alias));
  const branches: Document[] = later.length > 0 ? [{ _id: { $type: later } }] : [];
  if (!singleValued.has(type ?? 0)) {
    const value = exactValue(after);
    if (value === null) return null;
    // NaN comes before all numbers in the order, but is never less than one in a comparison.
    branches.unshift({ _id: isNaNValue(value.id) ? { $gte: new Double(Number.NEGATIVE_INFINITY) } : { $gt: value.id } });
  }
  return branches.length > 0 ? { $or: branches } : 'nothing';
}

/** The value as the driver sends it, where it sends the very bytes that came. */
export function exactValue(raw: RawId): { readonly id: unknown } | null {
  try {
    const { _id: id }: { readonly _id?: unknown } = deserialize(raw, { promoteValues: false, bsonRegExp: true });
    return Buffer.from(serialize({ _id: id }, { ignoreUndefined: false })).equals(raw) ? { id } : null;
  } catch {
    // Text that is no UTF-8: js-bson refuses to decode it.
    return null;
  }
}

function isNaNValue(id: unknown): boolean {
  return typeof id === 'object' && id !== null && String(id) === 'NaN';
}
