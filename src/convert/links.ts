/** An array of ids as the pairs of a junction table, staged until all documents are loaded. */
import { elementType, isNullish } from '../bson/element-type.ts';
import { ElementCursor } from '../bson/walk.ts';
import type { DocumentScope } from './document-scope.ts';
import { recordReference, referenceOf } from './reference.ts';

/** Stages the pairs of one field. Elements that are null or empty name nobody; a bare value is an array of one. */
export function stageLinks(document: DocumentScope, field: Buffer, type: number, offset: number, length: number): void {
  if (type !== elementType.array) {
    stageLink(document, field, type, offset, length);
    return;
  }
  const cursor = new ElementCursor(document.bytes, offset, length);
  while (cursor.next()) stageLink(document, field, cursor.type, cursor.offset, cursor.length);
}

function stageLink(document: DocumentScope, field: Buffer, type: number, offset: number, length: number): void {
  if (isNullish(type)) return;
  const value = { type, offset, length };
  const reference = referenceOf(document.bytes, value);
  if (reference === 'empty') return;
  if (reference === null) {
    document.change(field, 'ARRAY_ELEMENT_DROPPED', value);
    return;
  }
  document.link(field, reference.uuid, type === elementType.objectId ? null : value);
  recordReference(document, field, value, reference);
}
