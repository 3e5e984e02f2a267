/** What the converters of known and of unknown collections have in common: batches, turns of buffers, malformed documents. */
import { bufferOf } from '../bson/bytes.ts';
import { MalformedBson } from '../bson/malformed-bson.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { Streams } from './stream.ts';

/**
 * Converts one batch, each document the bytes of one whole BSON document. The bytes that it returns are views of two sets of buffers that take
 * turns: they hold until the second next batch begins, so that one can be sent while the next is converted without new memory.
 */
export interface Converter {
  (documents: readonly Uint8Array[]): EncodedBatch;
  /** The same in parts, for a caller that must let others have their turn in between. */
  begin(): BatchUnderWay;
}

export interface BatchUnderWay {
  add(documents: readonly Uint8Array[]): void;
  end(): EncodedBatch;
}

/** Writes one document; returns the number of its fields, or -1 where it was rejected. Throws MalformedBson. */
export type DocumentEncoder = (bytes: Buffer, streams: Streams) => number;

/** Two sets of buffers that take turns, for one converter or for several that work one after the other. */
export class StreamTurns {
  readonly #even = new Streams();
  readonly #odd = new Streams();
  #last = this.#odd;

  next(): Streams {
    this.#last = this.#last === this.#even ? this.#odd : this.#even;
    return this.#last;
  }
}

export function batchConverter(encode: DocumentEncoder, turns = new StreamTurns()): Converter {
  const begin = () => new Batch(encode, turns.next());
  const convert = (documents: readonly Uint8Array[]) => {
    const batch = begin();
    batch.add(documents);
    return batch.end();
  };
  return Object.assign(convert, { begin });
}

class Batch implements BatchUnderWay {
  readonly #encode: DocumentEncoder;
  readonly #streams: Streams;
  readonly #malformed: { index: number; reason: string }[] = [];
  #seen = 0;
  #loaded = 0;
  #fields = 0;

  constructor(encode: DocumentEncoder, streams: Streams) {
    this.#encode = encode;
    this.#streams = streams;
    streams.clear();
  }

  add(documents: readonly Uint8Array[]): void {
    for (const document of documents) this.#addOne(document);
  }

  end(): EncodedBatch {
    return { ...this.#streams.data(), malformed: this.#malformed, loaded: this.#loaded, fields: this.#fields };
  }

  #addOne(document: Uint8Array): void {
    const index = this.#seen++;
    this.#streams.mark();
    try {
      const count = this.#encode(bufferOf(document), this.#streams);
      if (count === -1) return;
      this.#loaded++;
      this.#fields += count;
    } catch (error) {
      if (!(error instanceof MalformedBson)) throw error;
      // Nothing of a document that cannot be read to its end is in any stream.
      this.#streams.rollBack();
      this.#malformed.push({ index, reason: error.message });
    }
  }
}
