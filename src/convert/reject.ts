/** The ledger's row of a rejected document: the whole of it, for people and to the byte. */
import type { ByteWriter } from '../bson/byte-writer.ts';
import { bufferOf } from '../bson/bytes.ts';
import { elementType } from '../bson/element-type.ts';
import { relaxed } from '../bson/extended-json.ts';
import { sourceIdOf } from '../bson/source-id.ts';
import { writeAscii, writeBytes, writeJson, writeNull } from './copy-field.ts';
import type { CopyData } from './encoded-batch.ts';
import { Stream } from './stream.ts';

export interface Rejection {
  readonly collection: string;
  readonly document: Uint8Array;
  /** Of docs/errors.md. */
  readonly code: string;
  readonly field: string | null;
  /** SQLSTATE, constraint and column where the server refused; never its detail, which quotes values. */
  readonly reason: string | null;
}

/** One tuple of nextcrm_migration.reject, for a document that a later step rejects. Throws MalformedBson. */
export function encodeReject(rejection: Rejection): CopyData {
  const stream = new Stream();
  writeReject(stream, bufferOf(rejection.document), sourceIdOf(rejection.document), rejection);
  return stream.data();
}

export function writeReject(
  stream: Stream,
  bytes: Buffer,
  sourceId: string,
  { collection, code, field, reason }: Omit<Rejection, 'document'>,
): void {
  const { out } = stream;
  stream.tuple(7);
  writeBytes(out, Buffer.from(collection));
  writeBytes(out, Buffer.from(sourceId));
  writeAscii(out, code);
  writeText(out, field);
  writeJson(out, bytes, { type: elementType.object, offset: 0, length: bytes.length }, relaxed);
  writeBytes(out, bytes);
  writeText(out, reason);
}

function writeText(out: ByteWriter, text: string | null): void {
  if (text === null) writeNull(out);
  else writeBytes(out, Buffer.from(text));
}
