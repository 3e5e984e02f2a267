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

/**
 * The rows that `pending_reject` names up to the id `last`, and all that is recorded of them. Returns how many rows. Joined with that table
 * rather than with a list: a parameter that is cast to an array is parsed again for each row of a table that is scanned.
 */
export async function forgetPending(session: Session, collection: string, last: string): Promise<number> {
  const forget = (table: string, on: string) =>
    session.execute(
      `delete from ${table} t using ${stateSchema}.pending_reject p where p.collection = $1 and p.id <= $2::text::uuid and ${on}`,
      [collection, last],
    );
  const deleted = await forget(`public.${quoted(collection)}`, 't.id = p.id');
  for (const table of ['change', 'leftover', 'correction'])
    await forget(`${stateSchema}.${table}`, 't.collection = p.collection and t.source_id = p.source_id');
  for (const table of ['link', 'lookup', 'id_map'])
    await forget(`${stateSchema}.${table}`, 't.collection = p.collection and t.id = p.id');
  await session.execute(`delete from ${stateSchema}.pending_reject where collection = $1 and id <= $2::text::uuid`, [
    collection,
    last,
  ]);
  return deleted;
}
