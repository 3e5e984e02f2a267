/**
 * How a test file tells the runner what happened to each test: one JSON object a line, in a file that the runner names. And how the
 * runner tells a test file to skip them all.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { env } from 'node:process';

export interface TestOutcome {
  readonly suite: string;
  readonly test: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly detail: string;
  /** True for a test that causes a fault; once it has passed, the fault was survived. */
  readonly fault?: boolean;
}

/** A line that the run prints at its end: what the file as a whole has shown. */
interface Summary {
  readonly outcome: 'summary';
  readonly detail: string;
}

/** The environment variable that names the file. Unset when a test file is run by hand. */
export const outcomeFileVariable = 'TEST_OUTCOMES';

/** The environment variable with the reason why all tests of the file are skipped. Unset or empty: they are run. */
export const leftOutVariable = 'TEST_LEFT_OUT';

export function summary(detail: string): void {
  console.log(detail);
  tell({ outcome: 'summary', detail });
}

/** At once and in order: a process that dies afterwards has reported all the same. */
export function tell(outcome: TestOutcome | Summary): void {
  const file = env[outcomeFileVariable];
  if (file) appendFileSync(file, `${JSON.stringify(outcome)}\n`);
}

export function readOutcomes(file: string): readonly (TestOutcome | Summary)[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): TestOutcome | Summary => JSON.parse(line));
}
