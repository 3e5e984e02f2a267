/** The server: its version, whether it takes writes, and whether it ends a commit. */
import { literal } from '../quoted.ts';
import type { Session } from '../session.ts';
import { met, type Requirement, type Unmet } from './requirement.ts';

const versionMin = 16;

export const version: Requirement = async (session, { application }) => {
  const [row] = await session.query<{ number: number; version: string }>(
    `select current_setting('server_version_num')::integer as number, current_setting('server_version') as version`,
  );
  if (row !== undefined && row.number >= versionMin * 10_000) return met;
  return [
    {
      code: 'TARGET_TOO_OLD',
      what: `PostgreSQL at ${session.description} is version ${row?.version ?? 'unknown'}; ${application} requires ${versionMin} or later.`,
      next: `Use PostgreSQL ${versionMin} or later with pgvector (the image pgvector/pgvector:pg${versionMin} has both) and set DATABASE_URL to it.`,
    },
  ];
};

export const writable: Requirement = async (session) => {
  const [row] = await session.query<{ standby: boolean; readonly: string; source: string; user: string; database: string }>(
    `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') as readonly,
       (select source from pg_settings where name = 'default_transaction_read_only') as source,
       quote_ident(current_user) as user, quote_ident(current_database()) as database`,
  );
  if (row === undefined || (!row.standby && row.readonly === 'off')) return met;
  const code = 'TARGET_READ_ONLY';
  if (row.standby) {
    return [
      {
        code,
        what: `PostgreSQL at ${session.description} is a standby (read replica), which is read-only.`,
        next: 'Set DATABASE_URL to the primary server.',
      },
    ];
  }
  const where = /user/.test(row.source)
    ? `BEGIN READ WRITE; ALTER ROLE ${row.user} RESET default_transaction_read_only; COMMIT;`
    : row.source === 'database'
      ? `BEGIN READ WRITE; ALTER DATABASE ${row.database} RESET default_transaction_read_only; COMMIT;`
      : 'ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf();';
  return [
    {
      code,
      what: `PostgreSQL at ${session.description} is read-only for this user: the setting default_transaction_read_only is on (source: ${row.source}).`,
      next: `Some managed servers set it when the disk is almost full: then enlarge the disk first. Otherwise run: ${where}`,
    },
  ];
};

/** Such a commit would wait without end. What a standby is to the server is seen by members of pg_read_all_stats. */
export const standby: Requirement = async (session) => {
  const [row] = await session.query<{ names: string; waiting: boolean }>(
    `select current_setting('synchronous_standby_names') as names,
       current_setting('synchronous_commit') not in ('off', 'local') and not exists (
         select from pg_stat_replication
         where not pg_has_role(current_user, 'pg_read_all_stats', 'usage') or sync_state in ('sync', 'quorum')) as waiting`,
  );
  if (row === undefined || row.names === '' || !row.waiting) return met;
  return [
    {
      code: 'TARGET_STANDBY_MISSING',
      what: `Every commit at ${session.description} waits for a synchronous standby (synchronous_standby_names = ${literal(row.names)}), and none is connected.`,
      next: "Start the standby, or have the administrator run: ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf();",
    },
  ];
};

/** Sessions beside the one that asks: the migrations are applied by one of their own. */
const othersMin = 1;

/** Limits of the role and of the database, which superusers are exempt from; that of the server is seen when connecting. */
export const connections = async (session: Session): Promise<readonly Unmet[]> => {
  const rows = await session.query<{ statement: string; limit: number; used: number }>(
    `with limits as (
       select 'ROLE ' || quote_ident(rolname) as owner, rolconnlimit as "limit",
         (select count(*) from pg_stat_activity where usesysid = r.oid)::integer as used
       from pg_roles r where rolname = session_user and not rolsuper
       union all
       select 'DATABASE ' || quote_ident(datname), datconnlimit, (select count(*) from pg_stat_activity where datid = d.oid)::integer
       from pg_database d where datname = current_database() and not exists (select from pg_roles where rolname = session_user and rolsuper)
     )
     select format('ALTER %s CONNECTION LIMIT -1;', owner) as statement, "limit", used from limits
     where "limit" >= 0 and "limit" < used + ${othersMin}`,
  );
  return rows.map(({ statement, limit, used }) => ({
    code: 'TARGET_TOO_MANY_CONNECTIONS',
    what: `The migration needs one more connection to ${session.description}; ${used} of ${limit} that ${statement.startsWith('ALTER ROLE') ? 'the user of DATABASE_URL' : 'the database'} may have are in use.`,
    next: `Stop other programs that use them, or have the administrator run: ${statement}`,
  }));
};
