/** Layer "counts": what was read is what is there, by the server's own count of every table and of the ledger. */
import type { CollectionSpec } from '../../catalog/index.ts';
import { stateSchema } from '../../schema-name.ts';
import { literal } from '../../target/quoted.ts';
import type { Context } from '../context.ts';
import type { LedgerTable } from '../ledger/ledger.ts';
import { locateStrayRecords } from '../ledger/stray-records.ts';
import { locateExtraRows } from '../records/extra-rows.ts';
import type { CollectionTally } from '../records/records.ts';

/** The load's own row about a collection. */
export interface ProgressRow {
  readonly known: boolean;
  readonly read: number;
  readonly malformed: number;
  readonly fields: number;
  readonly contentHash: string;
}

export async function readProgressRows({ target }: Pick<Context, 'target'>): Promise<Map<string, ProgressRow>> {
  const rows = await target.query(
    `select collection, known, read::text as read, malformed::text as malformed, fields::text as fields, content_hash from ${stateSchema}.progress`,
  );
  return new Map(
    rows.map((row) => [
      String(row['collection']),
      {
        known: row['known'] === true,
        read: Number(row['read']),
        malformed: Number(row['malformed']),
        fields: Number(row['fields']),
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
    if (difference === 0) return;
    context.findings.add('counts', 'COUNT_MISMATCH', { collection, count: Math.abs(difference), content: `${difference}` });
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
  differ((context.corrections?.get(collection) ?? 0) - (tally?.corrected ?? 0));
  if (spec?.formerly !== undefined) await checkFormer(context, spec, tally);
  if (spec !== null && tally !== null && progress !== null) await checkFields(context, spec, tally, progress);
}

/**
 * fields = carried + changed + leftover, where the load counted the fields, the proof those that are carried, and the server the records.
 * A value that differs is a finding of its own, and not carried; so this is asked only where nothing else was found.
 */
async function checkFields(context: Context, spec: CollectionSpec, tally: CollectionTally, progress: ProgressRow): Promise<void> {
  const { collection } = spec;
  // Of ids that differ in invalid bytes only the ledger does not say how many documents a record is of.
  if (tally.hasShared || context.findings.hasOf(collection)) return;
  // A copy is recorded and stands for no field of the document.
  const copies = Object.keys(spec.columns).filter((field) => spec.columns[field]?.copiedFrom !== undefined);
  const isCopy = copies.length === 0 ? 'false' : `code = 'RENAMED_FIELD' and field in (${copies.map(literal).join(', ')})`;
  const known = ['_id', ...Object.keys(spec.columns), ...Object.keys(spec.links)].map(literal).join(', ');
  const [row] = await context.target.query(
    `select
       (select coalesce(sum(case
            -- What only a correction gives to the document is no field of the source.
            when corrections = 0 then 1 else taken + former end), 0) from (
          select count(*) filter (where code = 'CORRECTED') as corrections,
            count(*) filter (where code = 'CORRECTED' and original is not null) as taken,
            count(distinct code) filter (where code = 'RENAMED_FIELD') as former
          from ${stateSchema}.change
          where collection = $1 and (original is not null or code = 'CORRECTED') and not (${isCopy}) and field in (${known})
          group by source_id, field) changed)::text as changed,
       (select count(*) from ${stateSchema}.leftover where collection = $1)::text as leftover`,
    [collection],
  );
  const difference = progress.fields - tally.carried - Number(row?.['changed']) - Number(row?.['leftover']);
  if (difference === 0) return;
  context.findings.add('counts', 'COUNT_MISMATCH', {
    collection,
    count: Math.abs(difference),
    content: `fields ${difference}`,
  });
}

/** As many documents of each former name as the load has noted. */
async function checkFormer({ target, findings }: Context, spec: CollectionSpec, tally: CollectionTally | null): Promise<void> {
  // An earlier version made no such table.
  const [there] = await target.query(`select to_regclass('${stateSchema}.former') is not null as there`);
  if (there?.['there'] !== true) return;
  const rows = await target.query(
    `select former_name, count(*)::text as count from ${stateSchema}.former where collection = $1 group by 1`,
    [spec.collection],
  );
  const noted = new Map(rows.map((row) => [String(row['former_name']), Number(row['count'])]));
  for (const name of new Set([...noted.keys(), ...(tally?.former.keys() ?? [])])) {
    const difference = (noted.get(name) ?? 0) - (tally?.former.get(name)?.documents ?? 0);
    if (difference === 0) continue;
    findings.add('counts', 'COUNT_MISMATCH', {
      collection: name,
      count: Math.abs(difference),
      content: `of a former name ${difference}`,
    });
  }
}

function checkSource(
  { findings }: Context,
  collection: string,
  tally: CollectionTally | null,
  progress: ProgressRow | null,
): void {
  const empty = '0'.repeat(32);
  const content = tally?.contentHash ?? empty;
  if (content !== (progress?.contentHash ?? empty)) findings.add('counts', 'SOURCE_CHANGED', { collection, content });
}

async function countRows({ target, relations }: Context, collection: string): Promise<number> {
  const [row] = await target.query(`select count(*)::text as count from ${relations(collection)} t`);
  return Number(row?.['count']);
}

async function countWholeLeftovers({ target }: Context, collection: string): Promise<number> {
  const [row] = await target.query(
    `select count(*)::text as count from ${stateSchema}.leftover where collection = $1 and field is null`,
    [collection],
  );
  return Number(row?.['count']);
}
