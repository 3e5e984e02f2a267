/** Source batches, converted ahead: while one is being written, the next one is read and converted. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CollectionSpec } from '../../catalog/index.ts';
import { type Converter, converterOf, StreamTurns } from '../../convert/collection.ts';
import type { EncodedBatch } from '../../convert/encoded-batch.ts';
import { ahead } from '../../source/ahead.ts';
import { ContentHash } from '../../source/content-hash.ts';
import { freeLarge } from '../../source/garbage.ts';
import type { Source, SourceBatch } from '../../source/source.ts';
import type { CollectionProgress } from '../../state/progress-rows.ts';
import type { LoadJob } from './job.ts';

export interface PreparedBatch {
  readonly source: SourceBatch;
  readonly encoded: EncodedBatch;
  /** Over all documents up to and with this batch. */
  readonly contentHash: string;
}

/** One commit's cost spread over many rows, and yet two batches in flight stay far below the memory that is promised. */
const limits = { documentsMax: 10_000, bytesMax: 8 * 1024 * 1024 };

/** Conversion gives way to the socket after this many bytes, less than half a millisecond: the server must not wait for its data. */
const partBytes = 128 * 1024;

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
    for (const documents of batch.documents.inParts(partBytes)) {
      for (const document of documents) hash.add(document);
      underWay.add(documents);
      await nextTurn();
    }
    yield { source: batch, encoded: underWay.end(), contentHash: hash.hex() };
    freeLarge(batch.documents.bytes);
  }
}
