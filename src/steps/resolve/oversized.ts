/**
 * Values that a B-tree index cannot hold (about 2,700 bytes after compression) would break the index build long after the load.
 * The server itself is asked, on an empty temporary table with the same indexes: its limit depends on how a value compresses.
 */
import { type CollectionSpec, collections } from '../../catalog/index.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';
import { pendingReject } from './record.ts';

/** Nothing shorter can be too large, whatever stands beside it in a two-column index (nbtree: 2,704 bytes an entry). */
const suspectBytes = 2_000;

export async function rejectOversized(session: Session): Promise<void> {
  for (const spec of collections) {
    const definitions = await session.query<{ definition: string }>(
      `select definition from nextcrm_migration.suspended where kind = 'index' and table_name = $1 and definition like '% USING btree %'`,
      [spec.collection],
    );
    if (definitions.length > 0)
      await session.transaction(() =>
        checkTable(
          session,
          spec,
          definitions.map(({ definition }) => definition),
        ),
      );
  }
}

async function checkTable(session: Session, spec: CollectionSpec, definitions: readonly string[]): Promise<void> {
  const table = `public.${quoted(spec.collection)}`;
  const suspects = await textColumnsIn(session, spec, definitions);
  for (const field of suspects) {
    const column = quoted(field);
    await session.script('create temp table too_large (id uuid) on commit drop');
    // Of the indexed texts only this one is tried, beside the other columns of its indexes.
    const tried = Object.keys(spec.columns).filter((name) => name === field || !suspects.includes(name));
    await session.script(`
      do $probe$
      declare suspect uuid;
      begin
        for suspect in select id from ${table} where octet_length(${column}) > ${suspectBytes} loop
          begin
            insert into probe (${tried.map(quoted).join(', ')}) select ${tried.map(quoted).join(', ')} from ${table} where id = suspect;
          exception when program_limit_exceeded then
            insert into too_large values (suspect);
          end;
        end loop;
      end $probe$`);
    await session.script(spec.columns[field]?.required ? reject(spec.collection, field) : empty(spec.collection, field));
    await session.script('drop table too_large');
  }
  await session.script('drop table if exists probe');
}

/** Makes the temporary table `probe` with the indexes; returns the columns of type text among those indexed. */
async function textColumnsIn(session: Session, spec: CollectionSpec, definitions: readonly string[]): Promise<readonly string[]> {
  await session.script(`create temp table probe on commit drop as select * from public.${quoted(spec.collection)} with no data`);
  for (const definition of definitions) {
    await session.script(
      definition.replace(/^CREATE (UNIQUE )?INDEX .* ON .*? USING btree /, 'CREATE INDEX ON pg_temp.probe USING btree '),
    );
  }
  const rows = await session.query<{ name: string }>(`
    select distinct a.attname::text as name
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = 'pg_temp.probe'::regclass and a.atttypid = 'text'::regtype order by 1`);
  return rows.map(({ name }) => name);
}

function reject(collection: string, field: string): string {
  return pendingReject(collection, 'INDEX_TOO_LARGE', field, 'select id from too_large');
}

/** The original is that of the record that the load made of the value, where there is one, else the value itself. */
function empty(collection: string, field: string): string {
  const column = quoted(field);
  return `
    with hit as (
      select t.id, t.${column} as value, m.source_id from public.${quoted(collection)} t
      join too_large using (id)
      join nextcrm_migration.id_map m on m.collection = ${literal(collection)} and m.id = t.id),
    emptied as (
      update public.${quoted(collection)} t set ${column} = null from hit where t.id = hit.id)
    insert into nextcrm_migration.change (collection, source_id, field, code, original)
    select ${literal(collection)}, hit.source_id, ${literal(field)}, 'INDEX_TOO_LARGE', coalesce(
      (select c.original from nextcrm_migration.change c
       where c.collection = ${literal(collection)} and c.source_id = hit.source_id and c.field = ${literal(field)} limit 1),
      to_json(hit.value)::text)
    from hit`;
}
