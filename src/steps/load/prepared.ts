/** Source batches, converted ahead: while one is being written, the next one is read and converted. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Converter } from '../../convert/converter.ts';
import type { EncodedBatch } from '../../convert/encoded-batch.ts';
import { ContentHash } from '../../source/content-hash.ts';
import { freeLarge } from '../../source/large.ts';
import type { RawDocument, Source, SourceBatch } from '../../source/source.ts';

export interface PreparedBatch {
  readonly source: SourceBatch;
  readonly encoded: EncodedBatch;
  readonly bytes: number;
  /** Over all documents up to and with this batch. */
  readonly contentHash: string;
}

/** One commit's cost spread over many rows, and yet two batches in flight stay far below the memory that is promised. */
const limits = { documentsMax: 10_000, bytesMax: 8 * 1024 * 1024 };

/** Conversion gives way to the socket after this many bytes, less than half a millisecond: the server must not wait for its data. */
const sliceBytesMax = 128 * 1024;

export async function* prepareBatches(
  source: Source,
  collection: string,
  from: { readonly position: string | null; readonly contentHash: string },
  convert: Converter,
): AsyncGenerator<PreparedBatch> {
  const hash = ContentHash.from(from.contentHash);
  for await (const batch of source.read(collection, from.position, limits)) {
    const underWay = convert.begin();
    let bytes = 0;
    for (const documents of slicesOf(batch.documents)) {
      for (const document of documents) {
        hash.add(document);
        bytes += document.length;
      }
      underWay.add(documents);
      await nextTurn();
    }
    yield { source: batch, encoded: underWay.end(), bytes, contentHash: hash.hex() };
    freeLarge(bytes);
  }
}

function* slicesOf(documents: readonly RawDocument[]): Generator<readonly RawDocument[]> {
  let start = 0;
  let bytes = 0;
  for (let index = 0; index < documents.length; index += 1) {
    bytes += documents[index]?.length ?? 0;
    if (bytes < sliceBytesMax && index < documents.length - 1) continue;
    yield documents.slice(start, index + 1);
    start = index + 1;
    bytes = 0;
  }
}
