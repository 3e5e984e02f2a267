/** Makes the schema `nextcrm_archive`: plain tables that stand by themselves, so that nothing in `public` is held up by them. */
import { exitCodes, Failure } from '../failure.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { type ArchivedTable, archivedTables } from './contents.ts';

/**
 * Inside the caller's transaction: the archive is there whole or not at all. A table that was made before is brought up to date;
 * one that was made before and is gone was dropped by a person (it may hold secrets) and is not made again.
 */
export async function makeArchive(session: Session): Promise<void> {
  const made = new Set(
    (await session.query<{ table_name: string }>('select table_name from nextcrm_migration.archive')).map(
      ({ table_name }) => table_name,
    ),
  );
  if (made.size === 0) await session.script(`create schema nextcrm_archive; comment on schema nextcrm_archive is ${about}`);
  for (const archived of archivedTables) {
    if (!made.has(archived.table)) await createTable(session, archived);
    else if (!(await exists(session, archived))) continue;
    await fillTable(session, archived);
  }
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
  await session.script(`create table ${nameOf(archived)} as ${await selectOf(session, archived)} with no data`);
}

async function fillTable(session: Session, archived: ArchivedTable): Promise<void> {
  await session.script(`truncate ${nameOf(archived)}`);
  const rows = await session.execute(`insert into ${nameOf(archived)} ${await selectOf(session, archived)}`);
  await session.execute(
    `insert into nextcrm_migration.archive (table_name, rows) values ($1, $2)
     on conflict (table_name) do update set rows = excluded.rows`,
    [archived.table, rows],
  );
}

async function selectOf(session: Session, { table, key, columns }: ArchivedTable): Promise<string> {
  const found = await session.query<{ name: string; is_enum: boolean }>(
    `select a.attname::text as name, t.typtype = 'e' as is_enum from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [`public.${quoted(table)}`],
  );
  const wanted = found.filter(({ name }) => columns === 'all' || key.includes(name) || columns.includes(name));
  const list = wanted.map(({ name, is_enum }) => (is_enum ? `${quoted(name)}::text as ${quoted(name)}` : quoted(name)));
  return `select ${list.join(', ')} from public.${quoted(table)}`;
}

async function exists(session: Session, archived: ArchivedTable): Promise<boolean> {
  const [row] = await session.query<{ there: boolean }>('select to_regclass($1) is not null as there', [nameOf(archived)]);
  return row?.there === true;
}

const nameOf = ({ table }: ArchivedTable): string => `nextcrm_archive.${quoted(table)}`;
