/** What an error of the server means for the person who runs the migration, by its SQLSTATE. */

/** What of an error tells; its text is read for names that the server itself gives, and not passed on. */
interface Refused {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

interface Explanation {
  readonly code: string;
  /** `setting`: the one that the server names, or an empty text. */
  readonly what: (target: string, setting: string) => string;
  readonly next: string;
  readonly transient?: boolean;
}

/** By SQLSTATE, else by its class (PostgreSQL manual, appendix A). */
const explanations: Readonly<Record<string, Explanation>> = {
  '28': {
    code: 'TARGET_LOGIN_REFUSED',
    what: (target) => `PostgreSQL at ${target} refused the login (authentication failed).`,
    next: 'Check user and password in DATABASE_URL (special characters must be percent-encoded) and the access rules of the server (pg_hba.conf). Many managed servers accept encrypted connections only: use sslmode=require, not disable.',
  },
  '3D000': {
    code: 'TARGET_DATABASE_MISSING',
    what: (target) => `The database named in DATABASE_URL does not exist on the server (${target}).`,
    next: 'Create it (CREATE DATABASE …) or correct its name in DATABASE_URL.',
  },
  '42501': {
    code: 'TARGET_NO_RIGHT',
    what: (target) => `The user of DATABASE_URL lacks a privilege that the migration requires on ${target}.`,
    next: 'Use the owner of the database, or ask its administrator to run: GRANT ALL ON DATABASE … TO …; GRANT ALL ON SCHEMA public TO ….',
  },
  '25006': {
    code: 'TARGET_READ_ONLY',
    what: (target) => `PostgreSQL at ${target} is read-only.`,
    next: 'Use the primary server, not a replica, and a user or database without default_transaction_read_only.',
  },
  '53100': {
    code: 'TARGET_DISK_FULL',
    what: (target) => `The disk of PostgreSQL at ${target} is full.`,
    next: 'Free space on the disk of the database server, then start the same command again: it resumes where it stopped.',
  },
  '53200': {
    code: 'TARGET_OUT_OF_MEMORY',
    what: (target, setting) => `PostgreSQL at ${target} ran out of memory${setting}.`,
    next: 'Give the database server more memory, or raise the setting if one is named, then start the same command again: it resumes where it stopped.',
  },
  '53': {
    code: 'TARGET_LIMIT',
    what: (target, setting) => `A limit in the configuration of PostgreSQL at ${target} was reached${setting}.`,
    next: 'Raise or remove the limit (as administrator: ALTER SYSTEM SET …, or ALTER ROLE … SET …), then start the same command again: it resumes where it stopped.',
  },
  '53300': {
    code: 'TARGET_TOO_MANY_CONNECTIONS',
    what: (target) => `PostgreSQL at ${target} has no free connection slots.`,
    next: 'Stop other programs that use the database, or raise max_connections, then start again.',
    transient: true,
  },
  '55P03': {
    code: 'TARGET_LOCKED',
    what: (target) => `Another program has held a lock on a table in ${target} for more than a minute.`,
    next: 'Stop every other program that uses this database (the application itself, psql, backups), then start again: it resumes where it stopped.',
  },
  '40': {
    code: 'TARGET_LOCKED',
    what: (target) =>
      `Another program uses the same rows of ${target}: the transaction was aborted by a deadlock or serialization failure.`,
    next: 'Stop every other program that uses this database (the application itself, psql, backups), then start again: it resumes where it stopped.',
    transient: true,
  },
  '57014': {
    code: 'TARGET_CANCELLED',
    what: (target) => `A statement was cancelled on ${target}, by an administrator or a timeout of the server.`,
    next: 'If the server enforces statement_timeout for this user, disable it for the migration, then start again: it resumes where it stopped.',
  },
  '57': {
    code: 'TARGET_UNREACHABLE',
    what: (target) => `PostgreSQL at ${target} is shutting down, starting up or ended the connection.`,
    next: 'Wait until the server is running, then start the same command again: it resumes where it stopped.',
    transient: true,
  },
  '08': {
    code: 'TARGET_UNREACHABLE',
    what: (target) => `The connection to PostgreSQL at ${target} was lost.`,
    next: 'Check the server and the network, then start the same command again: it resumes where it stopped.',
    transient: true,
  },
  '58': {
    code: 'TARGET_SYSTEM_ERROR',
    what: (target) => `PostgreSQL at ${target} reports a disk or operating system error.`,
    next: 'Check the server log. When the server is healthy, start the same command again.',
  },
};

/** Null where the error says nothing of the server. */
export function explain(error: Refused): Explanation | null {
  return sharedMemory(error) ?? explanations[error.code] ?? explanations[error.code.slice(0, 2)] ?? null;
}

/** A container has 64 MB of it by default, and it is not the disk. */
function sharedMemory({ code, message }: Refused): Explanation | null {
  if (code !== '53100' || !message.includes('"/PostgreSQL.')) return null;
  return {
    code: 'TARGET_OUT_OF_MEMORY',
    what: (target) => `PostgreSQL at ${target} ran out of shared memory (/dev/shm).`,
    next: 'If it runs in a container, give it more (docker run --shm-size=256m, shm_size in a compose file), then start the same command again: it resumes where it stopped.',
  };
}

/** Names of settings that the server's words on a limit may have in them; nothing else of these is passed on. */
const settings =
  /\b(temp_file_limit|max_locks_per_transaction|max_pred_locks_per_transaction|max_connections|max_files_per_process|max_stack_depth|max_prepared_transactions|max_worker_processes|max_wal_size|work_mem|maintenance_work_mem|shared_buffers)\b/;

/** A setting that the server names, in brackets; or nothing. */
export function settingIn({ message, hint }: Refused): string {
  const [name] = settings.exec(`${message} ${hint ?? ''}`) ?? [];
  return name === undefined ? '' : ` (setting ${name})`;
}
