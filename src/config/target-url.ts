/** DATABASE_URL: the target, a PostgreSQL URL as NextCRM's Prisma takes it, read once into its parts. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { decoded, encodeHint, splitUrl, type UrlParts } from './connection-url.ts';
import { type Parsed, refused } from './problem.ts';
import { isSslMode, sslModes, tlsOf } from './tls.ts';

export interface TargetUrl {
  /** A name, an address without brackets, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  /** The Unix socket itself, where the host is a folder. */
  readonly socketPath: string | null;
  readonly database: string;
  readonly user: string;
  /** Empty where there is none. */
  readonly password: string;
  /** As postgres.js takes it: 'prefer' encrypts where the server offers it. */
  readonly tls: false | 'prefer' | ConnectionOptions;
  readonly connectTimeoutSeconds: number;
  /** host:port/database, for people: no user, no password. */
  readonly description: string;
  /** The same target for Prisma's engine. Holds the password: never shown. */
  readonly url: string;
}

const schemes = ['postgres', 'postgresql'];
const understood = ['schema', 'sslmode', 'sslcert', 'connect_timeout', 'host'];
/** Of the app's own pool: one connection of ours needs none of them, and the server would refuse them. */
const ignored = ['connection_limit', 'pool_timeout', 'pgbouncer', 'statement_cache_size', 'socket_timeout'];
/** Where a person is likely to have a parameter that is none of ours, what to write instead. */
const instead: Readonly<Record<string, string>> = {
  sslrootcert: "Use sslcert=FILE instead: in Prisma's URLs it is the CA certificate of the server.",
  sslaccept: 'Use sslmode=verify-full to verify the certificate, or sslmode=require to encrypt without verification.',
  ssl: 'Use sslmode=require.',
  channel_binding: 'Remove it for the migration; the app can keep it.',
};

const portDefault = 5432;
/** Twice Prisma's own: a sleeping managed server takes some seconds to wake up. */
const connectTimeoutDefaultSeconds = 10;
/** `connect_timeout=0` asks for no limit; everything here has one. */
const connectTimeoutSecondsMax = 3600;

export function parseTargetUrl(text: string, cwd: string, variable = 'DATABASE_URL'): Parsed<TargetUrl> {
  const split = splitUrl(variable, text);
  if ('problem' in split) return split;
  const parts = split.value;
  if (!schemes.includes(parts.scheme)) {
    return refused(`${variable} is not a PostgreSQL URL.`, 'It must begin with postgresql://.');
  }
  const login = loginOf(variable, parts);
  if ('problem' in login) return login;
  const place = placeOf(variable, parts);
  if ('problem' in place) return place;
  const requested = optionsOf(variable, parts.parameters, place.value.host, cwd);
  if ('problem' in requested) return requested;
  const target = { ...login.value, ...place.value, ...requested.value };
  const shownHost = isIP(target.host) === 6 ? `[${target.host}]` : target.host;
  return { value: { ...target, description: `${shownHost}:${target.port}/${target.database}`, url: engineUrl(target) } };
}

function loginOf(variable: string, { userInfo, path }: UrlParts): Parsed<Pick<TargetUrl, 'user' | 'password' | 'database'>> {
  const colon = userInfo?.indexOf(':') ?? -1;
  const user = decoded(colon === -1 ? (userInfo ?? '') : (userInfo ?? '').slice(0, colon));
  const password = decoded(colon === -1 ? '' : (userInfo ?? '').slice(colon + 1));
  const database = decoded(path);
  if (user === null || password === null || database === null) {
    return refused(`${variable} contains an invalid percent-encoding.`, encodeHint);
  }
  if (`${user}${password}${database}`.includes('\0')) return refused(`${variable} contains a NUL character (%00).`, 'Remove it.');
  if (user === '') return refused(`${variable} contains no user.`, 'Write postgresql://user:password@host:5432/database.');
  if (database === '') {
    return refused(
      `${variable} contains no database name.`,
      'Add the database name after the host, for example postgresql://user:password@host:5432/nextcrm.',
    );
  }
  if (path.includes('/')) return refused(`${variable} contains a database name with a slash.`, encodeHint);
  return { value: { user, password, database } };
}

function placeOf(variable: string, { hosts, parameters }: UrlParts): Parsed<Pick<TargetUrl, 'host' | 'port' | 'socketPath'>> {
  if (hosts.includes(','))
    return refused(`${variable} contains several hosts.`, 'Use the one host that accepts writes (the primary server).');
  const match = /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/s.exec(hosts);
  // What is not read is not shown: it may be a piece of a password.
  if (match?.[1] === undefined)
    return refused(
      `${variable} contains an invalid host.`,
      `Write an IPv6 address in brackets, for example [::1]. ${encodeHint}`,
    );
  const port = match[2] === undefined || match[2] === '' ? String(portDefault) : match[2];
  if (!/^\d+$/.test(port))
    return refused(
      `${variable} contains a port that is not a number.`,
      `Write an IPv6 address in brackets, for example [::1]. ${encodeHint}`,
    );
  if (Number(port) < 1 || Number(port) > 65535)
    return refused(
      `${variable} contains a port that is out of range.`,
      'Valid ports are 1 to 65535; the default port of PostgreSQL is 5432.',
    );
  const named = decoded(match[1].replace(/^\[|\]$/g, ''));
  const host = parameters.get('host') ?? named;
  if (host === null || host === '' || /[\s@\0]/.test(host)) {
    return refused(`${variable} contains no host.`, 'Write postgresql://user:password@host:5432/database.');
  }
  if (match[1].startsWith('[') && isIP(named ?? '') !== 6) {
    return refused(
      `${variable} has brackets around something that is not an IPv6 address.`,
      'Use an IPv6 address such as [::1], or a host name without brackets.',
    );
  }
  return {
    value: { host, port: Number(port), socketPath: host.startsWith('/') ? `${host.replace(/\/+$/, '')}/.s.PGSQL.${port}` : null },
  };
}

function optionsOf(
  variable: string,
  parameters: URLSearchParams,
  host: string,
  cwd: string,
): Parsed<
  Pick<TargetUrl, 'tls' | 'connectTimeoutSeconds'> & { readonly sslMode: string | null; readonly sslCert: string | null }
> {
  for (const name of parameters.keys()) {
    if (understood.includes(name) || ignored.includes(name)) continue;
    // A name of another shape may be a piece of a password with an unencoded question mark.
    const shown = /^[a-z][a-z0-9_-]{0,39}$/i.test(name) ? `the parameter ${name}` : 'a malformed parameter';
    return refused(
      `${variable} contains ${shown}, which is not supported.`,
      instead[name] ?? `Remove it for the migration. Supported parameters: ${[...understood, ...ignored].join(', ')}.`,
    );
  }
  const repeated = [...new Set(parameters.keys())].find((name) => new Set(parameters.getAll(name)).size > 1);
  if (repeated !== undefined)
    return refused(`${variable} contains the parameter ${repeated} twice, with different values.`, 'Remove one of them.');
  const schema = parameters.get('schema');
  if (schema !== null && schema !== 'public') {
    return refused(
      `${variable} selects a schema other than public.`,
      'NextCRM keeps its tables in public: use schema=public, or remove the parameter.',
    );
  }
  const timeout = parameters.get('connect_timeout') ?? String(connectTimeoutDefaultSeconds);
  if (!/^\d{1,6}$/.test(timeout))
    return refused(
      `${variable} contains a connect_timeout that is not a number of seconds.`,
      'Use, for example, connect_timeout=10.',
    );
  const seconds = Number(timeout) === 0 ? connectTimeoutSecondsMax : Math.min(Number(timeout), connectTimeoutSecondsMax);
  const tls = tlsFor(variable, parameters, host, cwd);
  if ('problem' in tls) return tls;
  return { value: { ...tls.value, connectTimeoutSeconds: seconds } };
}

function tlsFor(
  variable: string,
  given: URLSearchParams,
  host: string,
  cwd: string,
): Parsed<Pick<TargetUrl, 'tls'> & { readonly sslMode: string | null; readonly sslCert: string | null }> {
  const sslMode = given.get('sslmode');
  if (sslMode !== null && !isSslMode(sslMode))
    return refused(`${variable} contains an unknown sslmode.`, `Use one of ${sslModes.join(', ')}.`);
  const named = given.get('sslcert');
  const sslCert = named === null || named === '' ? null : resolve(cwd, named);
  const parameters = new URLSearchParams();
  if (sslMode !== null) parameters.set('sslmode', sslMode);
  if (sslCert !== null) parameters.set('sslcert', sslCert);
  try {
    const { use, options } = tlsOf(parameters, (path) => readFileSync(path, 'utf8'));
    // As libpq: a Unix socket is never encrypted.
    if (use === 'never' || host.startsWith('/')) return { value: { tls: false, sslMode, sslCert } };
    if (use === 'if offered') return { value: { tls: 'prefer', sslMode, sslCert } };
    // node:tls compares the certificate with `host` where the server name is an address, which SNI cannot carry.
    return { value: { tls: isIP(host) === 0 ? { ...options, servername: host } : { ...options, host }, sslMode, sslCert } };
  } catch {
    return refused(
      `${variable}: the certificate file given as sslcert cannot be read.`,
      'Set sslcert to the path of a readable PEM file. In a container, the file must be mounted.',
    );
  }
}

/** Every part encoded again, so that Prisma and pg read exactly what was read here. */
function engineUrl(
  target: Omit<TargetUrl, 'description' | 'url'> & { readonly sslMode: string | null; readonly sslCert: string | null },
): string {
  const { host, port, socketPath, user, password, database } = target;
  const login = password === '' ? encodeURIComponent(user) : `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const shownHost = socketPath !== null ? 'localhost' : isIP(host) === 6 ? `[${host}]` : encodeURIComponent(host);
  const parameters = new URLSearchParams({ schema: 'public', connect_timeout: String(target.connectTimeoutSeconds) });
  if (socketPath !== null) parameters.set('host', host);
  if (target.sslMode !== null) parameters.set('sslmode', target.sslMode);
  if (target.sslCert !== null) parameters.set('sslcert', target.sslCert);
  return `postgresql://${login}@${shownHost}:${port}/${encodeURIComponent(database)}?${parameters.toString()}`;
}
