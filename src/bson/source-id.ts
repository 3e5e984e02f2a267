/** The id of a document as the ledger names it, whatever BSON type it has. */
import { ByteWriter } from './byte-writer.ts';
import { bufferOf, hexOf } from './bytes.ts';
import { elementType, type RawValue } from './element-type.ts';
import { canonical, writeExtendedJson } from './extended-json.ts';
import { elementsOf } from './walk.ts';

/** Stands for the id of a document that has no `_id`. */
export const missingSourceId = '{"$missing":true}';

/**
 * 24 hex digits for an ObjectId, else the canonical Extended JSON of the `_id`; of a repeated `_id` the last.
 * Throws MalformedBson.
 */
export function sourceIdOf(document: Uint8Array): string {
  const bytes = bufferOf(document);
  let id: RawValue | null = null;
  for (const [type, nameOffset, nameLength, offset, length] of elementsOf(bytes)) {
    if (isId(bytes, nameOffset, nameLength)) id = { type, offset, length };
  }
  return id === null ? missingSourceId : sourceIdOfValue(bytes, id);
}

export function sourceIdOfValue(bytes: Buffer, id: RawValue): string {
  if (id.type === elementType.objectId) return hexOf(bytes, id.offset, id.offset + 12);
  const out = new ByteWriter(64);
  writeExtendedJson(out, bytes, id, canonical);
  return out.written().toString('utf8');
}

function isId(bytes: Buffer, offset: number, length: number): boolean {
  return length === 3 && bytes[offset] === 0x5f && bytes[offset + 1] === 0x69 && bytes[offset + 2] === 0x64;
}
