/** The archive: what later releases drop stands in it as the migration left it, in plain columns. */
import { readFile } from 'node:fs/promises';
import { type ArchivedTable, archivedTables } from '../archive/contents.ts';
import { type StoppingValues, stoppingValues } from '../archive/upgrade-rules.ts';
import { collections } from '../catalog/index.ts';
import type { Catalog } from '../target/catalog.ts';
import { quoted } from '../target/quoted.ts';
import type { Context } from './context.ts';
import { madeLater, touchedLater } from './later-work.ts';
import { readTexts } from './texts.ts';

type Place = Pick<Context, 'target' | 'findings' | 'later' | 'relations'>;

/** A table that was made and is gone was dropped by a person: nothing is left to prove. */
export async function checkArchive(context: Place): Promise<void> {
  const catalog = JSON.parse(await readFile(new URL('../../prisma/catalog.json', import.meta.url), 'utf8')) as Catalog;
  const made = await madeTables(context);
  for (const archived of archivedTables) {
    const { table } = archived;
    const rows = made.get(table);
    if (rows === undefined) {
      context.findings.add('records', 'ARCHIVE_WRONG', { collection: table });
      continue;
    }
    const found = await shapesIn(context, `nextcrm_archive.${quoted(table)}`);
    if (found.length === 0) continue;
    const expected = plainShapes(catalog, archived);
    const isPlain = found.join('\n') === expected.join('\n');
    if (!isPlain || (await hasConstraint(context, table))) context.findings.add('types', 'ARCHIVE_WRONG', { collection: table });
    // A later release has changed the table, or damage that is told elsewhere: there is nothing to compare the copy with.
    const original = await shapesIn(context, `public.${quoted(table)}`);
    const names = expected.map(nameIn);
    const comparable = names.every((name) => found.map(nameIn).includes(name) && original.map(nameIn).includes(name));
    const mends = isPlain ? stoppingValues.filter((rule) => rule.table === table) : [];
    if (!comparable || (await checkRows(context, archived, names, mends)) === 0) await checkNumber(context, table, rows);
  }
}

/** How many rows each table had when it was made. */
async function madeTables({ target }: Place): Promise<ReadonlyMap<string, number>> {
  const rows = await target.query('select table_name, rows::text as rows from nextcrm_migration.archive');
  return new Map(rows.map((row) => [String(row['table_name']), Number(row['rows'])]));
}

/** Names and types by name, with a mark for whatever is more than a plain column. */
async function shapesIn({ target }: Place, table: string): Promise<readonly string[]> {
  const rows = await target.query(
    `select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || case when a.attnotnull or a.atthasdef or t.typnamespace <> 'pg_catalog'::regnamespace then ' not plain' else '' end as shape
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attname collate "C"`,
    [table],
  );
  return rows.map((row) => String(row['shape']));
}

/** What the migrations give the table, an enum as text. */
function plainShapes({ tables, enums }: Catalog, { table, key, columns }: ArchivedTable): readonly string[] {
  const wanted = (tables[table]?.columns ?? []).filter(
    ({ name }) => columns === 'all' || key.includes(name) || columns.includes(name),
  );
  return wanted.map(({ name, type }) => `${name} ${type.replaceAll('"', '') in enums ? 'text' : type}`).sort();
}

async function hasConstraint({ target }: Place, table: string): Promise<boolean> {
  const name = `nextcrm_archive.${quoted(table)}`;
  return (await target.query('select from pg_constraint where conrelid = to_regclass($1)', [name])).length > 0;
}

/** A row that is missing, added or there twice, where no comparison with the table has found it. */
async function checkNumber({ target, findings }: Place, table: string, rows: number): Promise<void> {
  const [counted] = await target.query(`select count(*)::text as n from nextcrm_archive.${quoted(table)}`);
  const difference = Math.abs(Number(counted?.['n']) - rows);
  if (difference > 0) findings.add('records', 'ARCHIVE_WRONG', { collection: table, count: difference });
}

/** On the server: rows with another content, or of one side alone; returns how many. What NextCRM has done to its table since does not make the copy wrong, nor does what the report's SQL has mended. */
async function checkRows(
  { target, findings, later, relations }: Place,
  { table, key }: ArchivedTable,
  columns: readonly string[],
  mends: readonly StoppingValues[],
): Promise<number> {
  const spec = collections.find(({ collection }) => collection === table);
  const [made, touched] = spec === undefined ? ['false', 'false'] : [madeLater(spec, later), touchedLater(spec, later)];
  const text = (alias: string, names: readonly string[]) =>
    `row(${names.map((name) => `${alias}.${quoted(name)}::text`).join(', ')})`;
  const others = columns.filter((name) => !mends.some(({ column }) => column === name));
  const mended = (column: string) => `${column} mended`;
  const copies = [
    '*',
    ...mends.map(
      (rule) => `case when ${rule.stops} then ${rule.mended} else ${quoted(rule.column)} end as ${quoted(mended(rule.column))}`,
    ),
  ];
  const differs = [
    `${text('t', others)} is distinct from ${text('a', others)}`,
    ...mends.map(({ column }) =>
      [column, mended(column)].map((copy) => `t.${quoted(column)}::text is distinct from a.${quoted(copy)}::text`).join(' and '),
    ),
  ];
  const on = key.map((name) => `a.${quoted(name)} = t.${quoted(name)}`).join(' and ');
  const id = quoted(key[0] ?? 'id');
  const different = readTexts(
    target,
    `select coalesce(t.${id}, a.${id})::text from ${relations(table)} t full join (select ${copies.join(', ')} from nextcrm_archive.${quoted(table)}) a on ${on}
     where case when a.${id} is null then not (${made}) when t.${id} is null then ${later === null}
       else (${differs.join(' or ')}) and not (${touched}) end`,
  );
  let count = 0;
  for await (const [sourceId] of different) {
    findings.add('records', 'ARCHIVE_WRONG', { collection: table, sourceId: sourceId ?? '' });
    count += 1;
  }
  return count;
}

const nameIn = (shape: string): string => shape.slice(0, shape.indexOf(' '));
