/** Is this server able, and this database free, to take a migration? Everything that can be known before the first write. */
import { tableNames } from '../catalog/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Session } from './session.ts';

const versionMin = 16;

export interface TargetVersions {
  readonly postgres: string;
  readonly vector: string;
}

export async function checkServer(session: Session): Promise<TargetVersions> {
  const postgres = await checkVersion(session);
  await checkRights(session);
  return { postgres, vector: await checkVector(session) };
}

/** The versions alone, without a check or a write. */
export async function readVersions(session: Session): Promise<TargetVersions> {
  const [row] = await session.query<{ postgres: string; vector: string | null }>(
    `select current_setting('server_version') as postgres, (select extversion from pg_extension where extname = 'vector') as vector`,
  );
  return { postgres: row?.postgres ?? 'unknown', vector: row?.vector ?? 'none' };
}

async function checkVersion(session: Session): Promise<string> {
  const [row] = await session.query<{ number: number; version: string; readonly: string }>(
    `select current_setting('server_version_num')::integer as number, current_setting('server_version') as version,
            current_setting('transaction_read_only') as readonly`,
  );
  if (row === undefined || row.number < versionMin * 10_000) {
    throw unusable(
      'TARGET_TOO_OLD',
      `PostgreSQL at ${session.description} is version ${row?.version ?? 'unknown'}; NextCRM needs ${versionMin} or later.`,
      `Use PostgreSQL ${versionMin} or later with pgvector (the image pgvector/pgvector:pg${versionMin} has both) and set DATABASE_URL to it.`,
    );
  }
  if (row.readonly === 'on') {
    throw unusable(
      'TARGET_READ_ONLY',
      `PostgreSQL at ${session.description} is read-only for this user.`,
      'Use the primary server, not a replica, and a user or database without default_transaction_read_only.',
    );
  }
  return row.version;
}

async function checkRights(session: Session): Promise<void> {
  const [row] = await session.query<{ database: boolean; schema: boolean; user: string; name: string }>(
    `select has_database_privilege(current_database(), 'CREATE') as database, has_schema_privilege('public', 'CREATE') as schema,
            quote_ident(current_user) as user, quote_ident(current_database()) as name`,
  );
  if (row?.database && row.schema) return;
  throw unusable(
    'TARGET_NO_RIGHT',
    `The user of DATABASE_URL may not create tables in ${session.description}.`,
    `Let the administrator run in that database: GRANT CREATE ON DATABASE ${row?.name} TO ${row?.user}; GRANT CREATE, USAGE ON SCHEMA public TO ${row?.user};`,
  );
}

async function checkVector(session: Session): Promise<string> {
  const [row] = await session.query<{ installed: string | null; available: string | null }>(
    `select (select extversion from pg_extension where extname = 'vector') as installed,
            (select default_version from pg_available_extensions where name = 'vector') as available`,
  );
  if (row?.installed) return row.installed;
  if (!row?.available) {
    throw unusable(
      'TARGET_VECTOR_MISSING',
      `PostgreSQL at ${session.description} does not have the extension "vector" (pgvector), which NextCRM needs.`,
      'Use a server that has it, as the image pgvector/pgvector:pg16 does, or let its administrator install pgvector.',
    );
  }
  await session.script('begin');
  try {
    await session.script('create extension vector');
  } catch (error) {
    if (!(error instanceof Failure) || !['TARGET_NO_RIGHT', 'TARGET_REFUSED'].includes(error.code)) throw error;
    throw new Failure({
      code: 'TARGET_VECTOR_NOT_ALLOWED',
      exit: exitCodes.target,
      what: `The user of DATABASE_URL may not create the extension "vector" in ${session.description}.`,
      next: 'Let the administrator of the server run this line in that database, once: CREATE EXTENSION vector;',
      cause: error,
    });
  } finally {
    await session.script('rollback');
  }
  return row.available;
}

const ours = new Set(tableNames);

/** Nothing of anybody else's may be in the way; `migrations` are the names of ours, `0_init` among them. */
export async function checkUnused(session: Session, migrations: readonly string[]): Promise<void> {
  const relations = await session.query<{ name: string }>(
    `select c.relname::text as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
       and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
     order by 1`,
  );
  const names = relations.map(({ name }) => name);
  const foreign = names.filter((name) => !ours.has(name) && name !== '_prisma_migrations');
  const applied = names.includes('_prisma_migrations') ? await appliedMigrations(session) : [];
  const later = applied.filter((name) => !migrations.includes(name));
  if (later.length > 0 && names.some((name) => ours.has(name))) {
    throw unusable(
      'TARGET_UPGRADED',
      `The database ${session.description} already holds the tables of a later NextCRM release (${later.length} migrations after 0_init).`,
      'Migrate into a new, empty database; the later release upgrades it at its first start. Then set DATABASE_URL to it.',
    );
  }
  if (foreign.length > 0 || later.length > 0) {
    throw unusable(
      'TARGET_NOT_EMPTY',
      `The database ${session.description} holds tables that are not NextCRM's: ${shown(foreign)}.`,
      'Migrate into a new, empty database (CREATE DATABASE …) and set DATABASE_URL to it. Nothing was changed.',
    );
  }
  if (names.length > 0 && applied.length === 0) {
    throw unusable(
      'TARGET_NOT_EMPTY',
      `The database ${session.description} holds tables of NextCRM (${shown(names)}) that no Prisma migration made.`,
      'Migrate into a new, empty database (CREATE DATABASE …) and set DATABASE_URL to it. Nothing was changed.',
    );
  }
  const filled = await filledTables(
    session,
    names.filter((name) => ours.has(name)),
  );
  if (filled.length > 0) {
    throw unusable(
      'TARGET_HAS_ROWS',
      `The database ${session.description} has rows in NextCRM's tables that no migration of ours wrote: ${shown(filled)}.`,
      'If NextCRM already runs on it, migrate into a new, empty database instead. Nothing was changed.',
    );
  }
}

async function appliedMigrations(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    'select migration_name as name from public._prisma_migrations where finished_at is not null order by 1',
  );
  return rows.map(({ name }) => name);
}

async function filledTables(session: Session, tables: readonly string[]): Promise<readonly string[]> {
  const filled: string[] = [];
  for (const table of tables) {
    const [row] = await session.query<{ filled: boolean }>(`select exists (select from public."${table}") as filled`);
    if (row?.filled) filled.push(table);
  }
  return filled;
}

function shown(names: readonly string[]): string {
  const some = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${some} and ${names.length - 5} more` : some;
}

function unusable(code: string, what: string, next: string): Failure {
  return new Failure({ code, exit: exitCodes.target, what, next });
}
