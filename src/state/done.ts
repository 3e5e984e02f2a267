/** What the run row, checkpoint.json and the report at the top of the volume say alike of where a run stands. */
import type { Report } from '../report/model.ts';

export interface Standing {
  /** The step under way or the next one; 'finished' at the end. */
  readonly step: string | null;
  /** Null while the run continues. */
  readonly exitCode: number | null;
}

/** Finished without a finding, or accepted: from then on the state in the target is all that is looked at. */
export function isDone({ step, exitCode }: Standing): boolean {
  return step === 'finished' && exitCode === 0;
}

export function standingOf({ state, step, exitCode }: Pick<Report, 'state' | 'step' | 'exitCode'>): Standing {
  return { step: state === 'finished' ? 'finished' : step, exitCode };
}
