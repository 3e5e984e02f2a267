/** The map of ids: every document that has a row. Those whose `_id` is no ObjectId are in it since the load. */
import { collections } from '../../catalog/index.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

export async function fillIdMap(session: Session): Promise<void> {
  for (const { collection } of collections) {
    // All ids that are left carry an ObjectId; source_id is NOT NULL, so one that does not would stop here.
    await session.script(`
      insert into nextcrm_migration.id_map (collection, source_id, id)
      select ${literal(collection)}, nextcrm_migration.object_id_of(t.id), t.id
      from public.${quoted(collection)} t
      where not exists (select from nextcrm_migration.id_map m where m.collection = ${literal(collection)} and m.id = t.id)`);
  }
  await session.script(`
    create index if not exists id_map_id on nextcrm_migration.id_map (id);
    create index if not exists id_map_source_id on nextcrm_migration.id_map using hash (source_id);
    analyze nextcrm_migration.id_map`);
}
