/** One connection of postgres.js to the target, over a socket that we see. */
import { randomBytes } from 'node:crypto';
import { connect as connectSocket, type Socket } from 'node:net';
import postgres from 'postgres';
import type { TargetUrl } from '../config/target-url.ts';

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
}

function goneError(): Error {
  return Object.assign(new Error('the connection is gone'), { code: closedCode });
}

export function openDriver(target: TargetUrl, purpose: string, connection: Connection): postgres.Sql {
  return postgres({
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
    onclose: () => connection.lose(),
    connection: { application_name: `nextcrm-migrate ${purpose} ${processName}` },
    socket: async () => {
      const socket = await connectWithoutDelay(target);
      socket.once('close', () => connection.lose());
      connection.socket = socket;
      return socket;
    },
  } as postgres.Options<Record<string, never>>);
}

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
