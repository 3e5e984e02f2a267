/** What a column gets where the document has no value for it, or one that cannot be converted. */
import type { ByteWriter } from '../bson/byte-writer.ts';
import { elementType, type RawValue } from '../bson/element-type.ts';
import { Bug } from '../failure.ts';
import type { RejectCode } from './codes.ts';
import type { Column } from './column.ts';
import { writeBytes, writeNull } from './copy-field.ts';
import type { DocumentScope } from './document-scope.ts';
import { writeEmptyTextArray, writeEmptyUuidArray } from './kinds/array.ts';
import { trimmedText } from './kinds/blanks.ts';
import { objectIdMilliseconds, writeTimestamp } from './kinds/timestamp.ts';

/** Where each column of the row under way begins, for `sameAs`. */
export interface RowSoFar {
  readonly startedAtMs: number;
  startOf(column: string): number;
}

/** The field is absent (`value` null), null or undefined. Returns why the document is rejected, or null. */
export function encodeMissing(document: DocumentScope, column: Column, value: RawValue | null, row: RowSoFar): RejectCode | null {
  const { out } = document.streams.rows;
  if (column.spec.kind === 'text[]') writeEmptyTextArray(out);
  else if (column.spec.kind === 'uuid[]') writeEmptyUuidArray(out);
  else if (!column.required) writeNull(out);
  else return encodeDefault(document, column, value, row) ? null : 'MISSING_REQUIRED';
  return null;
}

/** The encoder has refused the value. Returns why the document is rejected, or null. */
export function encodeUnconvertible(document: DocumentScope, column: Column, value: RawValue, row: RowSoFar): RejectCode | null {
  if (column.required) {
    if (encodeDefault(document, column, value, row)) return null;
    return isEmptyNumber(document, column, value) ? 'MISSING_REQUIRED' : 'UNCONVERTIBLE_REQUIRED';
  }
  writeNull(document.streams.rows.out);
  document.change(column.name, 'UNCONVERTIBLE', value);
  return null;
}

/** An empty text where a number belongs: a form that was left empty. */
function isEmptyNumber({ bytes }: DocumentScope, { spec }: Column, { type, offset, length }: RawValue): boolean {
  const isNumber = spec.kind === 'integer' || spec.kind === 'bigint';
  return isNumber && type === elementType.string && trimmedText(bytes, offset, length) === '';
}

function encodeDefault(document: DocumentScope, column: Column, value: RawValue | null, row: RowSoFar): boolean {
  const { whenMissing } = column.spec;
  if (whenMissing === undefined) return false;
  const { out } = document.streams.rows;
  if (whenMissing === 'creation time') writeCreationTime(document, out, row);
  else if ('sameAs' in whenMissing) writeSame(document, out, row, whenMissing.sameAs);
  else writeLiteral(out, column, whenMissing.value);
  document.change(column.name, 'DEFAULTED', value);
  return true;
}

function writeCreationTime(document: DocumentScope, out: ByteWriter, row: RowSoFar): void {
  const { objectId } = document;
  writeTimestamp(out, objectId === null ? row.startedAtMs : objectIdMilliseconds(document.bytes, objectId.offset));
}

function writeSame(document: DocumentScope, out: ByteWriter, row: RowSoFar, other: string): void {
  const start = row.startOf(other);
  const length = out.bytes.readInt32BE(start);
  if (length === -1) writeCreationTime(document, out, row);
  else writeBytes(out, Buffer.from(out.bytes.subarray(start + 4, start + 4 + length)));
}

function writeLiteral(out: ByteWriter, column: Column, value: string | number | boolean): void {
  const { kind } = column.spec;
  if (kind === 'integer' && typeof value === 'number') {
    out.int32(4);
    out.int32(value);
  } else if (kind === 'bigint' && typeof value === 'number') {
    out.int32(8);
    out.int64(BigInt(value));
  } else if (kind === 'boolean' && typeof value === 'boolean') {
    out.int32(1);
    out.byte(value ? 1 : 0);
  } else if ((kind === 'text' || kind === 'enum') && typeof value === 'string') {
    const bytes = Buffer.from(value);
    writeBytes(out, bytes);
  } else {
    throw new Bug(`the catalog's value for a missing ${column.name.toString()} is no ${kind}`);
  }
}
