/** Progress on a terminal, rendered by listr2: a line for each step, and under the running one where it is. */
import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import { duration } from '../report/format.ts';
import type { Step } from './progress.ts';
import { type Clock, Tracker } from './tracker.ts';

/** As fast as an eye follows. */
const redrawMs = 200;
/** The latest notes stay in sight under the step. */
const notesMax = 3;

export async function runOnTerminal(steps: readonly Step[], clock: Clock): Promise<void> {
  const output = new ProcessOutput();
  let drawing = true;
  // listr2 holds back what others write while it draws: a process that ends in the middle would swallow its last
  // words and leave the cursor hidden.
  const giveBack = () => {
    if (drawing) output.release();
  };
  process.once('exit', giveBack);
  try {
    await listrOf(steps, clock, output).run();
  } finally {
    drawing = false;
    process.off('exit', giveBack);
  }
}

function listrOf(steps: readonly Step[], clock: Clock, output: ProcessOutput): Listr {
  return new Listr(
    steps.map((step) => ({
      title: step.title,
      task: async (_context: unknown, task: Drawn) => runStep(step, clock, task),
    })),
    {
      // The program stops between batches by itself; listr2 would end the process.
      registerSignalListeners: false,
      rendererOptions: {
        logger: new ListrLogger({ processOutput: output, useIcons: true, toStderr: [] }),
        formatOutput: 'truncate',
        // The error is reported once, at the end, with what to do next.
        showErrorMessage: false,
      },
    },
  );
}

interface Drawn {
  title: string;
  output: string;
}

async function runStep(step: Step, clock: Clock, task: Drawn): Promise<void> {
  const notes: string[] = [];
  let waiting: string | null = null;
  const note = (line: string) => {
    notes.push(line);
    if (notes.length > notesMax) notes.shift();
  };
  const tracker = new Tracker(step.unit, clock, {
    ended: () => undefined,
    noted: note,
    moved: () => {
      waiting = null;
    },
  });
  const draw = () => {
    waiting = tracker.waiting() ?? waiting;
    const lines = [...tracker.lines(), ...notes, ...(waiting === null ? [] : [waiting])];
    if (lines.length > 0) task.output = lines.join('\n');
  };
  const timer = setInterval(draw, redrawMs);
  try {
    await step.run(tracker);
    task.title = `${step.title} (${duration(tracker.seconds)})`;
  } catch (error) {
    task.title = `${step.title} (stopped after ${duration(tracker.seconds)})`;
    throw error;
  } finally {
    clearInterval(timer);
  }
}
