/** Why no connection came about, or why it was lost, as failures. */
import { exitCodes, Failure } from '../failure.ts';
import type { ConnectRefusal } from './refusals.ts';

/** A host of which only an IPv6 address is known, seen from a network without IPv6: containers, and many others. */
const noRoute = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL'];

/** What a network says of a connection that is not there. */
export const connectionCodes: readonly string[] = [
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', ...noRoute, 'EPIPE', 'ENOENT'],
  ...['EACCES', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT', 'ECONNABORTED'],
];

/** What stands between this program and a session, found while connecting. */
export function connectFailure({ code, detail, cause }: ConnectRefusal, target: string): Failure {
  const exit = exitCodes.target;
  switch (code) {
    case 'TLS_NOT_OFFERED':
      return new Failure({
        code: 'TARGET_TLS',
        exit,
        what: `DATABASE_URL requires TLS, but PostgreSQL at ${target} does not support TLS connections.`,
        next: 'Enable TLS on the server (ssl = on), or use sslmode=prefer in DATABASE_URL if an unencrypted connection is acceptable.',
      });
    case 'TLS_FAILED':
      return new Failure({
        code: 'TARGET_TLS',
        exit,
        what: `TLS handshake with PostgreSQL at ${target} failed (${detail}).`,
        next: 'Check sslmode and sslcert in DATABASE_URL; the certificate must be valid for this host name.',
        cause,
      });
    case 'LOGIN_UNSUPPORTED':
      return new Failure({
        code: 'TARGET_LOGIN_UNSUPPORTED',
        exit,
        what: `PostgreSQL at ${target} requires the authentication method ${detail}, which this program does not support.`,
        next: 'Have the administrator add a line for this user with the method scram-sha-256 to pg_hba.conf, and set its password in DATABASE_URL.',
      });
    case 'NOT_POSTGRES':
      return new Failure({
        code: 'TARGET_NOT_POSTGRES',
        exit,
        what: `The server at ${target} does not speak the PostgreSQL protocol: it is another kind of server (an HTTP server, for example).`,
        next: 'Correct host and port in DATABASE_URL; the default port of PostgreSQL is 5432.',
      });
  }
}

/** `code`: of the network or the driver. */
export function unreachable(target: string, code: string, cause: unknown): Failure {
  const refused = code === 'ECONNREFUSED' || code === 'ENOENT';
  const unknown = code === 'ENOTFOUND' || code === 'EAI_AGAIN';
  const how = refused
    ? 'connection refused'
    : unknown
      ? 'the host name cannot be resolved'
      : `the connection was lost or timed out (${code})`;
  return new Failure({
    code: 'TARGET_UNREACHABLE',
    exit: exitCodes.target,
    what: `PostgreSQL at ${target} cannot be reached: ${how}.`,
    next: `Check that the server is running and that host and port in DATABASE_URL are correct, then start the same command again: it resumes where it stopped.${
      noRoute.includes(code)
        ? ' There is no route to its address: if the host has an IPv6 address only (the direct connection of Supabase, for example) and this network has none, use an address with IPv4, such as the pooler in session mode.'
        : ''
    }`,
    transient: true,
    cause,
  });
}
