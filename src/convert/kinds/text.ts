/** BSON values as `text`: strings as they are, other scalars written out. */
import type { ByteWriter } from '../../bson/byte-writer.ts';
import { byteAt, float64At, hexOf, int32At, int64At, isAt } from '../../bson/bytes.ts';
import { elementType, isStringLike } from '../../bson/element-type.ts';
import { isoDate } from '../../bson/iso-date.ts';
import { decimal128Text } from '../../bson/number.ts';
import { isValidUtf8, repaired } from '../../bson/utf8.ts';
import type { Encoder } from '../column.ts';
import { writeAscii, writeBytes } from '../copy-field.ts';
import type { DocumentScope } from '../document-scope.ts';

export const encodeText: Encoder = (document, column, type, offset, length) =>
  writeText(document, document.streams.rows.out, column.name, type, offset, length);

/** Writes one COPY field (or array element, which has the same form); false where the value has no text. */
export function writeText(
  document: DocumentScope,
  out: ByteWriter,
  field: Buffer,
  type: number,
  offset: number,
  length: number,
): boolean {
  if (isStringLike(type)) {
    // Before what is repaired of it: the record of the value holds its bytes, where they are no UTF-8.
    if (type === elementType.symbol) document.change(field, 'TEXT_FROM_VALUE', { type, offset, length });
    writeString(document, out, field, type, offset, length);
    return true;
  }
  const text = textOfValue(document.bytes, type, offset);
  if (text === null) return false;
  writeAscii(out, text);
  document.change(field, 'TEXT_FROM_VALUE', { type, offset, length });
  return true;
}

/** Up to here a loop is faster than the calls into the runtime (measured on Node 24). */
const loopBytesMax = 48;

function writeString(
  document: DocumentScope,
  out: ByteWriter,
  field: Buffer,
  type: number,
  offset: number,
  length: number,
): void {
  const { bytes } = document;
  const start = offset + 4;
  const count = length - 5;
  out.reserve(4 + count);
  const fieldAt = out.length;
  out.int32At(fieldAt, count);
  const clean =
    count <= loopBytesMax ? copyShort(out, fieldAt + 4, bytes, start, count) : copyLong(out, fieldAt + 4, bytes, start, count);
  if (clean) out.length = fieldAt + 4 + count;
  else writeRepairedString(document, out, field, type, offset, length);
}

/** Copies and looks at the bytes in one go; false if they hold NUL or are no UTF-8. */
function copyShort(out: ByteWriter, at: number, source: Buffer, start: number, count: number): boolean {
  const target = out.bytes;
  let all = 0;
  // Negative as soon as one byte is 0.
  let noneZero = 0;
  for (let index = 0; index < count; index++) {
    const byte = byteAt(source, start + index);
    target[at + index] = byte;
    all |= byte;
    noneZero |= byte - 1;
  }
  if (noneZero < 0) return false;
  return all < 0x80 || isValidUtf8(source, start, start + count);
}

function copyLong(out: ByteWriter, at: number, source: Buffer, start: number, count: number): boolean {
  const end = start + count;
  source.copy(out.bytes, at, start, end);
  // A string ends in NUL: the first one found is that one, or one inside.
  return source.indexOf(0, start) === end && isValidUtf8(source, start, end);
}

function writeRepairedString(
  document: DocumentScope,
  out: ByteWriter,
  field: Buffer,
  type: number,
  offset: number,
  length: number,
): void {
  const { bytes } = document;
  const start = offset + 4;
  const end = offset + length - 1;
  const valid = isValidUtf8(bytes, start, end);
  const text = valid ? bytes.subarray(start, end) : repaired(bytes, start, end);
  const withoutNul = text.includes(0) ? text.filter((byte) => byte !== 0) : text;
  writeBytes(out, Buffer.from(withoutNul.buffer, withoutNul.byteOffset, withoutNul.byteLength));
  if (!valid) document.invalidUtf8(field, offset, start, end);
  if (withoutNul !== text) document.change(field, 'NUL_REMOVED', { type, offset, length });
}

/** ASCII; null for what is not written out as text. */
function textOfValue(bytes: Buffer, type: number, offset: number): string | null {
  switch (type) {
    case elementType.int32:
      return String(int32At(bytes, offset));
    case elementType.int64:
      return String(int64At(bytes, offset));
    case elementType.double:
      return String(float64At(bytes, offset));
    case elementType.decimal128:
      return decimal128Text(bytes, offset);
    case elementType.boolean:
      return byteAt(bytes, offset) === 1 ? 'true' : 'false';
    case elementType.objectId:
      return hexOf(bytes, offset, offset + 12);
    case elementType.date:
      return isoDate(int64At(bytes, offset));
    default:
      return null;
  }
}

/** An exact label, or the one that differs in case only. */
export const encodeEnum: Encoder = (document, column, type, offset, length) => {
  if (type !== elementType.string) return false;
  const { bytes } = document;
  const start = offset + 4;
  const end = offset + length - 1;
  const { out } = document.streams.rows;
  for (const label of column.labels) {
    if (isAt(bytes, start, end, label)) {
      writeBytes(out, label);
      return true;
    }
  }
  const given = bytes.toString('latin1', start, end).toLowerCase();
  const label = column.labels.find((candidate) => candidate.toString('latin1').toLowerCase() === given);
  if (label === undefined) return false;
  writeBytes(out, label);
  document.change(column.name, 'ENUM_CASE', { type, offset, length });
  return true;
};
