/** Makes the schema `nextcrm_archive`: plain tables that stand by themselves, so that nothing in `public` is held up by them. */
import { exitCodes, Failure } from '../failure.ts';
import { stateSchema } from '../schema-name.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { archivedTablesOf } from './archived-tables.ts';
import { holds } from './record.ts';
import type { ArchivedTable, Releases } from './subject.ts';

/**
 * Inside the caller's transaction: the archive is there whole or not at all. A table that was made before is brought up to date; one
 * that was made before and is gone was dropped by a person (it may hold secrets) and is not made again. `keep`: what is archived stays as
 * it is, and only what is missing is added.
 */
export async function makeArchive(session: Session, releases: Releases, { keep = false } = {}): Promise<void> {
  const made = await madeTables(session);
  if (made.size > 0 && !(await hasSchema(session))) return;
  if (made.size === 0) await session.script(`create schema nextcrm_archive; comment on schema nextcrm_archive is ${about}`);
  const [present, copied] = [await columnsIn(session, 'public'), await columnsIn(session, 'nextcrm_archive')];
  for (const archived of archivedTablesOf(releases)) {
    const columns = wantedOf(archived, present);
    // An upgrade that has stopped half-way has dropped it, and what is archived stays as it is.
    if (columns.length === 0) continue;
    if (!made.has(archived.table)) {
      await session.script(createTable(archived, columns));
      continue;
    }
    const copy = copied.get(archived.table);
    if (copy === undefined || !fits(copy, columns)) continue;
    await session.script(`${keep ? '' : `${takeOutdated(archived, columns)};`} ${addMissing(archived, columns)}`);
  }
}

/** What an earlier version made no copy of, and no release has changed. Inside the caller's transaction. */
export async function completeArchive(session: Session, releases: Releases): Promise<void> {
  if (!(await hasSchema(session))) return;
  const made = await madeTables(session);
  const present = await columnsIn(session, 'public');
  for (const archived of archivedTablesOf(releases)) {
    const columns = wantedOf(archived, present);
    if (archived.isLeftBehind !== true || made.has(archived.table) || columns.length === 0) continue;
    await session.script(createTable(archived, columns));
  }
}

async function madeTables(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ table_name: string }>(`select table_name from ${stateSchema}.archive`);
  return new Set(rows.map(({ table_name }) => table_name));
}

/** A person may have dropped it as a whole. */
const hasSchema = (session: Session): Promise<boolean> => holds(session, "to_regnamespace('nextcrm_archive') is not null");

/**
 * Takes out the copies of documents that are loaded again, so that the new rows are copied as they are then. `sourceIds`: a JSON array.
 * Inside the caller's transaction, as long as the map of ids still has them.
 */
export async function forgetCopies(session: Session, releases: Releases, collection: string, sourceIds: string): Promise<void> {
  const archived = archivedTablesOf(releases).find(({ table }) => table === collection);
  if (archived === undefined || !(await exists(session, archived))) return;
  await session.execute(
    `delete from ${nameOf(archived)} a using ${stateSchema}.id_map m
     where m.collection = $1 and m.source_id in (select jsonb_array_elements_text($2::text::jsonb)) and a.id = m.id`,
    [collection, sourceIds],
  );
}

/** An archive of another migration: found before the work, since it would stop it at the end. */
export async function checkNoArchive(session: Session): Promise<void> {
  if (!(await hasSchema(session))) return;
  throw new Failure({
    code: 'TARGET_HAS_ARCHIVE',
    exit: exitCodes.target,
    what: `The database ${session.description} already has a schema nextcrm_archive: an earlier migration left its copies there.`,
    next: 'Migrate into a new, empty database; or, if you do not need the copies, run in that database: DROP SCHEMA nextcrm_archive CASCADE;',
  });
}

const about = literal('Copies of what later releases of NextCRM drop, as the migration left it. Nothing depends on it.');

/** With its rows. By the names and types of the columns alone: no default, key, index or enum comes along. A publication of all tables wants an identity. */
const createTable = (archived: ArchivedTable, columns: readonly Column[]): string =>
  `create table ${nameOf(archived)} as ${selectOf(archived, columns)};
   alter table ${nameOf(archived)} replica identity full;
   ${keepNumber(archived)}`;

/** Takes out what is in the table no more or otherwise. */
function takeOutdated(archived: ArchivedTable, columns: readonly Column[]): string {
  const values = (alias: string) => `row(${columns.map(({ name }) => `${alias}.${quoted(name)}`).join(', ')})`;
  return `delete from ${nameOf(archived)} a where not exists (
    select from (${selectOf(archived, columns)}) t where ${sameKey(archived)} and ${values('t')} is not distinct from ${values('a')})`;
}

/**
 * Adds what is not there, and keeps how many rows there are. Not by a nested loop, which the planner takes for free where the copy was emptied
 * and vacuumed, and which then passes over all that was added for each further row: 42 s for 25,000 rows.
 */
function addMissing(archived: ArchivedTable, columns: readonly Column[]): string {
  const list = columns.map(({ name }) => quoted(name)).join(', ');
  return `
    set local enable_nestloop = off;
    insert into ${nameOf(archived)} (${list}) select ${list} from (${selectOf(archived, columns)}) t
    where not exists (select from ${nameOf(archived)} a where ${sameKey(archived)});
    set local enable_nestloop to default;
    ${keepNumber(archived)}`;
}

const keepNumber = (archived: ArchivedTable): string => `
  insert into ${stateSchema}.archive (table_name, rows) select ${literal(archived.table)}, count(*) from ${nameOf(archived)}
  on conflict (table_name) do update set rows = excluded.rows`;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isEnum: boolean;
}

interface TableColumn extends Column, Record<string, unknown> {
  readonly table: string;
}

/** By table of the schema: its columns in their order, an enum as text. */
async function columnsIn(session: Session, schema: string): Promise<ReadonlyMap<string, readonly Column[]>> {
  const found = await session.query<TableColumn>(
    `select c.relname::text as table, a.attname::text as name, t.typtype = 'e' as "isEnum",
       case t.typtype when 'e' then 'text' else format_type(a.atttypid, a.atttypmod) end as type
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
     where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p') order by a.attnum`,
    [schema],
  );
  return Map.groupBy(found, ({ table }) => table);
}

/** Of the columns in `public`, those that are archived: none where the table is not there. */
function wantedOf({ table, key, columns }: ArchivedTable, present: ReadonlyMap<string, readonly Column[]>): readonly Column[] {
  return (present.get(table) ?? []).filter(({ name }) => columns === 'all' || key.includes(name) || columns.includes(name));
}

/** False where an upgrade has changed a column that is archived: then the copy is all that is left of it. */
function fits(copy: readonly Column[], columns: readonly Column[]): boolean {
  const same = (one: Column) => columns.some(({ name, type }) => name === one.name && type === one.type);
  return copy.every(same) && columns.length === copy.length;
}

function selectOf({ table }: ArchivedTable, columns: readonly Column[]): string {
  const list = columns.map(({ name, isEnum }) => (isEnum ? `${quoted(name)}::text as ${quoted(name)}` : quoted(name)));
  return `select ${list.join(', ')} from public.${quoted(table)}`;
}

const sameKey = ({ key }: ArchivedTable): string => key.map((name) => `a.${quoted(name)} = t.${quoted(name)}`).join(' and ');

async function exists(session: Session, archived: ArchivedTable): Promise<boolean> {
  const [row] = await session.query<{ there: boolean }>('select to_regclass($1) is not null as there', [nameOf(archived)]);
  return row?.there === true;
}

const nameOf = ({ table }: ArchivedTable): string => `nextcrm_archive.${quoted(table)}`;
