/** What the load itself leaves for a person: rejected documents and stretches of the source that cannot be read. */
import { type Dangling, sourceIdsMax } from '../report/model.ts';
import type { Session } from '../target/session.ts';
import { idsHashOf, idsHashSum } from './ids-hash.ts';

export interface CodeCount {
  readonly code: string;
  readonly collection: string;
  readonly field: string | null;
  readonly count: number;
  readonly sourceIds: readonly string[];
  readonly idsHash: string;
}

export async function readRejectCounts(session: Session): Promise<readonly CodeCount[]> {
  const rows = await session.query<{
    code: string;
    collection: string;
    field: string | null;
    n: string;
    ids: string;
    sum: string;
  }>(`
    select code, collection, field, count(*) as n, to_json((array_agg(source_id order by source_id collate "C"))[1:${sourceIdsMax}])::text as ids, ${idsHashSum('source_id')} as sum
    from nextcrm_migration.reject group by 1, 2, 3 order by 2, 1, 3`);
  return rows.map(({ code, collection, field, n, ids, sum }) => ({
    code,
    collection,
    field,
    count: Number(n),
    sourceIds: JSON.parse(ids) as string[],
    idsHash: idsHashOf(sum),
  }));
}

export async function hasRejects(session: Session): Promise<boolean> {
  const [row] = await session.query<{ found: boolean }>('select exists (select from nextcrm_migration.reject) as found');
  return row?.found === true;
}

/** `sourceIds` are places here: file and byte offset. */
export async function readDamage(session: Session): Promise<readonly CodeCount[]> {
  const rows = await session.query<{ collection: string; n: string; places: string; sum: string }>(`
    select collection, count(*) as n, to_json((array_agg(file || ' at byte ' || byte_offset order by file, byte_offset))[1:${sourceIdsMax}])::text as places, ${idsHashSum("file || ' at byte ' || byte_offset")} as sum
    from nextcrm_migration.damage group by 1 order by 1`);
  return rows.map(({ collection, n, places, sum }) => ({
    code: 'SOURCE_DAMAGED',
    collection,
    field: null,
    count: Number(n),
    sourceIds: JSON.parse(places) as string[],
    idsHash: idsHashOf(sum),
  }));
}

/** The references and links that name no document, by field and by what was done about them. */
export async function readDanglingFields(session: Session): Promise<Dangling['fields']> {
  const rows = await session.query<{ collection: string; field: string; code: string; n: string }>(`
    select collection, field, code, count(*) as n from nextcrm_migration.change
    where code in ('DANGLING_REFERENCE', 'LINK_DANGLING') group by 1, 2, 3
    union all
    select collection, coalesce(field, ''), code, count(*) from nextcrm_migration.reject where code = 'DANGLING_REQUIRED' group by 1, 2, 3
    order by 1, 2, 3`);
  return rows.map(({ collection, field, code, n }) => ({ collection, field, code, count: Number(n) }));
}

export interface RejectLine {
  readonly collection: string;
  readonly sourceId: string;
  readonly code: string;
  readonly field: string | null;
}

/** Every rejected document, a thousand at a time. */
export async function* readRejects(session: Session): AsyncGenerator<RejectLine> {
  const pageRows = 1_000;
  for (let offset = 0; ; offset += pageRows) {
    const rows = await session.query<{ collection: string; source_id: string; code: string; field: string | null }>(
      `select collection, source_id, code, field from nextcrm_migration.reject
       order by collection collate "C", source_id collate "C", code collate "C" limit $1 offset $2`,
      [pageRows, offset],
    );
    for (const { collection, source_id, code, field } of rows) yield { collection, sourceId: source_id, code, field };
    if (rows.length < pageRows) return;
  }
}
