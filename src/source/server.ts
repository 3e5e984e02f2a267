/** A live MongoDB server as a source: each collection in the order of `_id`, the place in it by the last `_id`. */
import type { ServerSource } from '../config/source-url.ts';
import { invariant } from '../failure.ts';
import { ahead } from './ahead.ts';
import { Documents } from './documents.ts';
import { listCollections } from './server/collections.ts';
import { type Connection, compressorsLeftOut, connect } from './server/connect.ts';
import { readInOrder } from './server/cursor.ts';
import { serverFailure } from './server/failures.ts';
import { findByIds } from './server/find.ts';
import { decodePosition, encodePosition, rawIdOf } from './server/resume.ts';
import type { BatchLimits, CountApart, OpenOptions, RawDocument, Source, SourceBatch, SourceCollection } from './source.ts';

export async function openServer(source: ServerSource, { signal, note }: OpenOptions): Promise<Source> {
  const leftOut = compressorsLeftOut(source.url);
  if (leftOut.length > 0) note?.(`compressors=${leftOut.join(',')} in MONGODB_URL is not supported and is left out`);
  return new MongoServer(source.description, await connect(source, signal), signal);
}

class MongoServer implements Source {
  readonly kind = 'server';
  readonly unread = [];
  readonly #server: string;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  /** A closed client ends what is under way at once. */
  readonly #abort = () => void this.#connection.client.close().catch(() => undefined);

  constructor(server: string, connection: Connection, signal: AbortSignal) {
    this.#server = server;
    this.#connection = connection;
    this.#signal = signal;
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  get database(): string {
    return this.#connection.db.databaseName;
  }

  get description(): string {
    return `${this.#server}, database ${this.database}`;
  }

  get version(): string {
    return this.#connection.version;
  }

  async collections(): Promise<readonly SourceCollection[]> {
    try {
      return await listCollections(this.#connection.db);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async isEmpty(collection: string): Promise<boolean> {
    try {
      return (await this.#connection.db.collection(collection).findOne({}, { projection: { _id: 1 } })) === null;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async *read(collection: string, position: string | null, limits: BatchLimits): AsyncGenerator<SourceBatch> {
    try {
      yield* ahead(this.#batches(collection, position, limits));
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async *find(collection: string, sourceIds: ReadonlySet<string>): AsyncGenerator<RawDocument> {
    try {
      yield* findByIds(this.#connection.db.collection(collection), sourceIds);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Without a hint: by the documents themselves, where `read` goes by the index of `_id`. */
  async countApart(collection: string): Promise<CountApart> {
    try {
      return { kind: 'documents', documents: await this.#connection.db.collection(collection).countDocuments() };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener('abort', this.#abort);
    await this.#connection.client.close();
  }

  async *#batches(collection: string, position: string | null, limits: BatchLimits): AsyncGenerator<SourceBatch> {
    const from = position === null ? null : decodePosition(position);
    const file = `${this.database}.${collection}`;
    let { documents: count, bytes: bytesRead } = from ?? { documents: 0, bytes: 0 };
    let documents: RawDocument[] = [];
    let bytes = 0;
    const flush = (): SourceBatch => {
      const last = documents.at(-1);
      const after = last === undefined ? null : rawIdOf(last);
      invariant(after !== null, 'A server gave a document without _id');
      const [start, batch] = [count, Documents.of(documents)];
      count += documents.length;
      bytesRead += bytes;
      documents = [];
      bytes = 0;
      return {
        documents: batch,
        position: encodePosition({ after, documents: count, bytes: bytesRead }),
        bytesRead,
        place: (index) => ({ file, offset: start + index }),
        damage: [],
        // The driver's memory.
        release: () => undefined,
      };
    };
    for await (const message of readInOrder(this.#connection.db.collection(collection), from?.after ?? null)) {
      this.#signal.throwIfAborted();
      for (const document of message) {
        const full = documents.length >= limits.documentsMax || bytes + document.length > limits.bytesMax;
        if (full && documents.length > 0) yield flush();
        documents.push(document);
        bytes += document.length;
      }
    }
    if (documents.length > 0) yield flush();
  }

  #failure(error: unknown): unknown {
    return this.#signal.aborted ? this.#signal.reason : serverFailure(error, this.#server);
  }
}
