/** The map of ids: every document that has a row. Those whose `_id` is no ObjectId are in it since the load. */
import type { Catalog } from '../../catalog/index.ts';
import { stateSchema } from '../../schema-name.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

/** One statement for all tables: one for each would pass over the map as often. */
export async function fillIdMap(session: Session, { collections }: Catalog): Promise<void> {
  const rows = collections.map(
    ({ collection }) => `select ${literal(collection)}::text as collection, id from public.${quoted(collection)}`,
  );
  // All ids that are left carry an ObjectId; source_id is NOT NULL, so one that does not would stop here. It is what the function
  // object_id_of gives, but with one `encode` for each row: OFFSET keeps the planner from putting it in for each `hex`.
  await session.script(`
    insert into ${stateSchema}.id_map (collection, source_id, id)
    select t.collection, case when hex like '____________8___8_________000000'
      then substr(hex, 1, 12) || substr(hex, 14, 3) || substr(hex, 18, 9) end, t.id
    from (
      select t.*, encode(uuid_send(t.id), 'hex') as hex from (${rows.join(' union all ')}) t
      where not exists (select from ${stateSchema}.id_map m where m.collection = t.collection and m.id = t.id) offset 0) t;
    create index if not exists id_map_id on ${stateSchema}.id_map (id);
    analyze ${stateSchema}.id_map`);
}

/** By source id, which is read by look-ups of single documents: for the step "index", since it takes longer than the other. */
export async function indexSourceIds(session: Session): Promise<void> {
  await session.script(`create index if not exists id_map_source_id on ${stateSchema}.id_map using hash (source_id)`);
}
