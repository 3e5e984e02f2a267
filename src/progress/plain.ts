/** Progress without a terminal (`docker logs`): one timestamped line for each thing worth knowing. */
import { duration } from '../report/format.ts';
import type { Step } from './progress.ts';
import { type Clock, Tracker } from './tracker.ts';

/** Often enough to see it move, seldom enough to read the log afterwards. */
const linesApartSeconds = 5;

export interface PlainOptions {
  readonly write: (line: string) => void;
  readonly clock: Clock;
  readonly wallClock: () => Date;
}

export interface PlainStep {
  readonly tracker: Tracker;
  /** Writes what is due; to be called about every second. */
  tick(): void;
  done(): void;
  stopped(): void;
}

export function beginPlainStep(step: Step, position: string, { write, clock, wallClock }: PlainOptions): PlainStep {
  const say = (line: string) => write(`${wallClock().toISOString().slice(0, 19)}Z [${position}] ${line}`);
  let saidAt = clock();
  let moved = false;
  const tracker = new Tracker(step.unit, clock, {
    ended: say,
    noted: say,
    moved: () => {
      moved = true;
    },
  });
  say(step.title);
  return {
    tracker,
    tick() {
      const waiting = tracker.waiting();
      if (waiting !== null) say(waiting);
      if (!moved || clock() - saidAt < linesApartSeconds) return;
      moved = false;
      saidAt = clock();
      const lines = tracker.lines();
      if (lines.length > 0) say(lines.join(' | '));
    },
    done: () => say(`${step.title}: done in ${duration(tracker.seconds)}`),
    stopped: () => say(`${step.title}: stopped after ${duration(tracker.seconds)}`),
  };
}
