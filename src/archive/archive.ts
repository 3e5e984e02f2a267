/** Makes the schema `nextcrm_archive`: plain tables that stand by themselves, so that nothing in `public` is held up by them. */
import { exitCodes, Failure } from '../failure.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { type ArchivedTable, archivedTables } from './contents.ts';
import { mendableColumns } from './upgrade-rules.ts';

/**
 * Inside the caller's transaction: the archive is there whole or not at all. A table that was made before is brought up to date, and
 * keeps the originals of what was mended since; one that was made before and is gone was dropped by a person (it may hold secrets) and
 * is not made again.
 */
export async function makeArchive(session: Session): Promise<void> {
  const made = new Set(
    (await session.query<{ table_name: string }>('select table_name from nextcrm_migration.archive')).map(
      ({ table_name }) => table_name,
    ),
  );
  if (made.size === 0) await session.script(`create schema nextcrm_archive; comment on schema nextcrm_archive is ${about}`);
  for (const archived of archivedTables) {
    if (made.has(archived.table)) {
      if (!(await exists(session, archived))) continue;
      await takeOutdated(session, archived);
    } else await createTable(session, archived);
    await fillTable(session, archived);
  }
}

/**
 * Takes out the copies of documents that are loaded again, so that the new rows are copied as they are then. `sourceIds`: a JSON array.
 * Inside the caller's transaction, as long as the map of ids still has them.
 */
export async function forgetCopies(session: Session, collection: string, sourceIds: string): Promise<void> {
  const archived = archivedTables.find(({ table }) => table === collection);
  if (archived === undefined || !(await exists(session, archived))) return;
  await session.execute(
    `delete from ${nameOf(archived)} a using nextcrm_migration.id_map m
     where m.collection = $1 and m.source_id in (select jsonb_array_elements_text($2::text::jsonb)) and a.id = m.id`,
    [collection, sourceIds],
  );
}

/** An archive of another migration: found before the work, since it would stop it at the end. */
export async function checkNoArchive(session: Session): Promise<void> {
  const [row] = await session.query<{ there: boolean }>("select to_regnamespace('nextcrm_archive') is not null as there");
  if (row?.there !== true) return;
  throw new Failure({
    code: 'TARGET_HAS_ARCHIVE',
    exit: exitCodes.target,
    what: `The database ${session.description} already has a schema nextcrm_archive: an earlier migration left its copies there.`,
    next: 'Migrate into a new, empty database; or, where you do not need the copies, run in that database: DROP SCHEMA nextcrm_archive CASCADE;',
  });
}

const about = literal('Copies of what later releases of NextCRM drop, as the migration left it. Nothing depends on it.');

/** By the names and types of the columns alone: no default, key, index or enum comes along. */
async function createTable(session: Session, archived: ArchivedTable): Promise<void> {
  await session.script(
    `create table ${nameOf(archived)} as ${selectOf(archived, await columnsOf(session, archived))} with no data`,
  );
}

/**
 * Takes out what is in the table no more or otherwise. A mended value is no difference: its copy is the original that the report
 * promises to keep. The copies of documents that were loaded again are gone already.
 */
async function takeOutdated(session: Session, archived: ArchivedTable): Promise<void> {
  const mendable = mendableColumns(archived.table);
  const compared = (await columnsOf(session, archived)).filter(({ name }) => !mendable.includes(name));
  const values = (alias: string) => `row(${compared.map(({ name }) => `${alias}.${quoted(name)}`).join(', ')})`;
  await session.script(
    `delete from ${nameOf(archived)} a where not exists (
       select from (${selectOf(archived, compared)}) t where ${sameKey(archived)} and ${values('t')} is not distinct from ${values('a')})`,
  );
}

/** Adds what is not there. */
async function fillTable(session: Session, archived: ArchivedTable): Promise<void> {
  const columns = await columnsOf(session, archived);
  const list = columns.map(({ name }) => quoted(name)).join(', ');
  await session.script(
    `insert into ${nameOf(archived)} (${list}) select ${list} from (${selectOf(archived, columns)}) t
     where not exists (select from ${nameOf(archived)} a where ${sameKey(archived)})`,
  );
  await session.execute(
    `insert into nextcrm_migration.archive (table_name, rows) select $1, count(*) from ${nameOf(archived)}
     on conflict (table_name) do update set rows = excluded.rows`,
    [archived.table],
  );
}

interface Column {
  readonly name: string;
  readonly isEnum: boolean;
}

async function columnsOf(session: Session, { table, key, columns }: ArchivedTable): Promise<readonly Column[]> {
  const found = await session.query<{ name: string; is_enum: boolean }>(
    `select a.attname::text as name, t.typtype = 'e' as is_enum from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [`public.${quoted(table)}`],
  );
  return found
    .filter(({ name }) => columns === 'all' || key.includes(name) || columns.includes(name))
    .map(({ name, is_enum }) => ({ name, isEnum: is_enum }));
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
