/** References as `uuid`. */
import { elementType } from '../../bson/element-type.ts';
import type { Encoder } from '../column.ts';
import { writeBytes, writeNull } from '../copy-field.ts';
import { uuidBytes, writeObjectIdUuid } from '../identity.ts';
import { recordReference, referenceOf } from '../reference.ts';

export const encodeUuid: Encoder = (document, column, type, offset, length) => {
  const { out } = document.streams.rows;
  if (type === elementType.objectId) {
    out.reserve(4 + uuidBytes);
    out.int32(uuidBytes);
    writeObjectIdUuid(out.bytes, out.length, document.bytes, offset);
    out.length += uuidBytes;
    return true;
  }
  const value = { type, offset, length };
  const reference = referenceOf(document.bytes, value);
  if (reference === null) return false;
  if (reference === 'empty') {
    if (column.required) return false;
    writeNull(out);
    document.change(column.name, 'ID_EMPTY', value);
    return true;
  }
  writeBytes(out, reference.uuid);
  recordReference(document, column.name, value, reference);
  return true;
};
