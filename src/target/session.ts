/** One connection to the target that is never recycled: it holds the lock, its settings and, in a transaction, a batch. */
import type { ReservedSql, Sql } from 'postgres';
import type { TargetUrl } from '../config/target-url.ts';
import { Connection, limitedTo, openDriver, silenceSecondsMax } from './connection.ts';
import { type Copy, copyIn } from './copy-in.ts';
import { copyOut } from './copy-out.ts';
import { openingFailure, targetFailure } from './errors.ts';
import { pidIn, refuseTransactionPool } from './pooler.ts';
import { SilenceWatch } from './silence.ts';

export type Parameter = string | number | boolean | null | Uint8Array;
export type Row = Readonly<Record<string, unknown>>;

export interface Session extends AsyncDisposable {
  readonly description: string;
  /** Runs one statement; bigint and numeric come as text. */
  query<R extends Row = Row>(text: string, parameters?: readonly Parameter[]): Promise<readonly R[]>;
  /** Runs a statement and tells how many rows it affected. */
  execute(text: string, parameters?: readonly Parameter[]): Promise<number>;
  /** Runs several statements without parameters in one round trip. */
  script(text: string): Promise<void>;
  /** Commits when `work` resolves, rolls back when it rejects. Not re-entrant. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Bulk-writes tuples of COPY's binary format. */
  copyIn(copy: Copy): Promise<void>;
  /**
   * Bulk-writes into several tables in one transaction, all or nothing. It begins and ends with these statements (without parameters),
   * which go with the COPYs' own messages: the whole costs one round trip for each table that gets rows.
   */
  copyInTransaction(copies: readonly Copy[], begin: readonly string[], end: readonly string[]): Promise<void>;
  /** Streams the raw chunks of `COPY (…) TO STDOUT (FORMAT binary)`. */
  copyOut(query: string): AsyncIterable<Uint8Array>;
}

/** Once a run is to stop, what is under way has this long to end; then the connection is cut, and the server rolls back. */
const stopMsMax = 4_000;

/** Aborting `signal` ends whatever the session waits for within a few seconds. */
export async function openSession(target: TargetUrl, purpose: string, signal?: AbortSignal): Promise<Session> {
  signal?.throwIfAborted();
  const connection = new Connection();
  const sql = openDriver(target, purpose, connection);
  const stop = stopWith(signal, connection);
  try {
    const { reserved, pid } = await limitedTo(target.connectTimeoutSeconds, settle(sql, target), signal);
    const watch = new SilenceWatch(
      () => connection.socket,
      () => isAtWork(target, pid),
    );
    return new PostgresSession(target.description, { sql, reserved, connection, watch, stop });
  } catch (error) {
    stop[Symbol.dispose]();
    sql.end({ timeout: 0 }).catch(() => undefined);
    connection.abandon();
    signal?.throwIfAborted();
    throw openingFailure(error, target.description);
  }
}

async function settle(sql: Sql, target: TargetUrl): Promise<{ readonly reserved: ReservedSql; readonly pid: number }> {
  // Without fetch_types, `reserve()` never resolves on a connection that is not open yet (postgres.js 3.4.9): so a query first.
  const ask = () => sql.unsafe('select pg_backend_pid() as pid');
  const self = await ask();
  const pid = pidIn(self);
  await refuseTransactionPool(target, { announced: self.state.pid, pid, ask: async () => pidIn(await ask()) });
  const reserved = await sql.reserve();
  await reserved.unsafe(sessionSettings);
  return { reserved, pid };
}

/** Asks by another connection. A session that waits for its client has nothing more to say; where nothing answers, there is none. */
async function isAtWork(target: TargetUrl, pid: number): Promise<boolean> {
  const connection = new Connection();
  const sql = openDriver(target, 'watch', connection);
  try {
    const rows = await limitedTo(
      target.connectTimeoutSeconds,
      sql.unsafe(
        `select from pg_stat_activity where pid = ${pid} and state <> 'idle' and wait_event_type is distinct from 'Client'`,
      ),
    );
    return rows.length > 0;
  } catch (error) {
    // A server that answers with an error (no free connection, say) is there.
    return error instanceof Error && 'severity' in error;
  } finally {
    sql.end({ timeout: 0 }).catch(() => undefined);
    connection.abandon();
  }
}

function stopWith(signal: AbortSignal | undefined, connection: Connection): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const cut = () => {
    timer = setTimeout(
      () => connection.socket?.destroy(Object.assign(new Error('stopped'), { code: 'ECONNABORTED' })),
      stopMsMax,
    ).unref();
  };
  signal?.addEventListener('abort', cut, { once: true });
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cut);
    },
  };
}

/**
 * Low limits of the server must not end a long step, a lost client's session must end soon, and what the server says of values and
 * definitions must not depend on whose database it is. Nor must the time of a run depend on
 * whether the server can compile statements (`jit`), each of which runs once.
 * Set by name from pg_settings, since not every version and platform has each.
 */
const sessionSettings = `
  select set_config(s.name, w.value, false)
  from (values
    ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0'),
    ('transaction_timeout', '0'), ('lock_timeout', '60s'), ('timezone', 'UTC'), ('datestyle', 'ISO'), ('intervalstyle', 'postgres'),
    ('bytea_output', 'hex'), ('search_path', 'public'), ('standard_conforming_strings', 'on'), ('client_min_messages', 'warning'),
    ('quote_all_identifiers', 'off'), ('extra_float_digits', '1'), ('default_transaction_isolation', 'read committed'),
    ('tcp_keepalives_idle', '${silenceSecondsMax}'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'),
    ('tcp_user_timeout', '${silenceSecondsMax * 1000}'), ('client_connection_check_interval', '5s'),
    ('maintenance_work_mem', '256MB'), ('work_mem', '64MB'), ('random_page_cost', '1.1'), ('jit', 'off')
  ) as w (name, value) join pg_settings s on lower(s.name) = w.name`;

interface Parts {
  readonly sql: Sql;
  readonly reserved: ReservedSql;
  readonly connection: Connection;
  readonly watch: SilenceWatch;
  readonly stop: Disposable;
}

class PostgresSession implements Session {
  readonly description: string;
  readonly #sql: Sql;
  readonly #reserved: ReservedSql;
  /** A query on a connection that is gone would end the process: postgres.js 3.4.9 writes to a socket that is null. */
  readonly #connection: Connection;
  readonly #watch: SilenceWatch;
  readonly #stop: Disposable;

  constructor(description: string, { sql, reserved, connection, watch, stop }: Parts) {
    this.description = description;
    this.#sql = sql;
    this.#reserved = reserved;
    this.#connection = connection;
    this.#watch = watch;
    this.#stop = stop;
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

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.script('begin');
    const result = await this.#orRolledBack(work);
    await this.script('commit');
    return result;
  }

  async copyIn(copy: Copy): Promise<void> {
    await this.#translated(() => copyIn(this.#reserved, copy));
  }

  async copyInTransaction(copies: readonly Copy[], begin: readonly string[], end: readonly string[]): Promise<void> {
    const text = (statements: readonly string[]) => statements.map((statement) => `${statement};`).join(' ');
    const first = text(['begin', ...begin]);
    const last = text([...end, 'commit']);
    const full = copies.filter(({ parts }) => parts.some(({ rows }) => rows > 0));
    await this.#orRolledBack(async () => {
      if (full.length === 0) await this.script(`${first} ${last}`);
      for (const [index, copy] of full.entries()) {
        const around = { before: index === 0 ? first : '', after: index === full.length - 1 ? last : '' };
        await this.#translated(() => copyIn(this.#reserved, copy, around));
      }
    });
  }

  async *copyOut(query: string): AsyncIterable<Uint8Array> {
    const chunks = copyOut(this.#reserved, query);
    try {
      for (;;) {
        // Whoever reads takes his time: only the server is waited for.
        const { value, done } = await this.#answered(() => chunks.next());
        if (done === true) return;
        yield value;
      }
    } catch (error) {
      throw targetFailure(error, this.description);
    } finally {
      // What was left in the middle of a connection that is gone cannot be brought to its end.
      if (!this.#connection.lost) await chunks.return(undefined);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch[Symbol.dispose]();
    this.#stop[Symbol.dispose]();
    // A connection that is still reserved would be waited for until the limit.
    if (!this.#connection.lost) this.#reserved.release();
    await this.#sql.end({ timeout: 1 }).catch(() => undefined);
  }

  /** A connection that is gone answers nothing, and one that is silent is given up. */
  async #answered<T>(work: () => Promise<T>): Promise<T> {
    return await this.#watch.during(() => this.#connection.orGone(work));
  }

  async #orRolledBack<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // The connection may be gone: then the server rolls back by itself, and the first error is the one that counts.
      await this.script('rollback').catch(() => undefined);
      throw error;
    }
  }

  async #translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#answered(work);
    } catch (error) {
      throw targetFailure(error, this.description);
    }
  }
}
