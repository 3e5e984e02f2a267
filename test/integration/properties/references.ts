/** What a value means where an id belongs: the documents that it may name, by the rules of references. */
import { Binary, BSONSymbol, DBRef, ObjectId } from 'bson';
import type { Held } from './target.ts';
import { sourceIdOf } from './target.ts';
import { isNumber, isPlain } from './values.ts';

/** One way to take a reference. `uuid` null: the id of a document that has no row, which only the program knows. */
export interface Meaning {
  readonly uuid: string | null;
  /** Null: carried. */
  readonly code: string | null;
  /** Of the document that is meant; null for one that is named by its row's id alone. */
  readonly sourceId: string | null;
}

export interface World {
  readonly held: ReadonlyMap<string, Held>;
  /** By collection, the source ids of all documents. */
  readonly sourceIds: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The meanings that the rules allow. More than one only where the value names a document that was rejected: whether that was
 * before or after references were looked up does not matter to the rules. None: it cannot be converted.
 */
export function meaningsOf(given: unknown, partners: readonly string[], world: World): readonly Meaning[] | 'empty' {
  // A symbol is a string where an id belongs.
  const value: unknown = given instanceof BSONSymbol ? given.value : given;
  if (value === '') return 'empty';
  if (value instanceof ObjectId) return [{ uuid: uuidOf(value), code: null, sourceId: value.toHexString() }];
  if (value instanceof Binary)
    return value.sub_type === Binary.SUBTYPE_UUID && isUuid(value) ? [{ uuid: uuidText(value), code: null, sourceId: null }] : [];
  if (isExtendedJsonId(value)) {
    const id = new ObjectId(String(value['$oid']));
    return [{ uuid: uuidOf(id), code: 'ID_FROM_VALUE', sourceId: id.toHexString() }];
  }
  if (Array.isArray(value)) {
    const only: unknown = value.length === 1 ? value[0] : [];
    const meanings = Array.isArray(only) ? [] : meaningsOf(only, partners, world);
    return meanings === 'empty' ? [] : meanings.map((meaning) => ({ ...meaning, code: 'ID_FROM_VALUE' }));
  }
  if (value instanceof DBRef) {
    const meanings = meaningsOf(value.oid, partners, world);
    return meanings === 'empty' ? [] : meanings.map((meaning) => ({ ...meaning, code: 'ID_FROM_DBREF' }));
  }
  if (typeof value !== 'string' && !isNumber(value)) return [];
  const byItself = named(value, partners, world);
  if (typeof value !== 'string' || !/^[0-9a-f]{24}$/i.test(value)) return byItself;
  const objectId = new ObjectId(value);
  const first: Meaning = { uuid: uuidOf(objectId), code: 'ID_FROM_STRING', sourceId: objectId.toHexString() };
  const exists = partners.some((partner) => world.held.get(partner)?.ids.has(objectId.toHexString()));
  if (exists || byItself.length === 0) return [first];
  return byItself.some(({ uuid }) => uuid !== null) ? byItself : [first, ...byItself];
}

/** An ObjectId as its Extended JSON. */
export function isExtendedJsonId(value: unknown): value is Record<string, unknown> {
  if (!isPlain(value) || Object.keys(value).join() !== '$oid') return false;
  return typeof value['$oid'] === 'string' && /^[0-9a-f]{24}$/i.test(value['$oid']);
}

/** A string or number that is the `_id` of a document: that document's id. */
function named(value: unknown, partners: readonly string[], { held, sourceIds }: World): readonly Meaning[] {
  const sourceId = sourceIdOf(value);
  for (const partner of partners) {
    const uuid = held.get(partner)?.ids.get(sourceId);
    if (uuid !== undefined) return [{ uuid, code: 'ID_HASHED', sourceId }];
  }
  // Rejected: as if it were not there, or, if it went later, an id without a row.
  return partners.some((partner) => sourceIds.get(partner)?.has(sourceId)) ? [{ uuid: null, code: 'ID_HASHED', sourceId }] : [];
}

function uuidOf(id: ObjectId): string {
  const h = id.toHexString();
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(12, 15)}-8${h.slice(15, 18)}-${h.slice(18)}000000`;
}

function isUuid({ buffer }: Binary): boolean {
  const version = (buffer[6] ?? 0) >> 4;
  return buffer.length === 16 && version >= 1 && version <= 8 && (buffer[8] ?? 0) >> 6 === 2;
}

function uuidText({ buffer }: Binary): string {
  const h = Buffer.from(buffer).toString('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}
