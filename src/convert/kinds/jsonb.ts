/** Any BSON value as `jsonb`: relaxed Extended JSON. */
import type { ByteWriter } from '../../bson/byte-writer.ts';
import { relaxedForJsonb, writeExtendedJson } from '../../bson/extended-json.ts';
import { writeJsonString } from '../../bson/json-string.ts';
import type { Encoder } from '../column.ts';
import { endField } from '../copy-field.ts';

/** The version of jsonb's binary format, its first byte; the JSON text follows. */
const jsonbVersion = 1;

/**
 * Objects and arrays inside one another that are still stored as JSON. PostgreSQL parses JSON by recursion: measured on
 * 16.14, it takes 16,359 levels with the default `max_stack_depth` of 2 MB and 775 with the smallest possible one, 100 kB.
 * This is below the latter, wrappers of scalars (up to three levels) included, and above the 200 levels that a MongoDB server stores.
 */
export const jsonDepthMax = 500;

export const encodeJsonb: Encoder = (document, column, type, offset, length) => {
  const value = { type, offset, length };
  const { out } = document.streams.rows;
  const lengthAt = out.length;
  out.int32(0);
  out.byte(jsonbVersion);
  const notes = writeExtendedJson(out, document.bytes, value, relaxedForJsonb);
  if (notes.depth > jsonDepthMax) quote(out, lengthAt + 5);
  endField(out, lengthAt);
  if (notes.invalidUtf8) document.invalidUtf8(column.name, offset, offset, offset + length);
  if (notes.nul) document.change(column.name, 'NUL_REMOVED', value);
  if (notes.repeatedKey) document.change(column.name, 'JSON_DUPLICATE_KEY', value);
  if (notes.depth > jsonDepthMax) document.change(column.name, 'JSON_TOO_DEEP', value);
  return true;
};

/** Makes the JSON text that begins at `start` one JSON string. */
function quote(out: ByteWriter, start: number): void {
  const text = Buffer.from(out.bytes.subarray(start, out.length));
  out.length = start;
  writeJsonString(out, text, 0, text.length, { invalidUtf8: false, nul: false }, false);
}
