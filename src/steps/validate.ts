/** Step "validate": the independent proof, read-only on both sides. */
import type { Catalog } from '../catalog/index.ts';
import type { TargetUrl } from '../config/target-url.ts';
import type { ModelReader } from '../prisma/read-models-apart.ts';
import type { Progress } from '../progress/progress.ts';
import type { Reporter } from '../reporting/reporter.ts';
import { collectEarly } from '../source/garbage.ts';
import type { Source } from '../source/source.ts';
import type { Run } from '../state/run.ts';
import { completeStep } from '../state/transitions.ts';
import type { Session } from '../target/session.ts';
import { validate } from '../validate/validate.ts';
import type { EarlyComparison } from './early-comparison.ts';

export interface ValidateJob {
  readonly session: Session;
  readonly catalog: Catalog;
  readonly source: Source;
  readonly run: Run;
  readonly target: TargetUrl;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
  /** A later release of NextCRM has applied its migrations. */
  readonly upgraded?: boolean;
  /** What was compared before this step. */
  readonly comparison?: EarlyComparison;
  readonly models: ModelReader;
}

export async function validateTarget(job: ValidateJob): Promise<void> {
  await proveTarget(job);
  await completeStep(job.session, 'validate');
}

/** Without a trace in the target: what `verify` runs. */
export async function proveTarget({
  session,
  catalog,
  source,
  run,
  target,
  progress,
  signal,
  reporter,
  upgraded = false,
  comparison,
  models,
}: ValidateJob): Promise<void> {
  collectEarly();
  const job = { catalog, source, target: session, run, progress, signal, upgraded };
  // The client is that of the first release: a later one reads its tables by its own.
  if (upgraded) return reporter.validated(await validate({ ...job, readModels: async () => [] }));
  // Beside the comparison of the documents rather than after it.
  const reads = models.read(target.url, catalog, signal);
  reads.catch(() => undefined);
  const compared = (await comparison?.result(session, progress)) ?? null;
  reporter.validated(await validate({ ...job, readModels: () => reads }, compared));
}
