/**
 * Recognises a pooler that lends out its connections by the transaction (PgBouncer, `pool_mode = transaction`): neither the lock nor the
 * settings of a session would hold there.
 */
import type { TargetUrl } from '../config/target-url.ts';
import { exitCodes, Failure } from '../failure.ts';
import { Connection, limitedTo, openDriver } from './connection.ts';

export interface Answering {
  /** PostgreSQL's process as the connection was told when it was made: a pooler tells one of its own making. */
  readonly announced: number;
  /** The process that answered. */
  readonly pid: number;
  /** Which one answers now? */
  readonly ask: () => Promise<number>;
}

/** A pool of several connections may give the same one a few times. */
const timesAsked = 3;

export const pidIn = ([row]: readonly Readonly<Record<string, unknown>>[]) => Number(row?.['pid']);

/** Who has a process of PostgreSQL to himself goes on with it, and nobody else has it. */
export async function refuseTransactionPool(target: TargetUrl, { announced, pid, ask }: Answering): Promise<void> {
  if (pid === announced) return;
  const askAgain = async () => {
    for (let times = 0; times < timesAsked; times += 1) if ((await ask()) !== pid) throw pooled(target);
  };
  await askAgain();
  await besideTransaction(target, async (other) => {
    // Not asked again where there is but one connection: the answer would wait for the other's end.
    if (other === pid) throw pooled(target);
    await askAgain();
  });
}

/** While another connection is in the middle of a transaction; `work` gets the process that serves it. Nothing, where no other is to be had. */
async function besideTransaction(target: TargetUrl, work: (other: number) => Promise<void>): Promise<void> {
  const connection = new Connection();
  const sql = openDriver(target, 'pooler', connection);
  try {
    await limitedTo(
      target.connectTimeoutSeconds / 2,
      sql.begin(async (other) => work(pidIn(await other.unsafe('select pg_backend_pid() as pid')))),
    );
  } catch (error) {
    if (error instanceof Failure) throw error;
  } finally {
    sql.end({ timeout: 0 }).catch(() => undefined);
    connection.socket?.destroy();
  }
}

function pooled({ description }: TargetUrl): Failure {
  return new Failure({
    code: 'TARGET_POOLED',
    exit: exitCodes.target,
    what: `Between here and PostgreSQL stands a pooler in transaction mode (PgBouncer, or one like it), at ${description}: what belongs to a session, as the lock against a second run, does not hold there.`,
    next: 'Set DATABASE_URL to PostgreSQL itself for the migration, or to a port of the pooler in session mode. The app may use the pooler afterwards. Nothing was changed.',
  });
}
