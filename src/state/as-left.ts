/** The content of the tables as the migration left them, for a later retry (src/preconditions/unmodified.ts). */
import { type Catalog, tableNamesOf } from '../catalog/index.ts';
import { hasRejects } from '../ledger/findings.ts';
import { stateSchema } from '../schema-name.ts';
import { quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

/** Inside the caller's transaction. Nothing is retried where nothing was rejected: then there is nothing to compare with. */
export async function recordAsLeft(session: Session, catalog: Catalog): Promise<void> {
  await session.script(`truncate ${stateSchema}.as_left`);
  if (!(await hasRejects(session))) return;
  for (const table of tableNamesOf(catalog)) {
    await session.execute(`insert into ${stateSchema}.as_left (table_name, digest) values ($1, $2)`, [
      table,
      await digestAsLeft(session, table),
    ]);
  }
}

export async function readAsLeft(session: Session): Promise<readonly { readonly table: string; readonly digest: string }[]> {
  return await session.query<{ table: string; digest: string }>(
    `select table_name as table, digest from ${stateSchema}.as_left order by table_name collate "C"`,
  );
}

/** Of every value. */
export async function digestAsLeft(session: Session, table: string): Promise<string> {
  const [columns] = await session.query<{ list: string | null }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as list from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [`public.${quoted(table)}`],
  );
  const [row] = await session.query<{ digest: string }>(
    `select count(*) || ' ' || coalesce(sum(hashtextextended(row(${columns?.list ?? ''})::text, 0)::numeric), 0) as digest
     from public.${quoted(table)}`,
  );
  return row?.digest ?? '';
}
