/** Takes out what was written of some documents, so that they can be loaded again. Inside the caller's transaction. */
import { forgetCopies } from '../releases/archive.ts';
import type { Releases } from '../releases/subject.ts';
import { stateSchema } from '../schema-name.ts';
import { readTuples } from '../target/copy-reader.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import type { Place } from './place.ts';

const among = '(select jsonb_array_elements_text($2::text::jsonb))';

/** Rows and every record but those of rejection. Returns how many rows each source id had. */
export async function forgetLoaded(
  session: Session,
  releases: Releases,
  { collection, spec }: Place,
  sourceIds: readonly string[],
): Promise<Map<string, number>> {
  const parameters = [collection, JSON.stringify(sourceIds)];
  const deleted =
    spec !== null
      ? await session.query<{ source_id: string }>(
          `delete from public.${quoted(collection)} t using ${stateSchema}.id_map m
         where m.collection = $1 and m.source_id in ${among} and t.id = m.id returning m.source_id`,
          parameters,
        )
      : await session.query<{ source_id: string }>(
          `delete from ${stateSchema}.leftover where collection = $1 and field is null and source_id in ${among} returning source_id`,
          parameters,
        );
  if (spec !== null) await forgetCopies(session, releases, collection, JSON.stringify(sourceIds));
  for (const table of ['change', 'leftover', 'id_map'])
    await session.execute(`delete from ${stateSchema}.${table} where collection = $1 and source_id in ${among}`, parameters);
  const rows = new Map<string, number>();
  for (const { source_id } of deleted) rows.set(source_id, (rows.get(source_id) ?? 0) + 1);
  return rows;
}

/** The exact bytes of every rejected document of these ids, one after the other, before their records go. */
export async function* forgetRejected(
  session: Session,
  { collection }: Place,
  sourceIds: readonly string[],
): AsyncGenerator<{ readonly sourceId: string; readonly bson: Buffer }> {
  const list = literal(JSON.stringify(sourceIds));
  const text = `select r.source_id, r.bson from ${stateSchema}.reject r
    where r.collection = ${literal(collection)} and r.source_id in (select jsonb_array_elements_text(${list}::jsonb))`;
  for await (const tuple of readTuples(session.copyOut(text)))
    yield { sourceId: tuple.value(0)?.toString() ?? '', bson: tuple.value(1) ?? Buffer.alloc(0) };
  await session.execute(`delete from ${stateSchema}.reject where collection = $1 and source_id in ${among}`, [
    collection,
    JSON.stringify(sourceIds),
  ]);
}

/** All that is recorded of rows that are to be rejected, which `pending_reject` names; the rows themselves too. Returns how many. */
export async function forgetRows(session: Session, collection: string, ids: readonly string[]): Promise<number> {
  const list = `{${ids.join(',')}}`;
  const deleted = await session.execute(`delete from public.${quoted(collection)} where id = any($1::text::uuid[])`, [list]);
  for (const table of ['change', 'leftover', 'correction']) {
    await session.execute(
      `delete from ${stateSchema}.${table} t using ${stateSchema}.pending_reject p
       where p.collection = $1 and p.id = any($2::text::uuid[]) and t.collection = p.collection and t.source_id = p.source_id`,
      [collection, list],
    );
  }
  for (const table of ['link', 'lookup', 'id_map', 'pending_reject']) {
    await session.execute(`delete from ${stateSchema}.${table} where collection = $1 and id = any($2::text::uuid[])`, [
      collection,
      list,
    ]);
  }
  return deleted;
}
