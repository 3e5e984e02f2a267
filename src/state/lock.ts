/** One run at a time: an advisory lock of the session that writes, which the server drops with the session. */
import { setTimeout as delay } from 'node:timers/promises';
import { exitCodes, Failure } from '../failure.ts';
import type { Session } from '../target/session.ts';

/** Fixed for all versions; the digits of 'nextcrm' on a telephone. */
const lockKey = 6398276;
const waitSecondsMax = 30;
const pollMs = 500;

/** Takes the lock, waiting visibly for up to 30 s for another run to end. */
export async function takeLock(session: Session, note: (line: string) => void, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + waitSecondsMax * 1000;
  let reported = false;
  while (!(await tryLock(session))) {
    if (Date.now() >= deadline) {
      throw new Failure({
        code: 'LOCKED',
        exit: exitCodes.locked,
        what: `Another migration, or another command of it, is running on ${session.description}.`,
        next: 'Wait until it finishes, or stop it, then start again. If none is running, the server closes the lost session within a minute.',
      });
    }
    if (!reported)
      note(`another migration holds the lock on ${session.description}: waiting up to ${waitSecondsMax} s for it to end`);
    reported = true;
    // With the reason of the signal, not with an error of the timer's own.
    await delay(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function tryLock(session: Session): Promise<boolean> {
  const [row] = await session.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lockKey]);
  if (row?.taken !== true) await session.query(endOwnLost, [lockKey]);
  return row?.taken === true;
}

/**
 * After a lost connection this process starts again, while its former session may live on at a server that has not noticed. Its
 * name holds what tells this process from all others. What it has in hand is committed or rolled back before the lock is free.
 */
const endOwnLost = `
  select pg_terminate_backend(a.pid) from pg_locks l join pg_stat_activity a using (pid)
  where l.locktype = 'advisory' and l.classid = 0 and l.objid = $1 and l.database = a.datid and a.datname = current_database()
    and a.application_name = current_setting('application_name') and a.pid <> pg_backend_pid()`;
