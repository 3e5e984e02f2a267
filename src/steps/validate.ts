/** Step "validate": the independent proof, read-only on both sides. */
import type { TargetUrl } from '../config/target-url.ts';
import { readModelsApart } from '../prisma/read-models-apart.ts';
import type { Progress } from '../progress/progress.ts';
import { collectEarly } from '../source/garbage.ts';
import type { Source } from '../source/source.ts';
import { enterStep, type Run } from '../state/run.ts';
import type { Session } from '../target/session.ts';
import { validate } from '../validate/validate.ts';
import type { Reporter } from './reporter.ts';

export interface ValidateJob {
  readonly session: Session;
  readonly source: Source;
  readonly run: Run;
  readonly target: TargetUrl;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
}

export async function validateTarget(job: ValidateJob): Promise<void> {
  await proveTarget(job);
  await enterStep(job.session, 'handover');
}

/** Without a trace in the target: what `verify` runs. */
export async function proveTarget({ session, source, run, target, progress, signal, reporter }: ValidateJob): Promise<void> {
  collectEarly();
  const result = await validate({
    source,
    target: session,
    run,
    progress,
    signal,
    readModels: () => readModelsApart(target.url, signal),
  });
  reporter.validated(result);
}
