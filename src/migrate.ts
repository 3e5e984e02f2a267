/** The story of a migration: eight steps, each begun where a former run left off. */
import type { SourceUrl } from './config/source-url.ts';
import type { TargetUrl } from './config/target-url.ts';
import type { ExitCode } from './failure.ts';
import { type Progress, type Step, type StepName, stepNames } from './progress/progress.ts';
import { Waiting } from './progress/waiting.ts';
import type { Attempt } from './retry.ts';
import { openSource } from './source/open.ts';
import { takeLock } from './state/lock.ts';
import type { CollectionProgress } from './state/progress-rows.ts';
import { type Run, readRun } from './state/run.ts';
import { check } from './steps/check.ts';
import { isCleanedUp } from './steps/cleaned-up.ts';
import { handOver } from './steps/hand-over.ts';
import { checkSameTarget } from './steps/identity.ts';
import { link } from './steps/link.ts';
import { load } from './steps/load/load.ts';
import { checkNotUpgraded } from './steps/not-upgraded.ts';
import type { Reporter } from './steps/reporter.ts';
import { resolve } from './steps/resolve/resolve.ts';
import { restoreKeysAndIndexes } from './steps/restore.ts';
import { beginRetry, retry } from './steps/retry.ts';
import { makeSchema } from './steps/schema.ts';
import { restoreFiles } from './steps/settled.ts';
import { validateTarget } from './steps/validate.ts';
import { openSession, type Session } from './target/session.ts';
import type { Volume } from './volume/volume.ts';

export interface MigrateJob {
  readonly target: TargetUrl;
  /** Asked for only when it is needed: a finished migration needs no source. */
  readonly source: () => SourceUrl;
  readonly appliance: string;
  readonly volume: Volume;
  readonly reporter: Reporter;
  readonly runSteps: (steps: readonly Step[]) => Promise<void>;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

export type Outcome =
  | { readonly kind: 'done before'; readonly run: Run }
  | { readonly kind: 'cleaned up' }
  | { readonly kind: 'finished'; readonly exitCode: ExitCode };

export async function migrate(job: MigrateJob, attempt: Attempt): Promise<Outcome> {
  const { target, appliance, volume, reporter, signal } = job;
  using waiting = new Waiting(job.note);
  waiting.for('PostgreSQL');
  await using session = await openSession(target, 'migrate', signal);
  const checkpoint = await volume.readCheckpoint();
  const found = await readRun(session);
  if (found === null && (await isCleanedUp(session, checkpoint))) return { kind: 'cleaned up' };
  checkSameTarget(found, checkpoint, session.description);
  // The connection was lost with the answer to the verdict, which the target has recorded all the same.
  if (found?.reportId === reporter.report.id) return { kind: 'finished', exitCode: await reporter.conclude() };
  if (found !== null && isDone(found)) {
    await restoreFiles(session, found, volume);
    return { kind: 'done before', run: found };
  }
  if (found !== null) await checkNotUpgraded(session, found);

  job.note('checking both servers');
  waiting.for(null);
  await takeLock(session, job.note, signal);
  using _lock = reporter.holdsLock();
  waiting.for('MongoDB, or the disk with its dump');
  await using source = await openSource(job.source(), { signal });
  waiting.for('both servers, which are asked what they hold');
  const checked = await check(session, source, appliance);
  reporter.describe({ run: checked.run, source, target: session.description, checked });
  attempt.reached();
  const { run, step: from } = await begin(session, checked.run);

  const committed = (row: CollectionProgress) => {
    attempt.moved();
    reporter.committed(row);
  };
  const loading = { session, source, run, signal, committed };
  const steps: readonly Step[] = [
    { name: 'schema', title: 'Make the tables', run: (progress) => makeSchema(session, target.url, progress, signal) },
    {
      name: 'load',
      title: 'Load the documents',
      unit: 'documents',
      run: (progress) => load({ ...loading, progress }),
    },
    {
      name: 'retry',
      title: 'Take up rejected documents again',
      unit: 'documents',
      run: (progress) => retry({ ...loading, progress }),
    },
    {
      name: 'resolve',
      title: 'Resolve references and unique values',
      run: (progress) => resolve({ session, source, progress, signal }),
    },
    { name: 'link', title: 'Link both sides of the many-to-many relations', run: () => link(session) },
    { name: 'index', title: 'Build keys and indexes', run: (progress) => restoreKeysAndIndexes(session, progress, signal) },
    {
      name: 'validate',
      title: 'Validate every record',
      unit: 'documents',
      run: (progress) => validateTarget({ session, source, run, target, progress, signal, reporter }),
    },
    { name: 'handover', title: "Hand over to NextCRM's own migrations", run: () => handOver(session, volume) },
  ];
  const remaining = steps.filter(
    ({ name }) => stepNames.indexOf(name) >= stepNames.indexOf(from) && (name !== 'retry' || name === from),
  );
  waiting.for(null);
  reporter.plan(remaining);
  const during = async (step: Step, progress: Progress) => {
    await reporter.during(session, step, progress);
    // The steps from the validation on are done again by every attempt.
    if (stepNames.indexOf(step.name) < stepNames.indexOf('validate')) attempt.moved();
  };
  await job.runSteps(remaining.map((step) => ({ ...step, run: (progress) => during(step, progress) })));
  waiting.for('PostgreSQL, which counts for the report');
  return { kind: 'finished', exitCode: await reporter.finish(session) };
}

/**
 * The run as it goes on, and the step to begin with. A finished run that is started again has findings: its rejected documents are taken up again, and without
 * any what is there is proved anew. Nor is there a verdict without the proof, which a run that was killed behind it took with it.
 */
async function begin(session: Session, run: Run): Promise<{ readonly run: Run; readonly step: StepName }> {
  const { step } = run;
  if (step !== 'finished') return { run, step: stepNames.indexOf(step) > stepNames.indexOf('validate') ? 'validate' : step };
  if ((await beginRetry(session, run)) === 0) return { run, step: 'validate' };
  return { run: { ...run, finishedAt: null }, step: 'retry' };
}

/** Finished without a finding, or accepted: from then on the state in the target is all that is looked at. */
function isDone(run: Run): boolean {
  return run.step === 'finished' && (run.exitCode === 0 || run.acceptedAt !== null);
}
