/** Documents with one `_id`: which were rejected for another reason than that, known by their exact bytes, and which may be loaded now. */
import { hash } from 'node:crypto';
import type { RejectCode } from '../findings/codes.ts';
import { copiesTriedMax } from '../findings/texts/rejects.ts';
import { stateSchema } from '../schema-name.ts';
import { literal } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

export interface RejectedCopies {
  has(sourceId: string, document: Uint8Array): boolean;
}

/** Of these source ids. */
export async function rejectedCopies(
  session: Session,
  collection: string,
  sourceIds: readonly string[],
): Promise<RejectedCopies> {
  const rows = await session.query<{ source_id: string; digest: string }>(
    `select distinct source_id, encode(sha256(bson), 'hex') as digest from ${stateSchema}.reject
     where collection = $1 and code <> 'DUPLICATE_ID' and source_id in (select jsonb_array_elements_text($2::text::jsonb))`,
    [collection, JSON.stringify(sourceIds)],
  );
  const digests = new Map<string, Set<string>>();
  for (const { source_id, digest } of rows) digests.set(source_id, (digests.get(source_id) ?? new Set()).add(digest));
  return { has: (sourceId, document) => digests.get(sourceId)?.has(hash('sha256', document, 'hex')) === true };
}

/** What the step "resolve" rejects for, when the next document of that `_id` can be loaded instead. The load may give the first one, too. */
const lateRejectCodes = [
  'UNCONVERTIBLE_REQUIRED',
  'INDEX_TOO_LARGE',
  'DUPLICATE_KEY',
  'DANGLING_REQUIRED',
] as const satisfies readonly RejectCode[];
export type LateRejectCode = (typeof lateRejectCodes)[number];

/**
 * Records of documents whose `_id` has no row any more. A copy of one that was rejected for another reason would be rejected for the
 * same, and keeps its record.
 */
const freed = `
  from ${stateSchema}.reject r
  where r.code = 'DUPLICATE_ID'
    and not exists (select from ${stateSchema}.id_map m where m.collection = r.collection and m.source_id = r.source_id)
    and not exists (
      select from ${stateSchema}.reject o
      where o.collection = r.collection and o.source_id = r.source_id and o.code <> 'DUPLICATE_ID' and o.bson = r.bson)
    and not exists (
      select from (
        select collection, source_id from ${stateSchema}.reject where code in (${lateRejectCodes.map(literal).join(', ')})
        group by collection, source_id having count(*) >= ${copiesTriedMax}) tried
      where tried.collection = r.collection and tried.source_id = r.source_id)`;

/** The collections that have any; the map of ids must hold every row. */
export async function collectionsWithFreed(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ collection: string }>(`select distinct r.collection ${freed} order by 1`);
  return rows.map(({ collection }) => collection);
}

/** The source ids of these records. */
export async function freedIds(session: Session, collection: string): Promise<readonly string[]> {
  const rows = await session.query<{ source_id: string }>(`select distinct r.source_id ${freed} and r.collection = $1`, [
    collection,
  ]);
  return rows.map(({ source_id }) => source_id);
}

/** Takes these records out and returns their source ids, one for each. Inside the caller's transaction. */
export async function forgetFreed(session: Session, collection: string): Promise<readonly string[]> {
  const deleted = await session.query<{ source_id: string }>(
    `with gone as (select r.ctid ${freed} and r.collection = $1)
     delete from ${stateSchema}.reject where ctid in (select ctid from gone) returning source_id`,
    [collection],
  );
  return deleted.map(({ source_id }) => source_id);
}
