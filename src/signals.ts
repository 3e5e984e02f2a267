/** SIGTERM, SIGINT (Ctrl+C) and SIGHUP (the terminal is closed): the batch in flight ends, then the run stops; a second signal leaves at once. Both are safe. */
import { exitCodes, Failure } from './failure.ts';

/** Docker kills ten seconds after its SIGTERM; a step that cannot stop between two units of work is left before that. */
const graceMs = 8_000;

/** The signal's reason is the failure that ends the run. */
export function catchSignals(note: (line: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodes.interrupted);
      note(`${name}: stopping at the next safe point; a second signal stops at once`);
      controller.abort(interrupted(name));
      setTimeout(() => process.exit(exitCodes.interrupted), graceMs).unref();
    });
  }
  return controller.signal;
}

function interrupted(name: string): Failure {
  return new Failure({
    code: 'INTERRUPTED',
    exit: exitCodes.interrupted,
    what: `The run was stopped by ${name}. Everything up to the last checkpoint is safe.`,
    next: 'Start the same command again: it resumes where it stopped.',
  });
}
