/** The map of ids: every document that has a row. Those whose `_id` is no ObjectId are in it since the load. */
import type { Catalog } from '../../catalog/index.ts';
import { stateSchema } from '../../schema-name.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

export async function fillIdMap(session: Session, { collections }: Catalog): Promise<void> {
  for (const { collection } of collections) {
    // All ids that are left carry an ObjectId; source_id is NOT NULL, so one that does not would stop here.
    await session.script(`
      insert into ${stateSchema}.id_map (collection, source_id, id)
      select ${literal(collection)}, ${stateSchema}.object_id_of(t.id), t.id
      from public.${quoted(collection)} t
      where not exists (select from ${stateSchema}.id_map m where m.collection = ${literal(collection)} and m.id = t.id)`);
  }
  await session.script(`
    create index if not exists id_map_id on ${stateSchema}.id_map (id);
    create index if not exists id_map_source_id on ${stateSchema}.id_map using hash (source_id);
    analyze ${stateSchema}.id_map`);
}
