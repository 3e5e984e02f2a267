/** What a BSON value refers to when it stands where an id belongs. */
import { elementType, isNumber, isStringLike, type RawValue } from '../bson/element-type.ts';
import { ElementCursor } from '../bson/walk.ts';
import type { ChangeCode } from './codes.ts';
import type { DocumentScope } from './document-scope.ts';
import { hashedUuid, isUuidBinary, objectIdOfHex, uuidBytes, writeObjectIdUuid } from './identity.ts';

export interface Reference {
  readonly uuid: Buffer;
  /** Null where the id is carried. */
  readonly code: ChangeCode | null;
  /** The id of a document whose `_id` is the string or number itself; null where nothing has to be looked up. */
  readonly hashed: Buffer | null;
}

/** `empty` for the empty string; null for what is no id. Throws MalformedBson. */
export function referenceOf(bytes: Buffer, value: RawValue): Reference | 'empty' | null {
  const { type, offset, length } = value;
  if (type === elementType.dbPointer) {
    return { uuid: objectIdUuid(bytes, offset + length - 12), code: 'ID_FROM_DBREF', hashed: null };
  }
  if (type === elementType.array) return fromArray(bytes, value);
  if (type !== elementType.object) return plainReference(bytes, value);
  const objectId = extendedJsonId(bytes, value);
  if (objectId !== null) return { uuid: objectIdUuid(objectId, 0), code: 'ID_FROM_VALUE', hashed: null };
  const id = dbRefId(bytes, value);
  const reference = id === null ? null : plainReference(bytes, id);
  return reference === null || reference === 'empty' ? null : { ...reference, code: 'ID_FROM_DBREF' };
}

/** An array of one id, and nothing else in it. */
function fromArray(bytes: Buffer, { offset, length }: RawValue): Reference | null {
  const cursor = new ElementCursor(bytes, offset, length);
  if (!cursor.next()) return null;
  const element: RawValue = { type: cursor.type, offset: cursor.offset, length: cursor.length };
  if (cursor.next() || element.type === elementType.array) return null;
  const reference = referenceOf(bytes, element);
  return reference === null || reference === 'empty' ? null : { ...reference, code: 'ID_FROM_VALUE' };
}

/** An ObjectId that was stored as its Extended JSON, `{"$oid": "…"}`: its bytes. */
function extendedJsonId(bytes: Buffer, { offset, length }: RawValue): Buffer | null {
  const cursor = new ElementCursor(bytes, offset, length);
  if (!cursor.next() || cursor.type !== elementType.string || cursor.nameLength !== 4) return null;
  if (bytes.toString('latin1', cursor.nameOffset, cursor.nameOffset + 4) !== '$oid') return null;
  const objectId = objectIdOfHex(bytes, cursor.offset + 4, cursor.offset + cursor.length - 1);
  return cursor.next() ? null : objectId;
}

function plainReference(bytes: Buffer, value: RawValue): Reference | 'empty' | null {
  const { type, offset, length } = value;
  if (type === elementType.objectId) return { uuid: objectIdUuid(bytes, offset), code: null, hashed: null };
  if (isUuidBinary(bytes, type, offset, length)) {
    return { uuid: bytes.subarray(offset + 5, offset + 5 + uuidBytes), code: null, hashed: null };
  }
  if (isStringLike(type)) {
    if (length === 5) return 'empty';
    const hashed = hashedUuid(bytes, value);
    const objectId = objectIdOfHex(bytes, offset + 4, offset + length - 1);
    if (objectId === null) return { uuid: hashed, code: 'ID_HASHED', hashed };
    return { uuid: objectIdUuid(objectId, 0), code: 'ID_FROM_STRING', hashed };
  }
  if (!isNumber(type)) return null;
  const hashed = hashedUuid(bytes, value);
  return { uuid: hashed, code: 'ID_HASHED', hashed };
}

function objectIdUuid(bytes: Buffer, offset: number): Buffer {
  const uuid = Buffer.allocUnsafe(uuidBytes);
  writeObjectIdUuid(uuid, 0, bytes, offset);
  return uuid;
}

/** The `$id` of an object that has a `$ref` and a `$id` (the DBRef convention of the drivers); of a repeated one the last. */
function dbRefId(bytes: Buffer, value: RawValue): RawValue | null {
  let hasRef = false;
  let id: RawValue | null = null;
  const cursor = new ElementCursor(bytes, value.offset, value.length);
  while (cursor.next()) {
    const { type, offset, length, nameOffset, nameLength } = cursor;
    if (nameLength > 4) continue;
    const name = bytes.toString('latin1', nameOffset, nameOffset + nameLength);
    if (name === '$ref') hasRef = type === elementType.string;
    if (name === '$id') id = { type, offset, length };
  }
  return hasRef ? id : null;
}

/** Leaves in the ledger what is not simply carried. */
export function recordReference(document: DocumentScope, field: Buffer, value: RawValue, reference: Reference): void {
  if (reference.code !== null) document.change(field, reference.code, value);
  if (reference.hashed !== null) document.lookup(field, value, reference.uuid, reference.hashed);
}
