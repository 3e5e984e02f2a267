/** The driver's configuration for a PostgreSQL URL, given part by part: pg would read the URL's parameters its own way. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { PoolConfig } from 'pg';
import { type TlsWish, tlsOf } from '../../config/tls.ts';

/** Prisma's default for `connect_timeout`, in seconds. */
const connectTimeoutDefaultS = 5;

export interface Connection {
  readonly pool: PoolConfig;
  readonly tls: TlsWish;
}

/** @throws TypeError for what is not a URL, and what a certificate that cannot be read throws. */
export function connectionOf(text: string): Connection {
  const url = new URL(text);
  const user = decodeURIComponent(url.username) || userInfo().username;
  const password = decodeURIComponent(url.password);
  const pool: PoolConfig = {
    host: url.searchParams.get('host') ?? (url.hostname.replace(/^\[|\]$/g, '') || 'localhost'),
    port: Number(url.searchParams.get('port') ?? (url.port || 5432)),
    user,
    ...(password === '' ? {} : { password }),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    connectionTimeoutMillis: 1000 * connectTimeoutOf(url.searchParams),
    application_name: 'nextcrm-migrate schema engine',
  };
  return { pool, tls: tlsOf(url.searchParams, (path) => readFileSync(path, 'utf8')) };
}

function connectTimeoutOf(parameters: URLSearchParams): number {
  const seconds = Number(parameters.get('connect_timeout') ?? connectTimeoutDefaultS);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : connectTimeoutDefaultS;
}
