/** Which tables other sessions hold, for a person who must find the program to stop. */
import type { Session } from './session.ts';

/** More would not be read. */
const shownMax = 5;

/** A sentence; empty where nobody holds any. */
export async function heldTables(session: Session): Promise<string> {
  const rows = await session.query<{ table: string; pid: number }>(
    `select distinct c.relname::text as table, l.pid
     from pg_locks l join pg_class c on c.oid = l.relation and c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
     where l.granted and l.pid <> pg_backend_pid() and l.database = (select oid from pg_database where datname = current_database())
     order by 1, 2 limit ${shownMax}`,
  );
  if (rows.length === 0) return '';
  return ` Locks held now: ${rows.map(({ table, pid }) => `${table} (PostgreSQL process ${pid})`).join(', ')}.`;
}
