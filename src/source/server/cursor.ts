/** Reads a collection of a server in the order of `_id`, from the start or after a document, in the server's own batches. */
import type { Collection, Document, FindCursor } from 'mongodb';
import { MongoServerError } from 'mongodb';
import { exitCodes, Failure } from '../../failure.ts';
import type { RawDocument } from '../source.ts';
import { filterAfter, type RawId, rawIdOf } from './resume.ts';

/** Documents a message: enough that the way to the server and back is small beside the work, few enough to bound memory. */
const messageDocumentsMax = 2_000;

/** A cursor that nobody asked for ten minutes is dropped by the server: CursorNotFound, CursorKilled, and so its session. */
const lostCursorCodes = new Set<unknown>([43, 237, 206]);

/** What servers answer to a hint or a filter that they do not take (BadValue, FailedToParse, TypeMismatch, NotImplemented …). */
const refusedQueryCodes = new Set<unknown>([2, 9, 14, 59, 72, 115, 238, 291]);

export type Documents = Collection<Document>;

/** Non-empty runs of raw documents. The cursor is opened again after the last one where the server has dropped it meanwhile. */
export async function* readInOrder(collection: Documents, after: RawId | null): AsyncGenerator<readonly RawDocument[]> {
  let last = after;
  for (;;) {
    let progress = false;
    try {
      for await (const documents of documentsAfter(collection, last)) {
        progress = true;
        const final = documents.at(-1);
        if (final !== undefined) last = rawIdOf(final);
        yield documents;
      }
      return;
    } catch (error) {
      if (!progress || !hasCode(error, lostCursorCodes)) throw error;
    }
  }
}

async function* documentsAfter(collection: Documents, after: RawId | null): AsyncGenerator<readonly RawDocument[]> {
  const filter = after === null ? {} : filterAfter(after);
  if (filter === 'nothing') return;
  try {
    if (filter !== null) return yield* sorted(collection, filter);
  } catch (error) {
    // A server that does not take the filter refuses it with its first answer, before any document.
    if (after === null || !hasCode(error, refusedQueryCodes)) throw error;
  }
  if (after !== null) yield* skipTo(after, sorted(collection, {}), collection.collectionName);
}

/** The slow way that needs nothing of the server but the order: reads everything, and gives what comes after `after`. */
async function* skipTo(
  after: RawId,
  all: AsyncIterable<readonly RawDocument[]>,
  collection: string,
): AsyncGenerator<readonly RawDocument[]> {
  let passed = false;
  for await (const documents of all) {
    if (passed) {
      yield documents;
      continue;
    }
    const at = documents.findIndex((document) => rawIdOf(document)?.equals(after));
    if (at === -1) continue;
    passed = true;
    if (at + 1 < documents.length) yield documents.slice(at + 1);
  }
  if (!passed) throw lostPlace(collection);
}

/** An index under the sort is what keeps a server from sorting in memory; one that does not take the hint may use its disk. */
async function* sorted(collection: Documents, filter: Document): AsyncGenerator<readonly RawDocument[]> {
  const common = { sort: { _id: 1 }, raw: true, batchSize: messageDocumentsMax } as const;
  let first = true;
  try {
    for await (const documents of messages(collection.find(filter, { ...common, hint: { _id: 1 } }))) {
      first = false;
      yield documents;
    }
    return;
  } catch (error) {
    if (!first || !hasCode(error, refusedQueryCodes)) throw error;
  }
  yield* messages(collection.find(filter, { ...common, allowDiskUse: true }));
}

/** The server's answers, one after the other; ends only where the server said so. */
export async function* messages(cursor: FindCursor<Document>): AsyncGenerator<readonly RawDocument[]> {
  try {
    // With `raw`, the driver's documents are the bytes of the server's answer.
    while (await cursor.hasNext()) yield cursor.readBufferedDocuments() as unknown as readonly RawDocument[];
    // A cursor that was closed (with its client, say) says as well that it has no more documents: that is not the end.
    if (cursor.killed || cursor.id?.isZero() !== true) throw closedEarly();
  } finally {
    await cursor.close();
  }
}

function hasCode(error: unknown, codes: ReadonlySet<unknown>): boolean {
  return error instanceof MongoServerError && codes.has(error.code);
}

function closedEarly(): Failure {
  return new Failure({
    code: 'SOURCE_UNREACHABLE',
    exit: exitCodes.source,
    what: 'The connection to the source was closed before the end of a collection.',
    next: 'Start again: the migration resumes where it stopped.',
    transient: true,
  });
}

function lostPlace(collection: string): Failure {
  return new Failure({
    code: 'SOURCE_CHANGED',
    exit: exitCodes.source,
    what: `The last document of ${collection} that was read is no longer in the source, so reading cannot resume after it.`,
    next: 'Stop everything that writes to the source (NextCRM must be stopped), then start over with an empty target database and volume.',
  });
}
