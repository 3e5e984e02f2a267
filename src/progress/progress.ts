/** How the steps of a run tell a person where they are. Drawn by listr2 on a terminal, as plain timestamped lines elsewhere. */
export interface Progress {
  /**
   * What the whole step will work on, for the progress "total": how much each name is, in one unit that is known for
   * all of them (bytes, or documents). Once, before the first `begin`; what is not named here does not count in the total.
   */
  expect(weights: { readonly [name: string]: number }): void;
  /** Work on `name` (a collection, say) begins; `total` and `done` count units of work (the step's `unit`), null where unknown. */
  begin(name: string, total: number | null, done: number): void;
  /** `done` units of `name`, from its beginning. `fraction`, 0 to 1, where it is known otherwise than by the total (the bytes of a dump). */
  advance(name: string, done: number, fraction?: number | undefined): void;
  end(name: string): void;
  /** One line for the person: a retry, a wait, what is being done. */
  note(line: string): void;
}

export interface Step {
  readonly name: StepName;
  readonly title: string;
  /** What the numbers of `begin` and `advance` count, in the plural. */
  readonly unit?: string;
  run(progress: Progress): Promise<void>;
}

export const stepNames = [
  'check',
  'schema',
  'load',
  'retry',
  'resolve',
  'link',
  'index',
  'validate',
  'handover',
  'backup',
  'upgrade',
  'restore',
  'compare',
  'report',
] as const;
export type StepName = (typeof stepNames)[number];
