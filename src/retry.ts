/** A lost connection: the whole story is told again, which goes on where the target says it stopped. */
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.ts';

/** Servers that restart are back within a minute, and answer a little later; after a longer outage the run ends, resumable. */
const patienceMs = 65_000;
const firstPauseMs = 500;
const pauseMsMax = 10_000;

export interface RetryOptions {
  /** How often both servers have been reached so far. Until then a wrong URL is told at once, and each time patience begins anew. */
  readonly timesReached: () => number;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

export async function withRetries<T>(work: () => Promise<T>, { timesReached, note, signal }: RetryOptions): Promise<T> {
  let deadlineMs = 0;
  let pauseMs = firstPauseMs;
  for (;;) {
    const reachedBefore = timesReached();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure) || !error.transient || timesReached() === 0) throw error;
      if (timesReached() > reachedBefore) {
        deadlineMs = performance.now() + patienceMs;
        pauseMs = firstPauseMs;
      }
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw error;
      // The last attempt comes at the very end of the patience.
      const waitMs = Math.min(pauseMs, leftMs);
      note(`${error.message} Trying again in ${Math.ceil(waitMs / 100) / 10} s.`);
      await pause(waitMs, signal);
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
