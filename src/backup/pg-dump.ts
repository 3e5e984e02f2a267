/** A copy of the target by the server's own client, pg_dump, before NextCRM's migrations change it. */
import { open, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { execa } from 'execa';
import { inheritedEnvironment } from '../config/settings.ts';
import type { TargetUrl } from '../config/target-url.ts';
import { invariant } from '../failure.ts';
import type { Session } from '../target/session.ts';

/** On the volume. */
export const backupFile = 'before-upgrade.dump';

/** Into an empty database. Not by DATABASE_URL: it would show the password to every user of the machine, and libpq refuses Prisma's parameters. */
export const restoreCommand = `PGPASSWORD='PASSWORD' pg_restore --no-owner --host HOST --port 5432 --username USER --dbname EMPTY_DATABASE ${backupFile}`;

export type Backup =
  | { readonly made: true; readonly file: string; readonly bytes: number; readonly madeAt: string }
  /** `why`: a clause for a person, as in "no backup was made: …". */
  | {
      readonly made: false;
      readonly why: string;
      /** What pg_dump said, for the log. */
      readonly said?: string;
    };

export interface BackupJob {
  readonly session: Session;
  readonly target: TargetUrl;
  /** The volume. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Replaces an earlier one. What keeps it from being made is told and stops nothing: the source still has everything that was migrated. */
export async function backUp({ session, target, directory, signal }: BackupJob): Promise<Backup> {
  const obstacle = (await clientObstacle(session)) ?? (await roomObstacle(session, directory));
  if (obstacle !== null) return { made: false, why: obstacle };
  const file = join(directory, backupFile);
  const unfinished = `${file}.unfinished`;
  const authorities = `${file}.authorities`;
  try {
    // Made by us and not by pg_dump: it holds secrets, and must never be readable for others.
    await rm(unfinished, { force: true });
    await (await open(unfinished, 'wx', 0o600)).close();
    await writeFile(authorities, getCACertificates('default').join('\n'), { mode: 0o600 });
    const { exitCode, stderr } = await execa('pg_dump', ['--format=custom', '--no-password', `--file=${unfinished}`], {
      env: connectionOf(target, authorities),
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      cancelSignal: signal,
    });
    signal.throwIfAborted();
    if (exitCode !== 0)
      return { made: false, why: `pg_dump ended with exit code ${exitCode ?? 'unknown'}`, said: withoutPassword(stderr, target) };
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
    await rm(authorities, { force: true });
  }
  const backup = await formerBackup(directory);
  invariant(backup !== null, 'the backup that was just made is not there');
  return backup;
}

/** That of an earlier attempt, or of another process; null where there is none. */
export async function formerBackup(directory: string): Promise<Backup | null> {
  const found = await stat(join(directory, backupFile)).catch(() => null);
  return found === null ? null : { made: true, file: backupFile, bytes: found.size, madeAt: found.mtime.toISOString() };
}

/** Its first line; the server's messages hold no password, and a URL that might is none of our arguments. */
function withoutPassword(stderr: string, { password }: TargetUrl): string {
  const [line = ''] = stderr.split('\n');
  return password === '' ? line : line.replaceAll(password, '***');
}

async function clientObstacle(session: Session): Promise<string | null> {
  const { stdout, exitCode } = await execa('pg_dump', ['--version'], { env: searchPath(), extendEnv: false, reject: false });
  const client = /\b(\d+)[.\d]*\b/.exec(stdout)?.[1];
  if (exitCode !== 0 || client === undefined) return 'there is no pg_dump';
  const [row] = await session.query<{ major: number }>(`select current_setting('server_version_num')::integer / 10000 as major`);
  if (row === undefined || Number(client) >= row.major) return null;
  return `pg_dump is version ${client}, and the server is version ${row.major}`;
}

/** The size of the database is more than its dump takes: indexes are not in it, and it is compressed. */
async function roomObstacle(session: Session, directory: string): Promise<string | null> {
  const [row] = await session.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes');
  const { bavail, bsize } = await statfs(directory);
  const needed = Number(row?.bytes ?? 0);
  if (bavail * bsize >= needed) return null;
  return `the volume has not enough space (${megabytes(bavail * bsize)} MB of ${megabytes(needed)} MB)`;
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1_000_000);

const searchPath = (): Record<string, string> => ({ PATH: inheritedEnvironment()['PATH'] ?? '' });

/** In the environment: an argument can be read by every user of the machine. */
function connectionOf(target: TargetUrl, authorities: string): Record<string, string> {
  const parameters = new URL(target.url).searchParams;
  const sslMode = parameters.get('sslmode');
  // Prisma's meaning of sslcert: the certificate of the server's authority.
  const certificate = parameters.get('sslcert');
  // Without one, Node checks against the authorities that it knows. libpq has to be given them: its "system" does not go with verify-ca.
  const rootCertificate = certificate ?? (sslMode?.startsWith('verify-') ? authorities : null);
  return {
    ...searchPath(),
    PGHOST: target.host,
    PGPORT: String(target.port),
    PGUSER: target.user,
    PGDATABASE: target.database,
    PGAPPNAME: 'nextcrm-migrate backup',
    PGCONNECT_TIMEOUT: String(target.connectTimeoutSeconds),
    ...(target.password === '' ? {} : { PGPASSWORD: target.password }),
    ...(sslMode === null ? {} : { PGSSLMODE: sslMode }),
    ...(rootCertificate === null ? {} : { PGSSLROOTCERT: rootCertificate }),
  };
}
