/** The archive: what later releases drop stands in it as it stands in the tables, in plain columns. */
import { type ArchivedTable, archivedTables } from '../archive/contents.ts';
import { quoted } from '../target/quoted.ts';
import type { Context } from './context.ts';

type Place = Pick<Context, 'target' | 'findings'>;

/** A table that was made and is gone was dropped by a person: nothing is left to prove. */
export async function checkArchive(context: Place): Promise<void> {
  const made = await madeTables(context);
  for (const archived of archivedTables) {
    if (!made.has(archived.table)) {
      context.findings.add('records', 'ARCHIVE_WRONG', { collection: archived.table });
      continue;
    }
    const found = await plainColumns(context, archived.table);
    if (found.length === 0) continue;
    const expected = await originalColumns(context, archived);
    await checkColumns(context, archived.table, found, expected);
    const shared = expected.map(nameIn).filter((name) => found.some((shape) => nameIn(shape) === name));
    if (archived.key.every((name) => shared.includes(name))) await checkRows(context, archived, shared);
  }
}

async function madeTables({ target }: Place): Promise<ReadonlySet<string>> {
  const rows = await target.query('select table_name from nextcrm_migration.archive');
  return new Set(rows.map((row) => String(row['table_name'])));
}

/** Names and types, with a mark for whatever is more than a plain column. */
async function plainColumns({ target }: Place, table: string): Promise<readonly string[]> {
  const rows = await target.query(
    `select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || case when a.attnotnull or a.atthasdef or t.typnamespace <> 'pg_catalog'::regnamespace then ' not plain' else '' end as shape
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attname collate "C"`,
    [`nextcrm_archive.${quoted(table)}`],
  );
  return rows.map((row) => String(row['shape']));
}

/** As the table in `public` has them, an enum as text. */
async function originalColumns({ target }: Place, { table, key, columns }: ArchivedTable): Promise<readonly string[]> {
  const rows = await target.query(
    `select a.attname::text as name, case when t.typtype = 'e' then 'text' else format_type(a.atttypid, a.atttypmod) end as type
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attname collate "C"`,
    [`public.${quoted(table)}`],
  );
  const wanted = (name: string) => columns === 'all' || key.includes(name) || columns.includes(name);
  return rows.filter((row) => wanted(String(row['name']))).map((row) => `${row['name']} ${row['type']}`);
}

async function checkColumns(
  { target, findings }: Place,
  table: string,
  found: readonly string[],
  expected: readonly string[],
): Promise<void> {
  const constraints = await target.query('select from pg_constraint where conrelid = to_regclass($1)', [
    `nextcrm_archive.${quoted(table)}`,
  ]);
  if (found.join('\n') !== expected.join('\n') || constraints.length > 0)
    findings.add('types', 'ARCHIVE_WRONG', { collection: table });
}

/** On the server: rows of one side alone, or of both with another content. A row twice is found by the numbers. */
async function checkRows({ target, findings }: Place, { table, key }: ArchivedTable, columns: readonly string[]): Promise<void> {
  const text = (alias: string) => `row(${columns.map((name) => `${alias}.${quoted(name)}::text`).join(', ')})`;
  const on = key.map((name) => `a.${quoted(name)} = t.${quoted(name)}`).join(' and ');
  const id = quoted(key[0] ?? 'id');
  const different = await target.query(
    `select coalesce(t.${id}, a.${id})::text as id from public.${quoted(table)} t full join nextcrm_archive.${quoted(table)} a on ${on}
     where t.${id} is null or a.${id} is null or ${text('t')} is distinct from ${text('a')}`,
  );
  for (const row of different) findings.add('records', 'ARCHIVE_WRONG', { collection: table, sourceId: String(row['id']) });
  if (different.length > 0) return;
  const [counts] = await target.query(
    `select (select count(*) from nextcrm_archive.${quoted(table)}) - (select count(*) from public.${quoted(table)}) as more`,
  );
  const more = Number(counts?.['more']);
  if (more !== 0) findings.add('records', 'ARCHIVE_WRONG', { collection: table, count: more });
}

const nameIn = (shape: string): string => shape.slice(0, shape.indexOf(' '));
