/** A lost connection: the whole run is started again, and resumes where the target says that it stopped. */
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.ts';

/** Servers that restart are back within a minute, and answer a little later; after a longer outage the run ends, resumable. */
const retryLimitMs = 65_000;
const firstPauseMs = 500;
const pauseMsMax = 10_000;

export interface Attempt {
  /** Both servers answered: until an attempt has come so far, a wrong URL or password is reported at once. */
  reached(): void;
  /** Something was written that no later attempt does again: what happens from now on is another outage. */
  moved(): void;
}

export interface RetryOptions {
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * What counts against the limit is waiting, and attempts that reached no server; not the time in which the work continued. So a failure that
 * comes back at the same place ends the run, and one an hour later has the whole limit again.
 */
export async function withRetries<T>(work: (attempt: Attempt) => Promise<T>, { note, signal }: RetryOptions): Promise<T> {
  let everReached = false;
  let spentMs = 0;
  let pauseMs = firstPauseMs;
  for (;;) {
    const beganMs = performance.now();
    let reached = false;
    const attempt: Attempt = {
      reached() {
        reached = true;
        everReached = true;
      },
      moved() {
        spentMs = 0;
        pauseMs = firstPauseMs;
      },
    };
    try {
      return await work(attempt);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure) || !error.transient || !everReached) throw error;
      if (!reached) spentMs += performance.now() - beganMs;
      const leftMs = retryLimitMs - spentMs;
      if (leftMs <= 0) throw error;
      // The last attempt comes at the very end of the limit.
      const waitMs = Math.min(pauseMs, leftMs);
      note(`${error.message} Retrying in ${Math.ceil(waitMs / 100) / 10} s.`);
      await pause(waitMs, signal);
      spentMs += waitMs;
      pauseMs = Math.min(pauseMs * 2, pauseMsMax);
    }
  }
}

/** Ends early with the signal's reason. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}
