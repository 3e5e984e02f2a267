/** How the steps of a run tell a person where they are. Drawn by listr2 on a terminal, as plain timestamped lines elsewhere. */
export interface Progress {
  /** Work on `name` (a collection, say) begins; `total` and `done` count units of work (documents, bytes), null where unknown. */
  begin(name: string, total: number | null, done: number): void;
  /** `done` units of `name`, from its beginning. */
  advance(name: string, done: number): void;
  end(name: string): void;
  /** One line for the person: a retry, a wait, what is being done. */
  note(line: string): void;
}

export interface Step {
  readonly name: StepName;
  readonly title: string;
  run(progress: Progress): Promise<void>;
}

export const stepNames = ['check', 'schema', 'load', 'resolve', 'link', 'index', 'validate', 'handover', 'report'] as const;
export type StepName = (typeof stepNames)[number];
