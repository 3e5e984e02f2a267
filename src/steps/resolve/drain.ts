/** Takes rows out again that must be rejected: the whole document is read from the source and kept, then its row and all of its records go. */
import { onDemand } from 'bson';
import { sourceIdOf } from '../../bson/source-id.ts';
import { encodeReject } from '../../convert/reject.ts';
import { exitCodes, Failure, invariant } from '../../failure.ts';
import type { Progress } from '../../progress/progress.ts';
import type { RawDocument, Source } from '../../source/source.ts';
import { quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

export interface RejectJob {
  readonly session: Session;
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

/** How many pending rows are held in memory, and taken out by one pass over a dump. */
const pendingMax = 50_000;
/** One transaction's documents. */
const documentsMax = 1_000;
const bytesMax = 8 * 1024 * 1024;

/** Returns how many documents were rejected. */
export async function drainPendingRejects(job: RejectJob): Promise<number> {
  let drained = 0;
  for (;;) {
    const [first] = await job.session.query<{ collection: string }>(
      'select collection from nextcrm_migration.pending_reject order by 1 limit 1',
    );
    if (first === undefined) return drained;
    drained += await drainCollection(job, first.collection);
  }
}

async function drainCollection(job: RejectJob, collection: string): Promise<number> {
  const { session, source, progress, signal } = job;
  const rows = await session.query<Pending>(
    'select id, source_id, code, field from nextcrm_migration.pending_reject where collection = $1 order by id limit $2',
    [collection, pendingMax],
  );
  progress.note(`rejecting ${rows.length} documents of ${collection}: reading them again to keep them whole`);
  const pending = new Map(rows.map((row) => [row.source_id, row]));
  const rejected = await rejectedTwins(session, collection);
  let batch: { row: Pending; document: RawDocument }[] = [];
  let bytes = 0;
  for await (const document of source.find(collection, new Set(pending.keys()))) {
    signal.throwIfAborted();
    const row = pending.get(sourceIdOf(document));
    // Of several documents with one `_id`, the row is that of the first which the load did not reject.
    if (row === undefined || rejected.some((twin) => twin.equals(document))) continue;
    pending.delete(row.source_id);
    batch.push({ row, document: document.slice() });
    bytes += document.length;
    if (batch.length < documentsMax && bytes < bytesMax) continue;
    await rejectBatch(session, collection, batch);
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) await rejectBatch(session, collection, batch);
  if (pending.size > 0) throw vanished(collection, pending.size);
  return rows.length;
}

/** The bytes of documents that stand before a row's document in the source with the same `_id`: only a damaged dump has any. */
async function rejectedTwins(session: Session, collection: string): Promise<readonly Buffer[]> {
  const rows = await session.query<{ bson: Buffer }>(
    `select r.bson from nextcrm_migration.reject r
     join nextcrm_migration.pending_reject p using (collection, source_id)
     where collection = $1 and r.code <> 'DUPLICATE_ID'`,
    [collection],
  );
  return rows.map(({ bson }) => bson);
}

async function rejectBatch(
  session: Session,
  collection: string,
  batch: readonly { row: Pending; document: RawDocument }[],
): Promise<void> {
  const ids = `{${batch.map(({ row }) => row.id).join(',')}}`;
  await session.transaction(async () => {
    const deleted = await session.execute(`delete from public.${quoted(collection)} where id = any($1::text::uuid[])`, [ids]);
    invariant(deleted === batch.length, `${collection}: ${batch.length} rows were to be rejected, ${deleted} were there`);
    for (const table of ['change', 'leftover']) {
      await session.execute(
        `delete from nextcrm_migration.${table} t using nextcrm_migration.pending_reject p
         where p.collection = $1 and p.id = any($2::text::uuid[]) and t.collection = p.collection and t.source_id = p.source_id`,
        [collection, ids],
      );
    }
    for (const table of ['link', 'lookup', 'id_map', 'pending_reject']) {
      await session.execute(`delete from nextcrm_migration.${table} where collection = $1 and id = any($2::text::uuid[])`, [
        collection,
        ids,
      ]);
    }
    await session.execute(
      'update nextcrm_migration.progress set loaded = loaded - $2, fields = fields - $3 where collection = $1',
      [collection, batch.length, batch.reduce((sum, { document }) => sum + [...onDemand.parseToElements(document)].length, 0)],
    );
    await session.copyIn({
      table: 'nextcrm_migration.reject (collection, source_id, code, field, document, bson, reason)',
      parts: batch.map(({ row, document }) =>
        encodeReject({ collection, document, code: row.code, field: row.field, reason: null }),
      ),
    });
  });
}

function vanished(collection: string, count: number): Failure {
  return new Failure({
    code: 'SOURCE_CHANGED',
    exit: exitCodes.source,
    what: `${count} documents of ${collection} were read before and are no longer in the source, so they cannot be kept whole.`,
    next: 'Stop whatever writes to the source (NextCRM must be stopped), then start over with an empty target database and volume.',
  });
}
