/** What the planner needs to know of freshly loaded tables. */
import { literal } from './quoted.ts';
import type { Session } from './session.ts';

/**
 * Of each table 300 times as many rows are taken as a sample (manual, ANALYZE); PostgreSQL's default is 100. Until autovacuum takes more, that
 * tells the planner how many rows there are and which values are frequent.
 */
const statisticsTarget = 25;

/**
 * ANALYZE of the columns that an index or a key has, a quarter of the time that all columns take. With a list of columns PostgreSQL does not
 * reset the table's count of changes (manual, ANALYZE), so that autovacuum analyzes all columns within a minute or so by itself.
 */
export async function analyzeIndexedColumns(session: Session, tables: readonly string[]): Promise<void> {
  const [row] = await session.query<{ list: string | null }>(`
    select string_agg(indexed.name, ', ') as list from (
      select format('public.%I (%s)', c.relname, string_agg(distinct quote_ident(a.attname), ', ')) as name
      from pg_index i join pg_class c on c.oid = i.indrelid
      join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
      where c.relnamespace = 'public'::regnamespace and c.relname in (${tables.map(literal).join(', ')})
      group by c.relname) indexed`);
  if (row?.list) await session.script(`set local default_statistics_target = ${statisticsTarget}; analyze ${row.list}`);
}
