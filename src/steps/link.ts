/** Step "link": the junction tables from the staged pairs of both sides; a pair without a partner is recorded. */
import { type Catalog, type CollectionSpec, type JunctionSpec, junctionOf } from '../catalog/index.ts';
import { invariant } from '../failure.ts';
import { recordElements } from '../ledger/record.ts';
import { stateSchema } from '../schema-name.ts';
import { completeStep } from '../state/transitions.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

/** One transaction: a run is linked whole or not at all. */
export async function link(session: Session, catalog: Catalog): Promise<void> {
  await session.transaction(async () => {
    for (const junction of catalog.junctions) await removeOrphans(session, junction);
    for (const { collection, links } of catalog.collections) {
      for (const [field, spec] of Object.entries(links)) {
        const junction = junctionOf(catalog, spec.junction);
        invariant(junction !== undefined, `the junction table ${spec.junction} of ${collection}.${field} is not in the catalog`);
        await insertPairs(session, collection, field, spec, junction);
        await recordDangling(session, collection, field, spec);
      }
    }
    await session.script(`truncate ${stateSchema}.link, ${stateSchema}.lookup`);
    await completeStep(session, 'link');
  });
}

/** Pairs of a former run that name a document which was retried and is rejected now. The proof finds those that the source still has. */
async function removeOrphans(session: Session, { table, left, right }: JunctionSpec): Promise<void> {
  const orphaned = [left, right].map(
    ({ column, collection }) => `not exists (select from public.${quoted(collection)} p where p.id = j.${quoted(column)})`,
  );
  await session.script(`delete from public.${quoted(table)} j where ${orphaned.join(' or ')}`);
}

type Link = CollectionSpec['links'][string];

/** The rows of a rejected document took their links with them, so the owner of each staged pair exists. */
async function insertPairs(
  session: Session,
  collection: string,
  field: string,
  { side, partner }: Link,
  { table, left, right }: JunctionSpec,
): Promise<void> {
  const columns = side === 'left' ? [left.column, right.column] : [right.column, left.column];
  await session.script(`
    insert into public.${quoted(table)} (${columns.map(quoted).join(', ')})
    select distinct k.id, k.partner from ${stateSchema}.link k
    where k.collection = ${literal(collection)} and k.field = ${literal(field)}
      and exists (select from public.${quoted(partner)} p where p.id = k.partner)
    on conflict do nothing`);
}

/** Once an element: the load's record of an element that was no ObjectId gets the code, any other gets a record. */
async function recordDangling(session: Session, collection: string, field: string, { partner }: Link): Promise<void> {
  // Materialized: the few that dangle are found first, and the source id of the owner is looked up for these alone.
  const dangling = `
    with dangling as materialized (
      select distinct k.id, k.partner, k.original from ${stateSchema}.link k
      where k.collection = ${literal(collection)} and k.field = ${literal(field)}
        and not exists (select from public.${quoted(partner)} p where p.id = k.partner))
    select m.source_id, d.partner, d.original
    from dangling d join ${stateSchema}.id_map m on m.collection = ${literal(collection)} and m.id = d.id`;
  await session.script(recordElements({ collection, field }, 'LINK_DANGLING', dangling));
}
