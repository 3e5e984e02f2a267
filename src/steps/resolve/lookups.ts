/**
 * References given as strings or numbers. A string of 24 hex digits means the ObjectId where that document exists, else the
 * document whose `_id` is the string; any other string, or a number, must be the `_id` of a document.
 */
import { type Catalog, type CollectionSpec, specOf } from '../../catalog/index.ts';
import { invariant } from '../../failure.ts';
import { pendingReject, recode } from '../../ledger/record.ts';
import { stateSchema } from '../../schema-name.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

/** What the look-up needs to know of a field: where its partners are, and how its value is held. */
interface Referrer {
  readonly collection: string;
  readonly field: string;
  /** The collections that it may name; null: any. */
  readonly partners: readonly string[] | null;
  readonly held: 'column' | 'required column' | 'array' | 'link';
}

export async function resolveLookups(session: Session, catalog: Catalog): Promise<void> {
  const used = await session.query<{ collection: string; field: string }>(
    `select distinct collection, field from ${stateSchema}.lookup order by 1, 2`,
  );
  for (const { collection, field } of used) {
    const spec = specOf(catalog, collection);
    invariant(spec !== undefined, `a look-up of the unknown collection ${collection}`);
    const referrer = referrerOf(spec, field);
    await session.transaction(async () => {
      await takeStringIds(session, referrer);
      await dropUnknown(session, referrer);
      if (referrer.held === 'array') await rewriteArrays(session, referrer);
      await session.execute(`delete from ${stateSchema}.lookup where collection = $1 and field = $2`, [collection, field]);
    });
  }
}

function referrerOf({ collection, columns, links }: CollectionSpec, field: string): Referrer {
  const link = links[field];
  if (link !== undefined) return { collection, field, partners: [link.partner], held: 'link' };
  const column = columns[field];
  invariant(column !== undefined, `a look-up of the unknown field ${collection}.${field}`);
  const redirected = column.redirect === undefined ? undefined : columns[column.redirect]?.references;
  const partners = [column.references, redirected].filter((partner) => partner !== undefined);
  return {
    collection,
    field,
    partners: partners.length === 0 ? null : partners,
    held: column.kind === 'uuid[]' ? 'array' : column.required ? 'required column' : 'column',
  };
}

/** A query for the existence of a document with the id that `expression` gives. */
function exists(expression: string, { partners }: Referrer): string {
  const among = partners === null ? '' : ` and p.collection in (${partners.map(literal).join(', ')})`;
  return `exists (select from ${stateSchema}.id_map p where p.id = ${expression}${among})`;
}

/** Each once: an array may hold one string a hundred thousand times, and each of its records would be joined with each of these. */
const lookups = `(select distinct collection, id, field, original, taken, hashed from ${stateSchema}.lookup) l`;

function mine({ collection, field }: Referrer): string {
  return `l.collection = ${literal(collection)} and l.field = ${literal(field)}`;
}

/** The document with the ObjectId does not exist, the one whose `_id` is the string does. */
async function takeStringIds(session: Session, referrer: Referrer): Promise<void> {
  const wanted = `${mine(referrer)} and l.taken <> l.hashed and ${exists('l.hashed', referrer)} and not ${exists('l.taken', referrer)}`;
  if (referrer.held !== 'array') await setHeld(session, referrer, wanted, 'l.hashed');
  // A DBRef stays one, whatever its id is.
  await session.script(recode(referrer, 'ID_HASHED', lookups, wanted));
}

/** No document has this `_id`: what happens is what happens to a value that cannot be converted. */
async function dropUnknown(session: Session, referrer: Referrer): Promise<void> {
  const unknown = `${mine(referrer)} and l.taken = l.hashed and not ${exists('l.hashed', referrer)}`;
  if (referrer.held === 'required column') {
    const rows = `select l.id from ${stateSchema}.lookup l where ${unknown}`;
    await session.script(pendingReject(referrer, 'UNCONVERTIBLE_REQUIRED', rows));
    return;
  }
  // A link to nowhere is recorded by the link step, with all others.
  if (referrer.held === 'link') return;
  if (referrer.held !== 'array') await setHeld(session, referrer, unknown, 'null');
  await session.script(recode(referrer, referrer.held === 'array' ? 'ARRAY_ELEMENT_DROPPED' : 'UNCONVERTIBLE', lookups, unknown));
}

async function setHeld(
  session: Session,
  { collection, field, held }: Referrer,
  where: string,
  value: 'l.hashed' | 'null',
): Promise<void> {
  await session.script(
    held === 'link'
      ? `update ${stateSchema}.link k set partner = l.hashed from ${lookups}
         where ${where} and k.collection = l.collection and k.field = l.field and k.id = l.id and k.original = l.original`
      : `update public.${quoted(collection)} t set ${quoted(field)} = ${value} from ${lookups} where ${where} and t.id = l.id`,
  );
}

/** Each array once, whatever its length: the elements that were looked up become the id that was found, or go. One id may be written in several ways. */
async function rewriteArrays(session: Session, referrer: Referrer): Promise<void> {
  const { collection, field } = referrer;
  const table = `public.${quoted(collection)}`;
  const column = quoted(field);
  const found = `case when l.taken = l.hashed and not ${exists('l.hashed', referrer)} then null
    when l.taken <> l.hashed and (${exists('l.taken', referrer)} or not ${exists('l.hashed', referrer)}) then l.taken
    else l.hashed end`;
  await session.script(`
    with looked_up as (select distinct l.id, l.hashed, ${found} as found from ${lookups} where ${mine(referrer)}),
    rewritten as (
      select t.id, coalesce(
        array_agg(coalesce(l.found, e.element) order by e.place) filter (where l.hashed is null or l.found is not null), '{}') as elements
      from ${table} t
      cross join lateral unnest(t.${column}) with ordinality e(element, place)
      left join looked_up l on l.id = t.id and l.hashed = e.element
      where t.id in (select id from looked_up) group by t.id)
    update ${table} t set ${column} = r.elements from rewritten r where t.id = r.id`);
}
