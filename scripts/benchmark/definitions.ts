/** What a migrated database's own catalog says: its tables, and the keys and indexes beside their primary keys. */
import { tableNamesOf } from '../../src/catalog/index.ts';
import { nextcrm } from '../../src/catalog/nextcrm.ts';
import { literal } from '../../src/target/quoted.ts';
import { query } from './database.ts';

/** Largest first or not does not matter to COPY: in the order of names. */
export async function tablesOf(url: string): Promise<readonly string[]> {
  const rows = await query<{ name: string }>(
    url,
    `select relname::text as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> '_prisma_migrations' order by relname collate "C"`,
  );
  return rows.map(({ name }) => name);
}

/** Statements, one a line: indexes first, since keys are checked faster with them. The lookup tables, empty in NextCRM's first release, keep theirs. */
export async function keysAndIndexesOf(url: string): Promise<readonly string[]> {
  const loaded = tableNamesOf(nextcrm).map(literal).join(', ');
  const rows = await query<{ statement: string }>(
    url,
    `select pg_get_indexdef(i.indexrelid) || ';' as statement, 1 as turn from pg_index i join pg_class c on c.oid = i.indrelid
     where not i.indisprimary and c.relnamespace = 'public'::regnamespace and c.relname in (${loaded})
     union all
     select format('alter table public.%I add constraint %I %s;', c.relname, k.conname, pg_get_constraintdef(k.oid)), 2
     from pg_constraint k join pg_class c on c.oid = k.conrelid
     where k.contype = 'f' and c.relnamespace = 'public'::regnamespace
     order by turn, statement`,
  );
  return rows.map(({ statement }) => statement);
}
