/** Runs the steps one after the other and shows a person where they are. */
import { beginPlainStep } from './plain.ts';
import type { Step } from './progress.ts';
import { runOnTerminal } from './terminal.ts';
import type { Clock } from './tracker.ts';

export interface StepsOptions {
  /** Draw on standard output (a terminal); else `write` gets plain lines. */
  readonly terminal: boolean;
  /** Takes one line, without its end. */
  readonly write: (line: string) => void;
  /** Told after each step that ended well, with its seconds. */
  readonly ended?: (step: Step, seconds: number) => void;
  /** For tests. */
  readonly clock?: Clock;
  readonly wallClock?: () => Date;
}

const tickMs = 1000;

/** What a step throws is thrown unchanged, and the steps after it do not begin. */
export async function runSteps(steps: readonly Step[], options: StepsOptions): Promise<void> {
  const clock = options.clock ?? (() => performance.now() / 1000);
  const reported = steps.map((step) => withEnd(step, clock, options.ended));
  if (options.terminal && hasSize(process.stdout)) return await runOnTerminal(reported, clock);
  const plain = { write: options.write, clock, wallClock: options.wallClock ?? (() => new Date()) };
  for (const [index, step] of reported.entries()) {
    const shown = beginPlainStep(step, `${index + 1}/${reported.length}`, plain);
    const timer = setInterval(() => shown.tick(), tickMs);
    try {
      await step.run(shown.tracker);
      shown.done();
    } catch (error) {
      shown.stopped();
      throw error;
    } finally {
      clearInterval(timer);
    }
  }
}

/** A terminal without a size (a container's, begun without one) gets nothing rendered by listr2. */
const hasSize = ({ rows, columns }: NodeJS.WriteStream) => rows > 0 && columns > 0;

function withEnd(step: Step, clock: Clock, ended: StepsOptions['ended']): Step {
  if (ended === undefined) return step;
  return {
    ...step,
    async run(progress) {
      const began = clock();
      await step.run(progress);
      ended(step, clock() - began);
    },
  };
}
