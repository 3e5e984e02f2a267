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
  /** SQLSTATE, constraint and column where the server refused, never its detail, which quotes values; and what came of a correction. */
  readonly reason: string | null;
  /** What a person has written to correct the document. */
  readonly correction: string | null;
}

/** Records of documents that a later step rejects, one tuple each. Throws MalformedBson. */
export function encodeRejects(rejections: readonly Rejection[]): CopyData {
  const stream = new Stream();
  for (const rejection of rejections)
    writeReject(stream, bufferOf(rejection.document), sourceIdOf(rejection.document), rejection);
  return stream.data();
}

export function writeReject(
  stream: Stream,
  bytes: Buffer,
  sourceId: string,
  { collection, code, field, reason, correction }: Omit<Rejection, 'document'>,
): void {
  const { out } = stream;
  stream.tuple(8);
  writeBytes(out, Buffer.from(collection));
  writeBytes(out, Buffer.from(sourceId));
  writeAscii(out, code);
  writeText(out, field);
  writeJson(out, bytes, { type: elementType.object, offset: 0, length: bytes.length }, relaxed);
  writeBytes(out, bytes);
  writeText(out, reason);
  writeText(out, correction);
}

function writeText(out: ByteWriter, text: string | null): void {
  if (text === null) writeNull(out);
  else writeBytes(out, Buffer.from(text));
}
