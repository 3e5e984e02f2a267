/** Where a start goes on with a run that is there. */
import type { Catalog } from '../catalog/index.ts';
import { invariant } from '../failure.ts';
import type { StepName } from '../progress/progress.ts';
import type { Run } from '../state/run.ts';
import { validateAgain } from '../state/transitions.ts';
import type { Session } from '../target/session.ts';
import { beginRetry } from './retry.ts';

/**
 * The run that continues, and the step to begin with. A finished run that is started again has findings: its rejected documents are
 * retried, and without any what is there is proved again. Nor is there a verdict without the proof, which a run that was killed behind
 * it took with it.
 */
export async function begin(
  session: Session,
  catalog: Catalog,
  run: Run,
): Promise<{ readonly run: Run; readonly step: StepName }> {
  const going = await goingOn(session, catalog, run);
  invariant(going.step !== 'finished', 'a run that continues is finished');
  return { run: going, step: going.step };
}

async function goingOn(session: Session, catalog: Catalog, run: Run): Promise<Run> {
  if (run.step === 'finished') return (await beginRetry(session, catalog, run)) ?? (await validateAgain(session, run));
  return run.step === 'handover' ? await validateAgain(session, run) : run;
}
