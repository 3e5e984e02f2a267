/**
 * Recognises a pooler that lends out its connections by the transaction, or by the statement (PgBouncer, `pool_mode`): neither the lock
 * nor the settings of a session would hold there.
 */
import type { TargetUrl } from '../config/target-url.ts';
import { exitCodes, Failure } from '../failure.ts';
import { Connection, limitedTo, openDriver } from './connection.ts';

export interface Answering {
  /** The process ID of PostgreSQL that the connection was given when it was opened: a pooler gives one of its own. */
  readonly announced: number;
  /** The process that answered. */
  readonly pid: number;
  /** Which one answers now? */
  readonly ask: () => Promise<number>;
}

/** A pool of several connections may give the same one a few times. */
const timesAsked = 3;

export const pidIn = ([row]: readonly Readonly<Record<string, unknown>>[]) => Number(row?.['pid']);

/** Who has a process of PostgreSQL to himself continues with it, and nobody else has it. */
export async function refuseTransactionPool(target: TargetUrl, { announced, pid, ask }: Answering): Promise<void> {
  if (pid === announced) return;
  const askAgain = async () => {
    for (let times = 0; times < timesAsked; times += 1) if ((await ask()) !== pid) throw pooled(target);
  };
  await askAgain();
  const wasSentAway = await besideTransaction(target, async (other) => {
    // Not asked again where there is but one connection: the answer would wait for the other's end.
    if (other === pid) throw pooled(target);
    await askAgain();
  });
  if (!wasSentAway) return;
  // Rejects where the server is gone altogether.
  await ask();
  throw pooled(target);
}

/**
 * While another connection is in the middle of a transaction; `work` gets the process that serves it. Nothing, where no other is to be
 * had. Resolves with whether the other was answered until it began its transaction, and then was closed: PgBouncer does that where it
 * lends out by the statement (its src/server.c, on a "ready" inside a transaction). Of the error that it sends, postgres.js tells nothing.
 */
async function besideTransaction(target: TargetUrl, work: (other: number) => Promise<void>): Promise<boolean> {
  const connection = new Connection();
  const sql = openDriver(target, 'pooler', connection);
  const processOf = async (asking: { unsafe: typeof sql.unsafe }) => pidIn(await asking.unsafe('select pg_backend_pid() as pid'));
  let isServed = false;
  const transaction = async () => {
    await processOf(sql);
    isServed = true;
    await sql.begin(async (other) => work(await processOf(other)));
  };
  try {
    await limitedTo(target.connectTimeoutSeconds / 2, transaction());
  } catch (error) {
    if (error instanceof Failure) throw error;
    return isServed && connection.lost;
  } finally {
    sql.end({ timeout: 0 }).catch(() => undefined);
    connection.socket?.destroy();
  }
  return false;
}

function pooled({ description }: TargetUrl): Failure {
  return new Failure({
    code: 'TARGET_POOLED',
    exit: exitCodes.target,
    what: `${description} is a connection pooler in transaction mode or statement mode (such as PgBouncer): session features, such as the lock against a second run, do not work there.`,
    next: 'For the migration, set DATABASE_URL to PostgreSQL itself, or to a port of the pooler in session mode. The app can use the pooler afterwards. Nothing was changed.',
  });
}
