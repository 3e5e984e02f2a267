/** What PostgreSQL and its driver say, as failures that a person can act on. The server's own text is never passed on: it quotes values. */
import { exitCodes, Failure } from '../failure.ts';

/** An error of the server in the middle of the program's work, for callers that know what to do about it. */
export class ServerRefusal extends Error {
  readonly sqlState: string;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly column: string | null;

  constructor(error: ServerError) {
    super(
      `PostgreSQL refused a statement: SQLSTATE ${error.code}${error.constraint_name ? `, constraint ${error.constraint_name}` : ''}`,
    );
    this.name = 'ServerRefusal';
    this.sqlState = error.code;
    this.constraint = error.constraint_name ?? null;
    this.table = error.table_name ?? null;
    this.column = error.column_name ?? null;
  }

  /** SQLSTATE, constraint and column: all that is kept of the server's reason. */
  get reason(): string {
    return [this.sqlState, this.constraint, this.column].filter((part) => part !== null).join(' ');
  }
}

interface ServerError extends Error {
  readonly code: string;
  readonly severity: string;
  readonly constraint_name?: string;
  readonly table_name?: string;
  readonly column_name?: string;
}

/** Translates any error of a session; `target` is its description without secrets. */
export function targetFailure(error: unknown, target: string): Error {
  if (error instanceof Failure || error instanceof ServerRefusal || !(error instanceof Error)) return asError(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^[0-9A-Z]{5}$/.test(code) && 'severity' in error) return serverFailure(error as ServerError, target);
  const known = connectionErrors[code] ?? (isTlsError(code) ? 'TARGET_TLS' : null);
  if (known === null) return error;
  return known === 'TARGET_TLS'
    ? new Failure({
        code: 'TARGET_TLS',
        exit: exitCodes.target,
        what: `The encrypted connection to PostgreSQL at ${target} could not be set up (${code}).`,
        next: 'Check sslmode and sslcert in DATABASE_URL; the certificate must be valid for this host name.',
        cause: error,
      })
    : unreachable(target, code, error);
}

const connectionErrors: Readonly<Record<string, 'TARGET_UNREACHABLE'>> = Object.fromEntries(
  [
    ...[
      'ECONNREFUSED',
      'ECONNRESET',
      'ENOTFOUND',
      'EAI_AGAIN',
      'ETIMEDOUT',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'EPIPE',
      'ENOENT',
      'EACCES',
    ],
    ...['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT', 'ECONNABORTED'],
  ].map((code) => [code, 'TARGET_UNREACHABLE' as const]),
);

function isTlsError(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH)/.test(code);
}

function unreachable(target: string, code: string, cause: unknown): Failure {
  const refused = code === 'ECONNREFUSED' || code === 'ENOENT';
  const unknown = code === 'ENOTFOUND' || code === 'EAI_AGAIN';
  const how = refused
    ? 'nothing answers there'
    : unknown
      ? 'that host name is not known here'
      : `the connection was lost or timed out (${code})`;
  return new Failure({
    code: 'TARGET_UNREACHABLE',
    exit: exitCodes.target,
    what: `PostgreSQL at ${target} cannot be reached: ${how}.`,
    next: 'Check that the server runs and that host and port in DATABASE_URL are right, then start the same command again: it goes on where it stopped.',
    transient: true,
    cause,
  });
}

interface Explanation {
  readonly code: string;
  readonly what: (target: string) => string;
  readonly next: string;
  readonly transient?: boolean;
}

/** By SQLSTATE, else by its class (PostgreSQL manual, appendix A). */
const explanations: Readonly<Record<string, Explanation>> = {
  '28': {
    code: 'TARGET_LOGIN_REFUSED',
    what: (target) => `PostgreSQL at ${target} refuses the login.`,
    next: 'Check user and password in DATABASE_URL (special characters must be percent-encoded) and the access rules of the server (pg_hba.conf).',
  },
  '3D000': {
    code: 'TARGET_DATABASE_MISSING',
    what: (target) => `The database named in DATABASE_URL does not exist on the server (${target}).`,
    next: 'Create it (CREATE DATABASE …) or correct its name in DATABASE_URL.',
  },
  '42501': {
    code: 'TARGET_NO_RIGHT',
    what: (target) => `The user of DATABASE_URL lacks a right that the migration needs on ${target}.`,
    next: 'Use the owner of the database, or let its administrator run: GRANT ALL ON DATABASE … TO …; GRANT ALL ON SCHEMA public TO ….',
  },
  '25006': {
    code: 'TARGET_READ_ONLY',
    what: (target) => `PostgreSQL at ${target} is read-only.`,
    next: 'Use the primary server, not a replica, and a user or database without default_transaction_read_only.',
  },
  '53100': {
    code: 'TARGET_DISK_FULL',
    what: (target) => `The disk of PostgreSQL at ${target} is full.`,
    next: 'Make space on the disk of the database server, then start the same command again: it goes on where it stopped.',
  },
  '53200': {
    code: 'TARGET_OUT_OF_MEMORY',
    what: (target) => `PostgreSQL at ${target} ran out of memory.`,
    next: 'Give the database server more memory, then start the same command again: it goes on where it stopped.',
  },
  '53300': {
    code: 'TARGET_TOO_MANY_CONNECTIONS',
    what: (target) => `PostgreSQL at ${target} has no free connection.`,
    next: 'Stop other programs that use the database, or raise max_connections, then start again.',
    transient: true,
  },
  '55P03': {
    code: 'TARGET_LOCKED',
    what: (target) => `Another program holds a lock on a table in ${target} for more than a minute.`,
    next: 'Stop every other program that uses this database (NextCRM itself, psql, backups), then start again: it goes on where it stopped.',
  },
  '40': {
    code: 'TARGET_LOCKED',
    what: (target) => `Another program works on the same rows of ${target} and the server let it have its way.`,
    next: 'Stop every other program that uses this database (NextCRM itself, psql, backups), then start again: it goes on where it stopped.',
    transient: true,
  },
  '57014': {
    code: 'TARGET_CANCELLED',
    what: (target) => `A statement was cancelled on ${target}, by an administrator or a timeout of the server.`,
    next: 'If the server enforces statement_timeout for this user, lift it for the migration; then start again: it goes on where it stopped.',
  },
  '57': {
    code: 'TARGET_UNREACHABLE',
    what: (target) => `PostgreSQL at ${target} is shutting down, starting up or ended the connection.`,
    next: 'Wait until the server runs, then start the same command again: it goes on where it stopped.',
    transient: true,
  },
  '08': {
    code: 'TARGET_UNREACHABLE',
    what: (target) => `The connection to PostgreSQL at ${target} broke.`,
    next: 'Check the server and the network, then start the same command again: it goes on where it stopped.',
    transient: true,
  },
  '58': {
    code: 'TARGET_SYSTEM_ERROR',
    what: (target) => `PostgreSQL at ${target} reports an error of its disk or operating system.`,
    next: "Look into the server's log; when the server is sound again, start the same command again.",
  },
};

function serverFailure(error: ServerError, target: string): Error {
  const explanation = explanations[error.code] ?? explanations[error.code.slice(0, 2)];
  if (explanation === undefined) return refusesTheData(error) ? new ServerRefusal(error) : refused(error, target);
  return new Failure({
    code: explanation.code,
    exit: exitCodes.target,
    what: `${explanation.what(target)} (SQLSTATE ${error.code})`,
    next: explanation.next,
    transient: explanation.transient ?? false,
    cause: new ServerRefusal(error),
  });
}

/** Data exceptions, constraints, limits of the server and errors raised by triggers: the row is at fault, not the server. */
function refusesTheData({ code }: ServerError): boolean {
  return ['22', '23', '54', 'P0'].includes(code.slice(0, 2));
}

function refused(error: ServerError, target: string): Failure {
  return new Failure({
    code: 'TARGET_REFUSED',
    exit: exitCodes.target,
    what: `PostgreSQL at ${target} refused a statement (SQLSTATE ${error.code}).`,
    next: 'Make sure that nothing else changes this database meanwhile, then start again: it goes on where it stopped. If it comes back, report it with migration.log.',
    cause: new ServerRefusal(error),
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
