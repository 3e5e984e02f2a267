/** Source batches, converted ahead: while one is being written, the next one is read and converted. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CollectionSpec } from '../../catalog/index.ts';
import { type Converter, converterOf, StreamTurns } from '../../convert/collection.ts';
import type { EncodedBatch } from '../../convert/encoded-batch.ts';
import { ahead } from '../../source/ahead.ts';
import { ContentHash } from '../../source/content-hash.ts';
import { freeLarge } from '../../source/garbage.ts';
import type { RawDocument, Source, SourceBatch } from '../../source/source.ts';
import type { CollectionProgress } from '../../state/progress-rows.ts';
import type { LoadJob } from './job.ts';

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

interface QueuedBatch {
  readonly collection: string;
  readonly batch: PreparedBatch;
}

/** A collection that is to be read from its progress on. */
interface Unfinished {
  readonly state: CollectionProgress;
  readonly spec: CollectionSpec | null;
}

/** All collections in one row: while the last batch of one is being written, the first one of the next is prepared. */
export async function* prepareAll({ source, run }: LoadJob, collections: readonly Unfinished[]): AsyncGenerator<QueuedBatch> {
  const turns = new StreamTurns();
  for (const { state, spec } of collections) {
    const { collection } = state;
    const convert = converterOf(collection, spec, { startedAt: run.startedAt, turns });
    for await (const batch of prepareBatches(source, state, convert)) yield { collection, batch };
  }
}

/** Gives out what `prepareAll` makes ahead, collection by collection, in the same order. */
export class BatchQueue implements AsyncDisposable {
  readonly #items: AsyncGenerator<QueuedBatch>;
  /** Asked for and not given out yet: it may belong to the next collection. */
  #first: Promise<IteratorResult<QueuedBatch, void>> | null = null;

  constructor(items: AsyncGenerator<QueuedBatch>) {
    this.#items = ahead(items);
  }

  async *of(collection: string): AsyncGenerator<PreparedBatch> {
    for (;;) {
      this.#first ??= this.#items.next();
      const { done, value } = await this.#first;
      if (done === true || value.collection !== collection) return;
      this.#first = null;
      yield value.batch;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#items.return(undefined);
  }
}

async function* prepareBatches(
  source: Source,
  { collection, position, contentHash }: CollectionProgress,
  convert: Converter,
): AsyncGenerator<PreparedBatch> {
  const hash = ContentHash.from(contentHash);
  for await (const batch of source.read(collection, position, limits)) {
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
