/** What PostgreSQL and its driver say, as failures that a person can act on. The server's own text is never passed on: it quotes values. */
import { exitCodes, Failure } from '../failure.ts';
import { connectFailure, connectionCodes, unreachable } from './connect-failures.ts';
import { explain, settingIn } from './explanations.ts';
import { ConnectRefusal } from './refusals.ts';

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

/** Data exceptions, constraints, limits of the server and errors raised by triggers: the row is at fault, not the server. */
export const dataErrorClasses = ['22', '23', '54', 'P0'] as const;

/** What a function has raised, such as that of a trigger. */
export const isRaised = (sqlState: string): boolean => sqlState.startsWith('P0');

interface ServerError extends Error {
  readonly code: string;
  readonly severity: string;
  readonly hint?: string;
  readonly constraint_name?: string;
  readonly table_name?: string;
  readonly column_name?: string;
}

/** Translates any error of a session; `target` is its description without secrets. */
export function targetFailure(error: unknown, target: string): Error {
  if (error instanceof Failure || error instanceof ServerRefusal || !(error instanceof Error)) return asError(error);
  if (error instanceof ConnectRefusal) return connectFailure(error, target);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^[0-9A-Z]{5}$/.test(code) && 'severity' in error) return serverFailure(error as ServerError, target);
  // Some servers refuse a client's certificate only when the handshake is over.
  if (/^(ERR_TLS|ERR_SSL|EPROTO)/.test(code)) return connectFailure(new ConnectRefusal('TLS_FAILED', code, error), target);
  return connectionCodes.includes(code) ? unreachable(target, code, error) : error;
}

/** Every error of opening a session, whatever its code: nothing has been done yet, and the server is what is in the way. */
export function openingFailure(error: unknown, target: string): Error {
  const failure = targetFailure(error, target);
  if (failure instanceof Failure) return notAccepting(failure, target) ?? failure;
  const code = 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.name;
  return new Failure({
    code: 'TARGET_UNREACHABLE',
    exit: exitCodes.target,
    what: `PostgreSQL at ${target} cannot be reached: connecting failed (${code}).`,
    next: openingHints[code] ?? 'Check host and port in DATABASE_URL and the network of this machine, then start again.',
    cause: error,
  });
}

/** 55000 while connecting: `datallowconn` is false. */
function notAccepting({ cause }: Failure, target: string): Failure | null {
  if (!(cause instanceof ServerRefusal) || cause.sqlState !== '55000') return null;
  return new Failure({
    code: 'TARGET_LOGIN_REFUSED',
    exit: exitCodes.target,
    what: `The database named in DATABASE_URL (${target}) does not accept connections. (SQLSTATE 55000)`,
    next: 'Have the administrator run, in another database of that server: ALTER DATABASE … ALLOW_CONNECTIONS true; or use another database (template0 and the like are none for data).',
    cause,
  });
}

const openingHints: Readonly<Record<string, string>> = {
  EINVAL:
    'If the host in DATABASE_URL is the folder of a Unix socket: the path of the socket may have at most 107 bytes. Use a shorter path, or connect by TCP.',
  EMFILE: 'Raise the limit of open files (ulimit -n) of this process, then start again.',
};

function serverFailure(error: ServerError, target: string): Error {
  const explanation = explain(error);
  if (explanation === null) return refusesTheData(error) ? new ServerRefusal(error) : refused(error, target);
  return new Failure({
    code: explanation.code,
    exit: exitCodes.target,
    what: `${explanation.what(target, settingIn(error))} (SQLSTATE ${error.code})`,
    next: explanation.next,
    transient: explanation.transient ?? false,
    cause: new ServerRefusal(error),
  });
}

function refusesTheData({ code }: ServerError): boolean {
  return (dataErrorClasses as readonly string[]).includes(code.slice(0, 2));
}

function refused(error: ServerError, target: string): Failure {
  return new Failure({
    code: 'TARGET_REFUSED',
    exit: exitCodes.target,
    what: `PostgreSQL at ${target} refused a statement (SQLSTATE ${error.code}).`,
    next: 'Make sure that nothing else changes this database, then start again: it resumes where it stopped. If the error persists, report it with migration.log.',
    cause: new ServerRefusal(error),
  });
}

/** Where no row was at fault: somebody's event trigger, or a trigger on a table of ours. */
export function raisedFailure(cause: ServerRefusal): Failure {
  return new Failure({
    code: 'TARGET_REFUSED',
    exit: exitCodes.target,
    what: `A function of the target database raised an error (SQLSTATE ${cause.sqlState}): that of an event trigger, or of a trigger on one of the tables.`,
    next: "Have the administrator disable it for the migration (the server's log has its message), then start again: the migration resumes where it stopped.",
    cause,
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
