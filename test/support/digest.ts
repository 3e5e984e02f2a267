/** An order-free digest of every table of a finished target: equal digests, equal data. */
import type { Session } from '../../src/target/session.ts';

/** Tables whose rows differ from run to run, and the columns that make them so. */
const except: Readonly<Record<string, readonly string[]>> = {
  'nextcrm_migration.run': ['id', 'started_at', 'finished_at', 'report_id', 'source_description'],
  'nextcrm_migration.progress': ['seconds', 'batch', 'position', 'bytes_expected'],
  'nextcrm_migration.prisma_migrations': ['id', 'started_at', 'finished_at'],
  'public._prisma_migrations': ['id', 'started_at', 'finished_at'],
};

/** By table: the number of rows and the sum of their hashes. */
export async function digestOf(session: Session): Promise<Record<string, string>> {
  const tables = await session.query<{ name: string; quoted: string }>(`
    select n.nspname || '.' || c.relname as name, format('%I.%I', n.nspname, c.relname) as quoted
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('public', 'nextcrm_migration', 'nextcrm_archive') order by 1`);
  const digests: Record<string, string> = {};
  for (const { name, quoted } of tables) {
    const without = (except[name] ?? []).map((column) => ` - '${column}'`).join('');
    const [row] = await session.query<{ digest: string }>(
      `select count(*) || ' ' || coalesce(sum(hashtextextended((to_jsonb(t)${without})::text, 0)::numeric), 0) as digest from ${quoted} t`,
    );
    digests[name] = row?.digest ?? '';
  }
  return digests;
}
