/** The disk of the server, where it can be known: the server runs on this machine, and its data directory is the one that is seen from here. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from './session.ts';

/** Null where it cannot be known: another machine, a container, a tablespace of the database's own, or rights that the user does not have. */
export async function dataDirectory(session: Session): Promise<string | null> {
  const [row] = await session.query<{ path: string | null; mayLook: boolean }>(`
    select (select setting from pg_settings where name = 'data_directory') as path,
      has_function_privilege('pg_catalog.pg_stat_file(text)', 'execute')
        and (select dattablespace from pg_database where datname = current_database()) = 1663 as "mayLook"`);
  if (!row?.mayLook || row.path === null) return null;
  const [file] = await session.query<{ seconds: string }>(
    `select extract(epoch from (pg_stat_file('PG_VERSION')).modification)::bigint::text || ' ' || (pg_stat_file('postmaster.pid')).size as seconds`,
  );
  const [version, pid] = await Promise.all(
    ['PG_VERSION', 'postmaster.pid'].map((name) => statOrNull(join(String(row.path), name))),
  );
  if (!version || !pid) return null;
  return file?.seconds === `${Math.floor(version.mtimeMs / 1000)} ${pid.size}` ? row.path : null;
}

/** Of a folder of another user there is nothing to see. */
const statOrNull = (path: string) => stat(path).catch(() => null);
