/** What the converters of known and of unknown collections have in common: batches, turns of buffers, malformed documents. */
import { bufferOf } from '../bson/bytes.ts';
import { MalformedBson } from '../bson/malformed-bson.ts';
import type { RawDocument } from '../source/source.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { Streams } from './stream.ts';

/**
 * Converts one batch. The bytes that it returns are views of two sets of buffers that take turns: they hold until the
 * second next call of the same converter, so that one batch can be sent while the next is converted without new memory.
 */
export type Converter = (documents: readonly RawDocument[]) => EncodedBatch;

/** Writes one document; returns the number of its fields, or -1 where it was rejected. Throws MalformedBson. */
export type DocumentEncoder = (bytes: Buffer, streams: Streams) => number;

export function batchConverter(encode: DocumentEncoder): Converter {
  const [even, odd] = [new Streams(), new Streams()];
  let streams = odd;
  return (documents) => {
    streams = streams === even ? odd : even;
    return convertBatch(documents, encode, streams);
  };
}

function convertBatch(documents: readonly RawDocument[], encode: DocumentEncoder, streams: Streams): EncodedBatch {
  streams.clear();
  const malformed: { index: number; reason: string }[] = [];
  let loaded = 0;
  let fields = 0;
  for (const [index, document] of documents.entries()) {
    streams.mark();
    try {
      const count = encode(bufferOf(document), streams);
      if (count === -1) continue;
      loaded++;
      fields += count;
    } catch (error) {
      if (!(error instanceof MalformedBson)) throw error;
      // Nothing of a document that cannot be read to its end is in any stream.
      streams.rollBack();
      malformed.push({ index, reason: error.message });
    }
  }
  return { ...streams.data(), malformed, loaded, fields };
}
