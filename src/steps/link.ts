/** Step "link": the ten junction tables from the staged pairs of both sides; a pair without a partner is recorded. */
import { type CollectionSpec, collections, junctions } from '../catalog/index.ts';
import { enterStep } from '../state/run.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { takenCodes } from './resolve/record.ts';

/** One transaction: a run is linked whole or not at all. */
export async function link(session: Session): Promise<void> {
  await session.transaction(async () => {
    for (const { collection, links } of collections) {
      for (const [field, spec] of Object.entries(links)) {
        await insertPairs(session, collection, field, spec);
        await recordDangling(session, collection, field, spec);
      }
    }
    await session.script('truncate nextcrm_migration.link, nextcrm_migration.lookup');
    await enterStep(session, 'index');
  });
}

type Link = CollectionSpec['links'][string];

/** The rows of a rejected document took their links with them, so the owner of each staged pair exists. */
async function insertPairs(
  session: Session,
  collection: string,
  field: string,
  { junction, side, partner }: Link,
): Promise<void> {
  const table = junctions.find((candidate) => candidate.table === junction);
  if (table === undefined) throw new Error(`the junction table ${junction} of ${collection}.${field} is not in the catalog`);
  const columns = side === 'left' ? [table.left.column, table.right.column] : [table.right.column, table.left.column];
  await session.script(`
    insert into public.${quoted(junction)} (${columns.map(quoted).join(', ')})
    select distinct k.id, k.partner from nextcrm_migration.link k
    where k.collection = ${literal(collection)} and k.field = ${literal(field)}
      and exists (select from public.${quoted(partner)} p where p.id = k.partner)
    on conflict do nothing`);
}

/** Once an element: the load's record of an element that was no ObjectId gets the code, any other gets a record. */
async function recordDangling(session: Session, collection: string, field: string, { partner }: Link): Promise<void> {
  const dangling = `
    select distinct m.source_id, k.partner, k.original
    from nextcrm_migration.link k
    join nextcrm_migration.id_map m on m.collection = k.collection and m.id = k.id
    where k.collection = ${literal(collection)} and k.field = ${literal(field)}
      and not exists (select from public.${quoted(partner)} p where p.id = k.partner)`;
  await session.script(`
    with dangling as (${dangling}),
    renamed as (
      update nextcrm_migration.change c set code = 'LINK_DANGLING' from dangling d
      where c.collection = ${literal(collection)} and c.field = ${literal(field)} and c.source_id = d.source_id
        and c.original = d.original and c.code in ${takenCodes}
      returning c.source_id, c.original)
    insert into nextcrm_migration.change (collection, source_id, field, code, original)
    select ${literal(collection)}, d.source_id, ${literal(field)}, 'LINK_DANGLING', coalesce(d.original, nextcrm_migration.reference_json(d.partner))
    from dangling d
    where not exists (select from renamed r where r.source_id = d.source_id and r.original = d.original)`);
}
