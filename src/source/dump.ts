/** The output folder of mongodump as a source: each collection in the order of its file, the place in it by byte offset. */
import { join, relative } from 'node:path';
import { MalformedBson } from '../bson/malformed-bson.ts';
import { sourceIdOf } from '../bson/source-id.ts';
import { invariant } from '../failure.ts';
import { Documents } from './documents.ts';
import { openBytes } from './dump/byte-reader.ts';
import { Chunks } from './dump/chunks.ts';
import type { DumpCollection } from './dump/collections.ts';
import { DocumentReader, type DocumentRun } from './dump/document-reader.ts';
import { dumpLost, dumpShorter } from './dump/failures.ts';
import { type DumpFolder, openDumpFolder } from './dump/folder.ts';
import type { BatchLimits, CountApart, RawDocument, Source, SourceBatch, SourceCollection, UnreadEntry } from './source.ts';

/** Behind a damage there is nothing to continue with. */
const positionAtEnd = 'end';

const missingFile: DocumentRun = {
  documents: new Documents(),
  start: 0,
  end: 0,
  damage: 'the file is missing; only its metadata file exists',
  release: () => undefined,
};

const scanLimits: BatchLimits = { documentsMax: 10_000, bytesMax: 4 * 1024 * 1024 };

export async function openDump(folder: string, signal: AbortSignal): Promise<Source> {
  return new DumpSource(folder, await openDumpFolder(folder), signal);
}

class DumpSource implements Source {
  readonly kind = 'dump';
  readonly version = null;
  readonly #named: string;
  readonly #folder: DumpFolder;
  readonly #signal: AbortSignal;
  readonly #chunks = new Chunks();

  constructor(named: string, folder: DumpFolder, signal: AbortSignal) {
    this.#named = named;
    this.#folder = folder;
    this.#signal = signal;
  }

  get database(): string {
    return this.#folder.database;
  }

  get description(): string {
    return `mongodump folder ${this.#folder.path}`;
  }

  get unread(): readonly UnreadEntry[] {
    return this.#folder.unread;
  }

  collections(): Promise<readonly SourceCollection[]> {
    return Promise.resolve(this.#folder.collections);
  }

  async *read(collection: string, position: string | null, limits: BatchLimits): AsyncGenerator<SourceBatch> {
    if (position === positionAtEnd) return;
    const { file, exists } = this.#collection(collection);
    const path = join(this.#folder.path, file);
    const shown = relative(this.#named, path);
    if (!exists) {
      yield batchOf(missingFile, shown);
      return;
    }
    const offset = offsetOf(position);
    const bytes = await openBytes(path, offset);
    if (bytes === null) throw dumpShorter(path);
    const reader = new DocumentReader(bytes, offset, this.#chunks);
    try {
      for (;;) {
        this.#signal.throwIfAborted();
        const run = await reader.next(limits);
        if (run.documents.length === 0 && run.damage === null) return;
        yield batchOf(run, shown);
        if (run.damage !== null) return;
      }
    } finally {
      await reader.close();
    }
  }

  async isEmpty(collection: string): Promise<boolean> {
    for await (const { documents, damage } of this.read(collection, null, { documentsMax: 1, bytesMax: 1 }))
      return documents.length === 0 && damage.length === 0;
    return true;
  }

  async *find(collection: string, sourceIds: ReadonlySet<string>): AsyncGenerator<RawDocument> {
    if (sourceIds.size === 0) return;
    for await (const { documents } of this.read(collection, null, scanLimits)) {
      // To the end: a damaged dump may hold an `_id` more than once.
      for (const document of documents) {
        if (sourceIds.has(sourceIdOrNone(document))) yield document;
      }
    }
  }

  countApart(collection: string): Promise<CountApart> {
    const { file, exists } = this.#collection(collection);
    return Promise.resolve({ kind: 'file', path: exists ? join(this.#folder.path, file) : null });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #collection(name: string): DumpCollection {
    const collection = this.#folder.collections.find((candidate) => candidate.name === name);
    if (collection === undefined) throw dumpLost(this.#folder.path, name);
    return collection;
  }
}

/** A document whose BSON cannot be walked has no id to be found by. */
function sourceIdOrNone(document: RawDocument): string {
  try {
    return sourceIdOf(document);
  } catch (error) {
    if (error instanceof MalformedBson) return '';
    throw error;
  }
}

function batchOf({ documents, start, end, damage, release }: DocumentRun, file: string): SourceBatch {
  return {
    documents,
    position: damage === null ? String(end) : positionAtEnd,
    bytesRead: end,
    place: (index) => ({ file, offset: start + documents.bytesBefore(index) }),
    damage: damage === null ? [] : [{ file, offset: end, reason: damage }],
    release,
  };
}

function offsetOf(position: string | null): number {
  const offset = position === null ? 0 : Number(position);
  invariant(Number.isSafeInteger(offset) && offset >= 0, "A dump's position is not a byte offset");
  return offset;
}
