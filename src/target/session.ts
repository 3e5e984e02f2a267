/** One connection to the target that is never recycled: it holds the lock, its settings and, in a transaction, a batch. */
import { connect as connectSocket, type Socket } from 'node:net';
import postgres, { type ReservedSql } from 'postgres';
import type { TargetUrl } from '../config/target-url.ts';
import { copyIn, type Tuples } from './copy-in.ts';
import { copyOut } from './copy-out.ts';
import { targetFailure } from './errors.ts';

export type Parameter = string | number | boolean | null | Uint8Array;
export type Row = Readonly<Record<string, unknown>>;

export interface Session extends AsyncDisposable {
  readonly description: string;
  /** Runs one statement; bigint and numeric come as text. */
  query<R extends Row = Row>(text: string, parameters?: readonly Parameter[]): Promise<readonly R[]>;
  /** Runs a statement and tells how many rows it hit. */
  execute(text: string, parameters?: readonly Parameter[]): Promise<number>;
  /** Runs several statements without parameters in one round trip. */
  script(text: string): Promise<void>;
  /** Commits when `work` resolves, rolls back when it rejects. Not re-entrant. */
  transaction<T>(work: () => Promise<T>, options?: { readonly durable?: boolean }): Promise<T>;
  /** Bulk-writes tuples of COPY's binary format; `table` may carry a column list. */
  copyIn(table: string, parts: readonly Tuples[]): Promise<void>;
  /** Streams the raw chunks of `COPY (…) TO STDOUT (FORMAT binary)`. */
  copyOut(query: string): AsyncIterable<Uint8Array>;
}

/** A server that has gone silent is noticed within this time, on both ends. */
const silenceSecondsMax = 30;

export async function openSession(target: TargetUrl, purpose: string): Promise<Session> {
  const sql = postgres({
    database: target.database,
    username: target.user,
    password: target.password,
    // postgres.js needs the host for messages only: the socket below is connected already.
    host: target.host,
    port: target.port,
    ssl: target.tls === false ? false : target.tls,
    max: 1,
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: target.connectTimeoutSeconds,
    keep_alive: silenceSecondsMax,
    fetch_types: false,
    prepare: true,
    backoff: false,
    onnotice: () => undefined,
    connection: { application_name: `nextcrm-migrate ${purpose}` },
    socket: () => connectWithoutDelay(target),
  } as postgres.Options<Record<string, never>>);
  try {
    // Without fetch_types, `reserve()` never resolves on a connection that is not open yet (postgres.js 3.4.9): so a query first.
    await limitedTo(target.connectTimeoutSeconds, sql.unsafe('select 1'));
    const reserved = await sql.reserve();
    await reserved.unsafe(sessionSettings);
    return new PostgresSession(target.description, sql, reserved);
  } catch (error) {
    sql.end({ timeout: 0 }).catch(() => undefined);
    throw targetFailure(error, target.description);
  }
}

/**
 * Low limits of the server must not end a long step, and a lost client's session must end soon.
 * Set by name from pg_settings, since not every version and platform has each.
 */
const sessionSettings = `
  select set_config(s.name, w.value, false)
  from (values
    ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0'),
    ('transaction_timeout', '0'), ('lock_timeout', '60s'), ('timezone', 'UTC'), ('datestyle', 'ISO'), ('intervalstyle', 'postgres'),
    ('bytea_output', 'hex'), ('search_path', 'public'), ('standard_conforming_strings', 'on'), ('client_min_messages', 'warning'),
    ('tcp_keepalives_idle', '${silenceSecondsMax}'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'),
    ('tcp_user_timeout', '${silenceSecondsMax * 1000}'), ('client_connection_check_interval', '5s'),
    ('maintenance_work_mem', '256MB'), ('work_mem', '64MB')
  ) as w (name, value) join pg_settings s on lower(s.name) = w.name`;

/** postgres.js never sets TCP_NODELAY: the end of each COPY would wait for a delayed acknowledgement. */
function connectWithoutDelay(target: TargetUrl): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(
      target.socketPath === null ? { host: target.host, port: target.port } : { path: target.socketPath },
    );
    const limit = setTimeout(
      () => socket.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' })),
      target.connectTimeoutSeconds * 1000,
    );
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.once('close', () => clearTimeout(limit));
    socket.once('connect', () => {
      clearTimeout(limit);
      socket.off('error', reject);
      // postgres.js reads the server name for TLS from here.
      resolve(Object.assign(socket, { host: target.host, port: target.port }));
    });
  });
}

/** A server that accepts the connection and then says nothing would be waited for without end. */
async function limitedTo<T>(seconds: number, work: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' })), seconds * 1000);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

class PostgresSession implements Session {
  readonly description: string;
  readonly #sql: postgres.Sql;
  readonly #reserved: ReservedSql;

  constructor(description: string, sql: postgres.Sql, reserved: ReservedSql) {
    this.description = description;
    this.#sql = sql;
    this.#reserved = reserved;
  }

  async query<R extends Row = Row>(text: string, parameters: readonly Parameter[] = []): Promise<readonly R[]> {
    return await this.#translated(async () => [
      ...(await this.#reserved.unsafe<R[]>(text, [...parameters] as never[], { prepare: true })),
    ]);
  }

  async execute(text: string, parameters: readonly Parameter[] = []): Promise<number> {
    return await this.#translated(
      async () => (await this.#reserved.unsafe(text, [...parameters] as never[], { prepare: true })).count,
    );
  }

  async script(text: string): Promise<void> {
    await this.#translated(async () => {
      await this.#reserved.unsafe(text).simple();
    });
  }

  async transaction<T>(work: () => Promise<T>, { durable = true }: { readonly durable?: boolean } = {}): Promise<T> {
    await this.script(durable ? 'begin' : 'begin; set local synchronous_commit = off');
    let result: T;
    try {
      result = await work();
    } catch (error) {
      // The connection may be gone: then the server rolls back by itself, and the first error is the one that counts.
      await this.script('rollback').catch(() => undefined);
      throw error;
    }
    await this.script('commit');
    return result;
  }

  async copyIn(table: string, parts: readonly Tuples[]): Promise<void> {
    await this.#translated(() => copyIn(this.#reserved, table, parts));
  }

  async *copyOut(query: string): AsyncIterable<Uint8Array> {
    try {
      yield* copyOut(this.#reserved, query);
    } catch (error) {
      throw targetFailure(error, this.description);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A connection that is still reserved would be waited for until the limit.
    if (!this.#connection.lost) this.#reserved.release();
    await this.#sql.end({ timeout: 1 }).catch(() => undefined);
  }

  #assertConnected(): void {
    if (this.#connection.lost) throw Object.assign(new Error('the connection is gone'), { code: 'CONNECTION_CLOSED' });
  }

  async #translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.#assertConnected();
      return await work();
    } catch (error) {
      throw targetFailure(error, this.description);
    }
  }
}
