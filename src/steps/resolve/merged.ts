/**
 * What refers to a document that was rejected for its unique value refers to the one that keeps the value: columns with and without a
 * foreign key, elements of arrays, and staged links. Each reference is recorded, and can be merged once: afterwards it names the other.
 */
import type { Catalog, CollectionSpec, ColumnSpec } from '../../catalog/index.ts';
import { invariant } from '../../failure.ts';
import { recordElements, recorded, recordNamedElements } from '../../ledger/record.ts';
import { stateSchema } from '../../schema-name.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

export async function mergeReferences(session: Session, { collections }: Catalog): Promise<void> {
  const rows = await session.query<{ collection: string }>(`select distinct collection from ${stateSchema}.merged order by 1`);
  for (const { collection: partner } of rows) {
    for (const spec of collections) await mergeInto(session, spec, partner);
  }
}

async function mergeInto(session: Session, { collection, columns, links }: CollectionSpec, partner: string): Promise<void> {
  for (const [field, column] of Object.entries(columns)) {
    if (!mayName(columns, column, partner)) continue;
    await session.script((column.kind === 'uuid[]' ? mergeElements : mergeColumn)(collection, field, partner));
  }
  for (const [field, link] of Object.entries(links)) {
    if (link.partner === partner) await session.script(mergeLinks(collection, field, partner));
  }
}

function mayName(columns: CollectionSpec['columns'], { references, names, redirect }: ColumnSpec, partner: string): boolean {
  return [references, names, redirect === undefined ? undefined : columns[redirect]?.references].includes(partner);
}

function mergeColumn(collection: string, field: string, partner: string): string {
  const table = `public.${quoted(collection)}`;
  const column = quoted(field);
  return `
    with match as (
      update ${table} t set ${column} = d.survivor
      from (select c.id, c.${column} as value, g.survivor from ${table} c
            join ${stateSchema}.merged g on g.collection = ${literal(partner)} and g.id = c.${column}) d
      where t.id = d.id returning t.id, d.value),
    ${recorded({ collection, field }, 'REFERENCE_MERGED')}`;
}

/** Each element gets one record: that of the load, where it took a string or the like for the id, else its own. */
function mergeElements(collection: string, field: string, partner: string): string {
  const table = `public.${quoted(collection)}`;
  const column = quoted(field);
  return `
    with match as (
      select t.id, m.source_id, g.id as element, g.source_id as named, count(*) as times
      from ${table} t cross join lateral unnest(t.${column}) e(id)
      join ${stateSchema}.merged g on g.collection = ${literal(partner)} and g.id = e.id
      join ${stateSchema}.id_map m on m.collection = ${literal(collection)} and m.id = t.id
      group by t.id, m.source_id, g.id, g.source_id),
    rewritten as (
      update ${table} t set ${column} = (
        select array_agg(coalesce(g.survivor, e.id) order by e.place)
        from unnest(t.${column}) with ordinality e(id, place)
        left join ${stateSchema}.merged g on g.collection = ${literal(partner)} and g.id = e.id)
      where t.id in (select id from match)),
    ${recordNamedElements({ collection, field }, 'REFERENCE_MERGED')}`;
}

/** Once an element, as where it names nobody. */
function mergeLinks(collection: string, field: string, partner: string): string {
  const place = `k.collection = ${literal(collection)} and k.field = ${literal(field)}`;
  const elements = `
    select distinct m.source_id, k.partner, k.original from ${stateSchema}.link k
    join ${stateSchema}.merged g on g.collection = ${literal(partner)} and g.id = k.partner
    join ${stateSchema}.id_map m on m.collection = k.collection and m.id = k.id
    where ${place}`;
  // One transaction, as all statements of one message are.
  return `
    ${recordElements({ collection, field }, 'REFERENCE_MERGED', elements)};
    update ${stateSchema}.link k set partner = g.survivor from ${stateSchema}.merged g
    where ${place} and g.collection = ${literal(partner)} and g.id = k.partner`;
}

/**
 * Before documents are retried, inside the caller's transaction: what was merged is loaded again, and so are the documents that it was
 * merged into, so that both sides' arrays are staged again. The pairs in between go: whether they are still asked for shows then.
 */
export async function unmerge(session: Session, { collections, junctions }: Catalog): Promise<void> {
  const merged = await session.query<{ n: string }>(`select count(*) as n from ${stateSchema}.merged`);
  if (merged[0]?.n === '0') return;
  for (const { collection, links } of collections) {
    for (const [field, { junction, side, partner }] of Object.entries(links)) {
      const table = junctions.find((one) => one.table === junction);
      invariant(table !== undefined, `the junction table ${junction} of ${collection}.${field} is not in the catalog`);
      const [own, other] = side === 'left' ? [table.left.column, table.right.column] : [table.right.column, table.left.column];
      await session.script(`
        delete from public.${quoted(junction)} j
        where j.${quoted(other)} in (select survivor from ${stateSchema}.merged where collection = ${literal(partner)})
          and j.${quoted(own)} in (
            select m.id from ${stateSchema}.change c join ${stateSchema}.id_map m on m.collection = c.collection and m.source_id = c.source_id
            where c.collection = ${literal(collection)} and c.field = ${literal(field)} and c.code = 'REFERENCE_MERGED')`);
    }
  }
  await session.script(`
    insert into ${stateSchema}.retry (collection, source_id)
    select collection, source_id from (
      select c.collection, c.source_id from ${stateSchema}.change c where c.code = 'REFERENCE_MERGED'
      union
      select g.collection, m.source_id from ${stateSchema}.merged g
      join ${stateSchema}.id_map m on m.collection = g.collection and m.id = g.survivor) again
    where not exists (
      select from ${stateSchema}.retry t where (t.collection, t.source_id) = (again.collection, again.source_id));
    truncate ${stateSchema}.merged`);
}
