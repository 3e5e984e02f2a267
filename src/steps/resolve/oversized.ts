/**
 * Values that a B-tree index cannot hold (about 2,700 bytes after compression) would break the index build long after the load.
 * The server itself is asked, on an empty table with the same indexes: its limit depends on how a value compresses. No temporary
 * tables: the right to create them may be missing (REVOKE TEMPORARY ON DATABASE … FROM PUBLIC).
 */
import type { Catalog, CollectionSpec } from '../../catalog/index.ts';
import { addRecord, pendingReject } from '../../ledger/record.ts';
import { stateSchema } from '../../schema-name.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

/** In the transaction of one table alone. */
const probe = `${stateSchema}.probe`;
const tooLarge = `${stateSchema}.too_large`;

/** Nothing shorter can be too large, whatever stands beside it in a two-column index (nbtree: 2,704 bytes an entry). */
const suspectBytes = 2_000;

export async function rejectOversized(session: Session, { collections }: Catalog): Promise<void> {
  const indexes = await session.query<{ table: string; definition: string }>(
    `select table_name as table, definition from ${stateSchema}.suspended where kind = 'index' and definition like '% USING btree %'`,
  );
  const byTable = Map.groupBy(indexes, ({ table }) => table);
  const suspects = await tablesWithLongText(session, [...byTable.keys()]);
  for (const spec of collections.filter(({ collection }) => suspects.has(collection))) {
    const definitions = (byTable.get(spec.collection) ?? []).map(({ definition }) => definition);
    await session.transaction(() => checkTable(session, spec, definitions));
  }
}

async function checkTable(session: Session, spec: CollectionSpec, definitions: readonly string[]): Promise<void> {
  const table = `public.${quoted(spec.collection)}`;
  const suspects = await textColumnsIn(session, spec, definitions);
  for (const field of suspects) {
    const column = quoted(field);
    await session.script(`create unlogged table ${tooLarge} (id uuid)`);
    // Of the indexed texts only this one is tried, beside the other columns of its indexes.
    const tried = Object.keys(spec.columns).filter((name) => name === field || !suspects.includes(name));
    await session.script(`
      do $probe$
      declare suspect uuid;
      begin
        for suspect in select id from ${table} where octet_length(${column}) > ${suspectBytes} loop
          begin
            insert into ${probe} (${tried.map(quoted).join(', ')}) select ${tried.map(quoted).join(', ')} from ${table} where id = suspect;
          exception when program_limit_exceeded then
            insert into ${tooLarge} values (suspect);
          end;
        end loop;
      end $probe$`);
    await session.script(spec.columns[field]?.required ? reject(spec.collection, field) : empty(spec.collection, field));
    await session.script(`drop table ${tooLarge}`);
  }
  await session.script(`drop table ${probe}`);
}

/** Those of `tables` any text of which is long enough, in one pass over each: hardly ever, and then there is nothing to ask the server. */
async function tablesWithLongText(session: Session, tables: readonly string[]): Promise<ReadonlySet<string>> {
  if (tables.length === 0) return new Set();
  const suspects = await session.query<{ table: string; long: string }>(
    `select c.relname::text as table, string_agg(format('octet_length(%I) > ${suspectBytes}', a.attname), ' or ') as long
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relname in (${tables.map(literal).join(', ')}) and a.atttypid = 'text'::regtype
     group by c.relname`,
  );
  if (suspects.length === 0) return new Set();
  const looks = suspects.map(
    ({ table, long }) => `select ${literal(table)} as table where exists (select from public.${quoted(table)} where ${long})`,
  );
  return new Set((await session.query<{ table: string }>(looks.join(' union all '))).map(({ table }) => table));
}

/** Creates the table `probe` with the indexes; returns the columns of type text among those indexed. */
async function textColumnsIn(session: Session, spec: CollectionSpec, definitions: readonly string[]): Promise<readonly string[]> {
  await session.script(`create unlogged table ${probe} as select * from public.${quoted(spec.collection)} with no data`);
  for (const definition of definitions) {
    await session.script(
      definition.replace(/^CREATE (UNIQUE )?INDEX .* ON .*? USING btree /, `CREATE INDEX ON ${probe} USING btree `),
    );
  }
  const rows = await session.query<{ name: string }>(`
    select distinct a.attname::text as name
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = '${probe}'::regclass and a.atttypid = 'text'::regtype order by 1`);
  return rows.map(({ name }) => name);
}

function reject(collection: string, field: string): string {
  return pendingReject({ collection, field }, 'INDEX_TOO_LARGE', `select id from ${tooLarge}`);
}

/** The original is that of the record that the load made of the value, where there is one, else the value itself. */
function empty(collection: string, field: string): string {
  const column = quoted(field);
  return `
    with match as (
      select t.id, t.${column} as value, m.source_id from public.${quoted(collection)} t
      join ${tooLarge} using (id)
      join ${stateSchema}.id_map m on m.collection = ${literal(collection)} and m.id = t.id),
    emptied as (
      update public.${quoted(collection)} t set ${column} = null from match where t.id = match.id)
    ${addRecord({ collection, field }, 'INDEX_TOO_LARGE')}`;
}
