/** The exit codes of the contract with the user. */
export const exitCodes = {
  success: 0,
  findings: 1,
  usage: 2,
  source: 3,
  target: 4,
  interrupted: 5,
  locked: 6,
  bug: 70,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface FailureDetails {
  /** Stable, documented under this heading in docs/errors.md. */
  readonly code: string;
  readonly exit: ExitCode;
  /** One clear sentence: what happened and where. Never a value of a document, never a secret. */
  readonly what: string;
  /** What the person does next. */
  readonly next: string;
  /** True when the same call may succeed by itself a little later (a lost connection, say). */
  readonly transient?: boolean;
  readonly cause?: unknown;
}

/** Something outside the program stops it. What a person can act on, in words; anything else that is thrown is a bug. */
export class Failure extends Error {
  readonly code: string;
  readonly exit: ExitCode;
  readonly next: string;
  readonly transient: boolean;

  constructor({ code, exit, what, next, transient = false, cause }: FailureDetails) {
    super(what, { cause });
    this.name = 'Failure';
    this.code = code;
    this.exit = exit;
    this.next = next;
    this.transient = transient;
  }
}

/** An invariant of the program broke: exit 70. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** Asserts an invariant at run time. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Bug(what);
}
