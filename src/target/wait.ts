/** The first connection of a run: PostgreSQL may still be starting, in a container beside this one, for example. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TargetUrl } from '../config/target-url.ts';
import { Failure } from '../failure.ts';
import { openSession } from './session.ts';

/** A first start of PostgreSQL on a slow disk takes most of a minute. */
const secondsMax = 60;
const pauseMs = 1_000;

export interface WaitOptions {
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
  /** In seconds; for tests. */
  readonly limit?: number;
  /** In milliseconds; for tests. */
  readonly pause?: number;
}

/**
 * Returns once the server accepts a session. Throws the failure that says why it does not: at once, unless the server cannot be reached
 * or is starting; else when the time is over.
 */
export async function waitForServer(
  target: TargetUrl,
  { note, signal, limit = secondsMax, pause = pauseMs }: WaitOptions,
): Promise<void> {
  const began = performance.now();
  const secondsLeft = () => limit - (performance.now() - began) / 1000;
  for (let attempt = 1; ; attempt += 1) {
    const patience = Math.min(target.connectTimeoutSeconds, Math.max(1, secondsLeft()));
    try {
      await using _session = await openSession({ ...target, connectTimeoutSeconds: patience }, 'wait', signal);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!isAway(error) || secondsLeft() <= 0) throw error;
    }
    if (attempt === 1) note(`waiting for PostgreSQL (up to ${limit} s)`);
    await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function isAway(error: unknown): boolean {
  return error instanceof Failure && error.code === 'TARGET_UNREACHABLE' && error.transient;
}
