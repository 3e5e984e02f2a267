/** What is wrong with one setting. All are collected and reported together, so that a person corrects them in one go. */
import { exitCodes, Failure } from '../failure.ts';

export interface Problem {
  /** What is wrong and where, as a sentence. Never a secret. */
  readonly what: string;
  /** What the person does next, as a sentence. */
  readonly next: string;
}

export type Parsed<T> = { readonly value: T } | { readonly problem: Problem };

export const refused = (what: string, next: string): { readonly problem: Problem } => ({ problem: { what, next } });

export function settingsFailure(problems: readonly [Problem, ...Problem[]]): Failure {
  const [first, ...others] = problems;
  const common = { code: 'SETTINGS_INVALID', exit: exitCodes.usage };
  if (others.length === 0) return new Failure({ ...common, what: first.what, next: first.next });
  const numbered = problems.map(({ what, next }, index) => `  ${index + 1}. ${what} ${next}`);
  return new Failure({
    ...common,
    what: [`${problems.length} settings are invalid:`, ...numbered].join('\n'),
    next: 'Correct all of them, then start again. Nothing was changed.',
  });
}
