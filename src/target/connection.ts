/** One connection of postgres.js to the target, over a socket that we see. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import postgres from 'postgres';
import type { TargetUrl } from '../config/target-url.ts';
import { saslPrep } from './sasl-prep.ts';
import { openSocket } from './socket.ts';

/** As postgres.js calls it. */
const closedCode = 'CONNECTION_CLOSED';

/** A server that has gone silent is noticed within this time, on both ends. */
export const silenceSecondsMax = 30;

/** By it the server's list of sessions tells one process's sessions from another's: a lost one of our own may be ended. */
const processName = randomBytes(3).toString('hex');

/** What is known of a connection beside its driver. */
export class Connection {
  /** Null before it is there. */
  socket: Socket | null = null;
  lost = false;
  readonly #waiting = new Set<(error: Error) => void>();

  /**
   * The answer, or a rejection once the connection is gone. A query that is given to postgres.js 3.4.9 between the socket's error and
   * its end is forgotten: whoever waits for an answer waits for this as well. Not by a race with one promise that lives as long as the
   * connection: it would keep every answer as long.
   */
  orGone<T>(answer: () => Promise<T>): Promise<T> {
    if (this.lost) return Promise.reject(goneError());
    return new Promise<T>((resolve, reject) => {
      this.#waiting.add(reject);
      answer()
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  lose(): void {
    this.lost = true;
    for (const reject of this.#waiting) reject(goneError());
    this.#waiting.clear();
  }

  /** For good: postgres.js 3.4.9 would connect again for a query that has no answer yet, and again, without a pause. */
  abandon(): void {
    this.lose();
    this.socket?.destroy();
  }
}

function goneError(): Error {
  return Object.assign(new Error('the connection was lost'), { code: closedCode });
}

export function openDriver(target: TargetUrl, purpose: string, connection: Connection): postgres.Sql {
  let isPrepared = false;
  return postgres({
    database: target.database,
    username: target.user,
    password: () => (isPrepared ? saslPrep(target.password) : target.password),
    // postgres.js needs the host for messages only: the socket below is connected already.
    host: target.host,
    port: target.port,
    // TLS is there already, where it is asked for.
    ssl: false,
    max: 1,
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: target.connectTimeoutSeconds,
    keep_alive: silenceSecondsMax,
    fetch_types: false,
    prepare: true,
    backoff: false,
    onnotice: () => undefined,
    onclose: () => connection.lose(),
    connection: { application_name: `nextcrm-migrate ${purpose} ${processName}` },
    socket: async () => {
      if (connection.lost) throw goneError();
      const { raw, socket } = await openSocket(target, (answer) => {
        isPrepared = answer.kind === 'login' && answer.prepared;
      });
      if (connection.lost) {
        raw.destroy();
        throw goneError();
      }
      raw.once('close', () => connection.lose());
      connection.socket = raw;
      return socket;
    },
  } as postgres.Options<Record<string, never>>);
}

/** A server that accepts the connection and then says nothing would be waited for without end. */
export async function limitedTo<T>(seconds: number, work: PromiseLike<T>, signal?: AbortSignal): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => limit.reject(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' })),
    seconds * 1000,
  );
  const abort = () => limit.reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, limit.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
