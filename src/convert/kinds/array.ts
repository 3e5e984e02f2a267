/** BSON arrays as `text[]` and `uuid[]`, in the binary format of PostgreSQL's `array_send`. */
import type { ByteWriter } from '../../bson/byte-writer.ts';
import { elementType, isNullish } from '../../bson/element-type.ts';
import { canonical } from '../../bson/extended-json.ts';
import { ElementCursor } from '../../bson/walk.ts';
import type { Encoder } from '../column.ts';
import { endField, writeBytes, writeJson } from '../copy-field.ts';
import type { DocumentScope } from '../document-scope.ts';
import { recordReference, referenceOf } from '../reference.ts';
import { writeText } from './text.ts';

/** Object ids of the element types, fixed in PostgreSQL's catalog (pg_type.dat). */
const textOid = 25;
const uuidOid = 2950;

/** Writes one element as length and bytes; false where it was dropped (and recorded). Never called for null. */
type ElementEncoder = (document: DocumentScope, field: Buffer, type: number, offset: number, length: number) => boolean;

const textElement: ElementEncoder = (document, field, type, offset, length) => {
  const { out } = document.streams.rows;
  if (writeText(document, out, field, type, offset, length)) return true;
  const value = { type, offset, length };
  writeJson(out, document.bytes, value, canonical);
  document.change(field, 'TEXT_FROM_VALUE', value);
  return true;
};

const uuidElement: ElementEncoder = (document, field, type, offset, length) => {
  const value = { type, offset, length };
  const reference = referenceOf(document.bytes, value);
  if (reference === null || reference === 'empty') {
    document.change(field, 'ARRAY_ELEMENT_DROPPED', value);
    return false;
  }
  // Where a document has to be looked up, the array holds the id of the string or number itself until then: that of a string of
  // hex digits could not be distinguished from the same ObjectId beside it.
  writeBytes(document.streams.rows.out, reference.hashed ?? reference.uuid);
  recordReference(document, field, value, reference);
  return true;
};

export const encodeTextArray = arrayEncoder(textOid, textElement, () => false);
/** A DBRef is an object and nevertheless one id. */
export const encodeUuidArray = arrayEncoder(
  uuidOid,
  uuidElement,
  (document, offset, length) => referenceOf(document.bytes, { type: elementType.object, offset, length }) !== null,
);

function writeEmptyArray(out: ByteWriter, oid: number): void {
  out.int32(12);
  out.int32(0);
  out.int32(0);
  out.int32(oid);
}

export function writeEmptyTextArray(out: ByteWriter): void {
  writeEmptyArray(out, textOid);
}

export function writeEmptyUuidArray(out: ByteWriter): void {
  writeEmptyArray(out, uuidOid);
}

function arrayEncoder(
  oid: number,
  element: ElementEncoder,
  isOneElement: (document: DocumentScope, offset: number, length: number) => boolean,
): Encoder {
  return (document, column, type, offset, length) => {
    if (type === elementType.object && !isOneElement(document, offset, length)) return false;
    const { out } = document.streams.rows;
    const lengthAt = out.length;
    out.int32(0);
    // One dimension, no NULLs, the element type; then its size (known at the end) and its lower bound.
    out.int32(1);
    out.int32(0);
    out.int32(oid);
    out.int32(0);
    out.int32(1);
    const count =
      type === elementType.array
        ? writeElements(document, column.name, offset, length, element)
        : writeOne(document, column.name, type, offset, length, element);
    if (count === 0) {
      out.length = lengthAt;
      writeEmptyArray(out, oid);
    } else {
      out.int32At(lengthAt + 16, count);
      endField(out, lengthAt);
    }
    return true;
  };
}

function writeElements(document: DocumentScope, field: Buffer, offset: number, length: number, element: ElementEncoder): number {
  let count = 0;
  let nulls = 0;
  const cursor = new ElementCursor(document.bytes, offset, length);
  while (cursor.next()) {
    if (isNullish(cursor.type)) nulls++;
    else if (element(document, field, cursor.type, cursor.offset, cursor.length)) count++;
  }
  // The whole array once, rather than each null: it alone tells where they stood.
  if (nulls > 0) document.change(field, 'ARRAY_NULL_DROPPED', { type: elementType.array, offset, length });
  return count;
}

function writeOne(
  document: DocumentScope,
  field: Buffer,
  type: number,
  offset: number,
  length: number,
  element: ElementEncoder,
): number {
  document.change(field, 'ARRAY_FROM_VALUE', { type, offset, length });
  return element(document, field, type, offset, length) ? 1 : 0;
}
