/** Layer "counts": what was read is what is there, by the server's own count of every table and of the ledger. */
import type { CollectionSpec } from '../catalog/index.ts';
import type { Context } from './context.ts';
import { locateExtraRows } from './extra-rows.ts';
import type { LedgerTable } from './ledger.ts';
import type { CollectionTally } from './records.ts';
import { locateStrayRecords } from './stray-records.ts';

/** The load's own row about a collection. */
export interface ProgressRow {
  readonly known: boolean;
  readonly read: number;
  readonly malformed: number;
  readonly contentHash: string;
}

export async function readProgressRows({ target }: Pick<Context, 'target'>): Promise<Map<string, ProgressRow>> {
  const rows = await target.query(
    'select collection, known, read::text as read, malformed::text as malformed, content_hash from nextcrm_migration.progress',
  );
  return new Map(
    rows.map((row) => [
      String(row['collection']),
      {
        known: row['known'] === true,
        read: Number(row['read']),
        malformed: Number(row['malformed']),
        contentHash: String(row['content_hash']),
      },
    ]),
  );
}

/** `tally` null: the source has no such collection. */
export async function checkCounts(
  context: Context,
  collection: string,
  spec: CollectionSpec | null,
  tally: CollectionTally | null,
  progress: ProgressRow | null,
): Promise<void> {
  const rows = spec === null ? 0 : await countRows(context, collection);
  const differ = (difference: number) => {
    if (difference !== 0) context.findings.add('counts', 'COUNT_MISMATCH', { collection, count: Math.abs(difference) });
  };
  const read = (tally?.documents ?? 0) - (tally?.malformed ?? 0);
  const rejects = context.ledgerCounts.reject.get(collection) ?? 0;
  const kept = spec === null ? await countWholeLeftovers(context, collection) : rows;
  differ(kept + rejects - read);
  if (progress !== null) differ((tally?.documents ?? 0) - progress.read);
  else if (read > 0) differ(read);
  checkSource(context, collection, tally, progress);
  if ((tally?.documents ?? 0) === 0 && (rows > 0 || (progress?.read ?? 0) > 0))
    context.findings.add('counts', 'NOTHING_COMPARED', { collection });
  if (spec !== null && ((tally?.matched ?? 0) !== rows || tally?.ascending === false))
    await locateExtraRows(context, collection, rows);
  for (const table of ['change', 'leftover', 'reject'] satisfies LedgerTable[]) {
    const difference = (context.ledgerCounts[table].get(collection) ?? 0) - (tally?.seen[table] ?? 0);
    if (difference !== 0) await locateStrayRecords(context, { collection, table, hasTable: spec !== null }, difference);
  }
}

function checkSource(
  { findings }: Context,
  collection: string,
  tally: CollectionTally | null,
  progress: ProgressRow | null,
): void {
  const empty = '0'.repeat(32);
  if ((tally?.contentHash ?? empty) !== (progress?.contentHash ?? empty))
    findings.add('counts', 'SOURCE_CHANGED', { collection });
}

async function countRows({ target, relations }: Context, collection: string): Promise<number> {
  const [row] = await target.query(`select count(*)::text as count from ${relations(collection)} t`);
  return Number(row?.['count']);
}

async function countWholeLeftovers({ target }: Context, collection: string): Promise<number> {
  const [row] = await target.query(
    'select count(*)::text as count from nextcrm_migration.leftover where collection = $1 and field is null',
    [collection],
  );
  return Number(row?.['count']);
}
