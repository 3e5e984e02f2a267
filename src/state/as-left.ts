/** The content of the tables as the migration left them, for a later retry (src/preconditions/unmodified.ts). */
import { type Catalog, tableNamesOf } from '../catalog/index.ts';
import { hasRejects } from '../ledger/findings.ts';
import { stateSchema } from '../schema-name.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

const store = `${stateSchema}.as_left`;

/** Inside the caller's transaction. Nothing is retried where nothing was rejected: then there is nothing to compare with. */
export async function recordAsLeft(session: Session, catalog: Catalog): Promise<void> {
  await session.script(`truncate ${store}`);
  if (await hasRejects(session))
    await session.script(`insert into ${store} (table_name, digest) ${digests(tableNamesOf(catalog))}`);
}

/** The tables whose content is another one than what was recorded. */
export async function tablesModified(session: Session): Promise<readonly string[]> {
  const recorded = await session.query<{ table: string }>(`select table_name as table from ${store}`);
  if (recorded.length === 0) return [];
  const modified = await session.query<{ table: string }>(
    `select table_name as table from ${store} recorded
     join (${digests(recorded.map(({ table }) => table))}) as present (table_name, digest) using (table_name)
     where present.digest <> recorded.digest order by table_name collate "C"`,
  );
  return modified.map(({ table }) => table);
}

/** A row for each table: its name, and a digest of every value of every row. No column is called `whole_row`. */
function digests(tables: readonly string[]): string {
  const ofTables = tables.map(
    (table) => `select ${literal(table)}, count(*) || ' ' || coalesce(sum(hashtextextended(whole_row::text, 0)::numeric), 0)
      from public.${quoted(table)} whole_row`,
  );
  return ofTables.join(' union all ');
}
