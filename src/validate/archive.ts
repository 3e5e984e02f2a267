/** The archive: what later releases drop stands in it as the migration left it, in plain columns. */
import { specOf } from '../catalog/index.ts';
import { archivedTablesOf } from '../releases/archived-tables.ts';
import type { ArchivedTable } from '../releases/subject.ts';
import { stateSchema } from '../schema-name.ts';
import { quoted } from '../target/quoted.ts';
import type { Structure } from '../target/structure.ts';
import type { Context } from './context.ts';
import { modifiedSql } from './modified.ts';
import { readTexts } from './texts.ts';

type Place = Pick<Context, 'catalog' | 'target' | 'findings' | 'finishedAt' | 'relations' | 'upgraded'>;

/** A table that was made and is gone was dropped by a person: before an upgrade nothing is lost by it, after one all that it alone had. */
export async function checkArchive(context: Place): Promise<void> {
  const { structure, releases } = context.catalog;
  const made = await madeTables(context);
  const [copies, originals] = [await shapesIn(context, 'nextcrm_archive'), await shapesIn(context, 'public')];
  const constrained = await tablesWithConstraints(context);
  for (const archived of archivedTablesOf(releases)) {
    const { table } = archived;
    const rows = made.get(table);
    // After an upgrade an earlier version cannot have made what it did not know of.
    if (rows === undefined) {
      if (!context.upgraded) context.findings.add('records', 'ARCHIVE_WRONG', { collection: table });
      continue;
    }
    const found = copies.get(table) ?? [];
    if (found.length === 0) {
      if (context.upgraded && rows > 0) reportDropped(context, archived, rows);
      continue;
    }
    const expected = plainShapes(structure, archived);
    const isPlain = found.join('\n') === expected.join('\n');
    if (!isPlain || constrained.has(table))
      context.findings.add('types', 'ARCHIVE_WRONG', { collection: table, content: found.join('\n') });
    // A later release has changed the table, or damage that is reported elsewhere: there is nothing to compare the copy with.
    const original = originals.get(table) ?? [];
    const names = expected.map(nameIn);
    const comparable = names.every((name) => found.map(nameIn).includes(name) && original.map(nameIn).includes(name));
    if (!comparable || (await checkRows(context, archived, names)) === 0) await checkNumber(context, table, rows);
  }
}

function reportDropped({ findings }: Place, { table, isLeftBehind, hasSecrets }: ArchivedTable, rows: number): void {
  // The table itself is still there, and is compared.
  if (isLeftBehind) return;
  const isAdvised = hasSecrets === true;
  if (isAdvised) findings.forget(table);
  findings.add('records', 'ARCHIVE_DROPPED', { collection: table, count: rows, modified: isAdvised });
}

/** How many rows each table had when it was made. */
async function madeTables({ target }: Place): Promise<ReadonlyMap<string, number>> {
  const rows = await target.query(`select table_name, rows::text as rows from ${stateSchema}.archive`);
  return new Map(rows.map((row) => [String(row['table_name']), Number(row['rows'])]));
}

/** By table of the schema: names and types by name, with a mark for whatever is more than a plain column. */
async function shapesIn({ target }: Place, schema: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await target.query(
    `select c.relname as table, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || case when a.attnotnull or a.atthasdef or t.typnamespace <> 'pg_catalog'::regnamespace then ' not plain' else '' end as shape
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
     where c.relnamespace = to_regnamespace($1) and c.relkind not in ('i', 'I') order by a.attname collate "C"`,
    [schema],
  );
  const byTable = Map.groupBy(rows, ({ table }) => String(table));
  return new Map([...byTable].map(([table, ofTable]) => [table, ofTable.map(({ shape }) => String(shape))]));
}

/** What the migrations give the table, an enum as text. */
function plainShapes({ tables, enums }: Structure, { table, key, columns }: ArchivedTable): readonly string[] {
  const wanted = (tables[table]?.columns ?? []).filter(
    ({ name }) => columns === 'all' || key.includes(name) || columns.includes(name),
  );
  return wanted.map(({ name, type }) => `${name} ${type.replaceAll('"', '') in enums ? 'text' : type}`).sort();
}

async function tablesWithConstraints({ target }: Place): Promise<ReadonlySet<string>> {
  const rows = await target.query(
    `select c.relname as table from pg_constraint k join pg_class c on c.oid = k.conrelid
     where c.relnamespace = to_regnamespace('nextcrm_archive')`,
  );
  return new Set(rows.map(({ table }) => String(table)));
}

/** A row that is missing, added or there twice, where no comparison with the table has found it. */
async function checkNumber({ target, findings }: Place, table: string, rows: number): Promise<void> {
  const [counted] = await target.query(`select count(*)::text as n from nextcrm_archive.${quoted(table)}`);
  const difference = Number(counted?.['n']) - rows;
  if (difference === 0) return;
  findings.add('records', 'ARCHIVE_WRONG', { collection: table, count: Math.abs(difference), content: `${difference}` });
}

/**
 * On the server: rows with another content, or of one side alone; returns how many. After the migration, rows that were added, deleted or
 * updated since do not make the copy wrong (the number of its rows is compared apart); until then both sides must have the same sum of the
 * hashes of their rows, and are joined only where they have not.
 */
async function checkRows(context: Place, { table, key }: ArchivedTable, columns: readonly string[]): Promise<number> {
  const { catalog, target, findings, finishedAt, relations } = context;
  if (finishedAt === null && (await haveSameSums(context, table, columns))) return 0;
  const spec = specOf(catalog, table);
  const text = (alias: string, names: readonly string[]) =>
    `row(${names.map((name) => `${alias}.${quoted(name)}::text`).join(', ')})`;
  const differs = `${text('t', columns)} is distinct from ${text('a', columns)}`;
  const on = key.map((name) => `a.${quoted(name)} = t.${quoted(name)}`).join(' and ');
  const id = quoted(key[0] ?? 'id');
  const different = readTexts(
    target,
    `select coalesce(t.${id}, a.${id})::text from ${relations(table)} t full join nextcrm_archive.${quoted(table)} a on ${on}
     where case when a.${id} is null or t.${id} is null then ${finishedAt === null}
       else ${differs} and not ${modifiedSql(spec, finishedAt)} end`,
  );
  let count = 0;
  for await (const [sourceId] of different) {
    findings.add('records', 'ARCHIVE_WRONG', { collection: table, sourceId: sourceId ?? '' });
    count += 1;
  }
  return count;
}

/** One pass over each side, by all processes; a join would take one process four times as long. */
async function haveSameSums({ target, relations }: Place, table: string, columns: readonly string[]): Promise<boolean> {
  const row = `row(${columns.map((name) => `${quoted(name)}::text`).join(', ')})`;
  const sums = (from: string) => `select count(*) as n, sum(hash_record_extended(${row}, 0)) as hash from ${from}`;
  const [same] = await target.query(
    `select t.n = a.n and t.hash is not distinct from a.hash as found
     from (${sums(relations(table))}) t, (${sums(`nextcrm_archive.${quoted(table)}`)}) a`,
  );
  return same?.['found'] === true;
}

const nameIn = (shape: string): string => shape.slice(0, shape.indexOf(' '));
