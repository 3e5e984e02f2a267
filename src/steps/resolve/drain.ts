/** Takes rows out again that must be rejected: the whole document is read from the source and kept, then its row and all of its records go. */
import { sourceIdOf } from '../../bson/source-id.ts';
import { elementsOf } from '../../bson/walk.ts';
import { type Catalog, specOf } from '../../catalog/index.ts';
import type { Corrections } from '../../convert/corrections.ts';
import { encodeRejects } from '../../convert/reject.ts';
import { exitCodes, Failure, invariant } from '../../failure.ts';
import { rejectCopy } from '../../ledger/copies.ts';
import { correctionsOf } from '../../ledger/corrections.ts';
import { forgetPending } from '../../ledger/forget.ts';
import { type RejectedCopies, rejectedCopies } from '../../ledger/rejected-copies.ts';
import type { Progress } from '../../progress/progress.ts';
import { stateSchema } from '../../schema-name.ts';
import type { RawDocument, Source } from '../../source/source.ts';
import type { Run } from '../../state/run.ts';
import type { Session } from '../../target/session.ts';

export interface RejectJob {
  readonly catalog: Catalog;
  readonly session: Session;
  readonly run: Pick<Run, 'startedAt'>;
  readonly source: Source;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

interface Pending extends Record<string, unknown> {
  readonly id: string;
  readonly source_id: string;
  readonly code: string;
  readonly field: string | null;
}

/**
 * How many pending rows are held in memory, and taken out by one pass over a dump, in one transaction: each pass may scan the whole
 * of the ledger and of the staged links.
 */
const pendingMax = 50_000;
/** How much of the documents is held at a time. */
const documentsMax = 1_000;
const bytesMax = 8 * 1024 * 1024;

/** Returns how many documents were rejected. */
export async function drainPendingRejects(job: RejectJob): Promise<number> {
  let drained = 0;
  for (;;) {
    const [first] = await job.session.query<{ collection: string }>(
      `select collection from ${stateSchema}.pending_reject order by 1 limit 1`,
    );
    if (first === undefined) return drained;
    drained += await drainCollection(job, first.collection);
  }
}

async function drainCollection(job: RejectJob, collection: string): Promise<number> {
  const { session, catalog, progress } = job;
  // Filled since a moment ago: without statistics the server would take a few rows for granted, whatever they are joined with.
  await session.script(`analyze ${stateSchema}.pending_reject`);
  const rows = await session.query<Pending>(
    `select id, source_id, code, field from ${stateSchema}.pending_reject where collection = $1 order by id limit $2`,
    [collection, pendingMax],
  );
  const last = rows.at(-1)?.id;
  invariant(last !== undefined, `nothing of ${collection} is pending`);
  progress.note(`rejecting ${rows.length} documents of ${collection}: reading them again to store them completely`);
  const sourceIds = rows.map((row) => row.source_id);
  const corrections = await correctionsOf(session, { collection, spec: specOf(catalog, collection) ?? null }, sourceIds);
  const rejected = await rejectedCopies(session, collection, sourceIds);
  await session.transaction(async () => {
    const deleted = await forgetPending(session, collection, last);
    invariant(deleted === rows.length, `${collection}: ${rows.length} rows were to be rejected, ${deleted} were there`);
    let fields = 0;
    for await (const batch of batchesOf(job, collection, { rows, rejected })) {
      fields += batch.reduce((sum, { document }) => sum + [...elementsOf(document)].length, 0);
      await keepRejected(session, collection, batch, corrections);
    }
    await session.execute(`update ${stateSchema}.progress set loaded = loaded - $2, fields = fields - $3 where collection = $1`, [
      collection,
      deleted,
      fields,
    ]);
  });
  return rows.length;
}

interface PendingDocument {
  readonly row: Pending;
  readonly document: RawDocument;
}

/** The documents of these rows, each once. */
async function* batchesOf(
  { source, signal }: RejectJob,
  collection: string,
  { rows, rejected }: { readonly rows: readonly Pending[]; readonly rejected: RejectedCopies },
): AsyncGenerator<readonly PendingDocument[]> {
  const pending = new Map(rows.map((row) => [row.source_id, row]));
  let batch: PendingDocument[] = [];
  let bytes = 0;
  for await (const document of source.find(collection, new Set(pending.keys()))) {
    signal.throwIfAborted();
    const row = pending.get(sourceIdOf(document));
    // Of several documents with one `_id`, the row is that of the first which was not rejected for another reason.
    if (row === undefined || rejected.has(row.source_id, document)) continue;
    pending.delete(row.source_id);
    batch.push({ row, document: document.slice() });
    bytes += document.length;
    if (batch.length < documentsMax && bytes < bytesMax) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
  if (pending.size > 0) throw vanished(collection, pending.size);
}

async function keepRejected(
  session: Session,
  collection: string,
  batch: readonly PendingDocument[],
  corrections: Corrections | null,
): Promise<void> {
  const rejections = batch.map(({ row: { code, field }, document }) => {
    const tried = corrections?.tried(document) ?? null;
    return { collection, document, code, field, reason: tried?.reason ?? null, correction: tried?.text ?? null };
  });
  await session.copyIn(rejectCopy(encodeRejects(rejections)));
}

function vanished(collection: string, count: number): Failure {
  return new Failure({
    code: 'SOURCE_CHANGED',
    exit: exitCodes.source,
    what: `${count} documents of ${collection} are no longer in the source, so they cannot be stored as rejected.`,
    next: 'Stop everything that writes to the source (NextCRM must be stopped), then start over with an empty target database and volume.',
  });
}
