/** For steps that a test runs without a person to show them to. */
import type { Progress } from '../../src/progress/progress.ts';

export const silent: Progress = {
  expect: () => undefined,
  begin: () => undefined,
  advance: () => undefined,
  end: () => undefined,
  note: () => undefined,
};
