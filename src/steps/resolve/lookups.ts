/**
 * References given as strings or numbers. A string of 24 hex digits means the ObjectId where that document exists, else the
 * document whose `_id` is the string; any other string, or a number, must be the `_id` of a document.
 */
import { type CollectionSpec, collections } from '../../catalog/index.ts';
import { invariant } from '../../failure.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';
import { pendingReject, takenCodes } from './record.ts';

/** What the look-up needs to know of a field: where its partners are, and how its value is held. */
interface Referrer {
  readonly collection: string;
  readonly field: string;
  /** The collections that it may name; null: any. */
  readonly partners: readonly string[] | null;
  readonly held: 'column' | 'required column' | 'array' | 'link';
}

export async function resolveLookups(session: Session): Promise<void> {
  const used = await session.query<{ collection: string; field: string }>(
    'select distinct collection, field from nextcrm_migration.lookup order by 1, 2',
  );
  for (const { collection, field } of used) {
    const spec = collections.find((candidate) => candidate.collection === collection);
    invariant(spec !== undefined, `a look-up of the unknown collection ${collection}`);
    const referrer = referrerOf(spec, field);
    await session.transaction(async () => {
      await takeStringIds(session, referrer);
      await dropUnknown(session, referrer);
      if (referrer.held === 'array') await rewriteArrays(session, referrer);
      await session.execute('delete from nextcrm_migration.lookup where collection = $1 and field = $2', [collection, field]);
    });
  }
}

function referrerOf({ collection, columns, links }: CollectionSpec, field: string): Referrer {
  const link = links[field];
  if (link !== undefined) return { collection, field, partners: [link.partner], held: 'link' };
  const column = columns[field];
  invariant(column !== undefined, `a look-up of the unknown field ${collection}.${field}`);
  const named = column.references === undefined ? null : [column.references];
  const partners = collection === 'tasksComments' && field === 'task' ? ['Tasks', 'crm_Accounts_Tasks'] : named;
  return {
    collection,
    field,
    partners,
    held: column.kind === 'uuid[]' ? 'array' : column.required ? 'required column' : 'column',
  };
}

/** A query for the existence of a document with the id that `expression` gives. */
function exists(expression: string, { partners }: Referrer): string {
  const among = partners === null ? '' : ` and p.collection in (${partners.map(literal).join(', ')})`;
  return `exists (select from nextcrm_migration.id_map p where p.id = ${expression}${among})`;
}

/** Each once: an array may hold one string a hundred thousand times, and each of its records would be joined with each of these. */
const lookups = '(select distinct collection, id, field, original, taken, hashed from nextcrm_migration.lookup) l';

function mine({ collection, field }: Referrer): string {
  return `l.collection = ${literal(collection)} and l.field = ${literal(field)}`;
}

/** The document with the ObjectId does not exist, the one whose `_id` is the string does. */
async function takeStringIds(session: Session, referrer: Referrer): Promise<void> {
  const wanted = `${mine(referrer)} and l.taken <> l.hashed and ${exists('l.hashed', referrer)} and not ${exists('l.taken', referrer)}`;
  if (referrer.held !== 'array') await setHeld(session, referrer, wanted, 'l.hashed');
  // A DBRef stays one, whatever its id is.
  await recode(session, referrer, wanted, 'ID_HASHED', "('ID_FROM_STRING')");
}

/** No document has this `_id`: what happens is what happens to a value that cannot be converted. */
async function dropUnknown(session: Session, referrer: Referrer): Promise<void> {
  const unknown = `${mine(referrer)} and l.taken = l.hashed and not ${exists('l.hashed', referrer)}`;
  if (referrer.held === 'required column') {
    const rows = `select l.id from nextcrm_migration.lookup l where ${unknown}`;
    await session.script(pendingReject(referrer.collection, 'UNCONVERTIBLE_REQUIRED', referrer.field, rows));
    return;
  }
  // A link to nowhere is recorded by the link step, with all others.
  if (referrer.held === 'link') return;
  if (referrer.held !== 'array') await setHeld(session, referrer, unknown, 'null');
  await recode(session, referrer, unknown, referrer.held === 'array' ? 'ARRAY_ELEMENT_DROPPED' : 'UNCONVERTIBLE');
}

async function setHeld(
  session: Session,
  { collection, field, held }: Referrer,
  where: string,
  value: 'l.hashed' | 'null',
): Promise<void> {
  await session.script(
    held === 'link'
      ? `update nextcrm_migration.link k set partner = l.hashed from ${lookups}
         where ${where} and k.collection = l.collection and k.field = l.field and k.id = l.id and k.original = l.original`
      : `update public.${quoted(collection)} t set ${quoted(field)} = ${value} from ${lookups} where ${where} and t.id = l.id`,
  );
}

/** Each array once, whatever its length: the elements that were looked up become the id that was found, or go. */
async function rewriteArrays(session: Session, referrer: Referrer): Promise<void> {
  const { collection, field } = referrer;
  const table = `public.${quoted(collection)}`;
  const column = quoted(field);
  const found = `case when l.taken = l.hashed and not ${exists('l.hashed', referrer)} then null
    when l.taken <> l.hashed and (${exists('l.taken', referrer)} or not ${exists('l.hashed', referrer)}) then l.taken
    else l.hashed end`;
  await session.script(`
    with looked_up as (select l.id, l.hashed, ${found} as found from ${lookups} where ${mine(referrer)}),
    rewritten as (
      select t.id, coalesce(
        array_agg(coalesce(l.found, e.element) order by e.place) filter (where l.hashed is null or l.found is not null), '{}') as elements
      from ${table} t
      cross join lateral unnest(t.${column}) with ordinality e(element, place)
      left join looked_up l on l.id = t.id and l.hashed = e.element
      where t.id in (select id from looked_up) group by t.id)
    update ${table} t set ${column} = r.elements from rewritten r where t.id = r.id`);
}

async function recode(
  session: Session,
  { collection, field }: Referrer,
  where: string,
  code: string,
  from: string = takenCodes,
): Promise<void> {
  await session.script(
    `update nextcrm_migration.change c set code = ${literal(code)}
     from ${lookups}
     join nextcrm_migration.id_map m on m.collection = l.collection and m.id = l.id
     where ${where} and c.collection = ${literal(collection)} and c.field = ${literal(field)} and c.source_id = m.source_id
       and c.original = l.original and c.code in ${from}`,
  );
}
