/** The story of a migration: eight steps, each begun where a former run left off. */
import type { SourceUrl } from './config/source-url.ts';
import type { TargetUrl } from './config/target-url.ts';
import type { ExitCode } from './failure.ts';
import { type Progress, type Step, type StepName, stepNames } from './progress/progress.ts';
import { openSource } from './source/open.ts';
import { takeLock } from './state/lock.ts';
import { readRun, type Run } from './state/run.ts';
import { check } from './steps/check.ts';
import { handOver } from './steps/hand-over.ts';
import { checkSameTarget } from './steps/identity.ts';
import { link } from './steps/link.ts';
import { load } from './steps/load/load.ts';
import type { Reporter } from './steps/reporter.ts';
import { resolve } from './steps/resolve/resolve.ts';
import { restoreKeysAndIndexes } from './steps/restore.ts';
import { makeSchema } from './steps/schema.ts';
import { validateTarget } from './steps/validate.ts';
import { openSession } from './target/session.ts';
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

export type Outcome = { readonly kind: 'done before'; readonly run: Run } | { readonly kind: 'finished'; readonly exitCode: ExitCode };

export async function migrate(job: MigrateJob): Promise<Outcome> {
  const { target, appliance, volume, reporter, signal } = job;
  await using session = await openSession(target, 'migrate');
  const checkpoint = await volume.readCheckpoint();
  const found = await readRun(session);
  checkSameTarget(found, checkpoint, session.description);
  if (found !== null && isDone(found)) return { kind: 'done before', run: found };

  await takeLock(session, job.note, signal);
  const source = await openSource(job.source(), { signal });
  await using _closing = { [Symbol.asyncDispose]: () => source.close() };
  const checked = await check(session, source, appliance);
  const { run } = checked;
  reporter.describe({ run, source, target: session.description, checked });

  const from = run.step === 'finished' ? 'validate' : run.step;
  const steps: readonly (readonly [StepName, string, (progress: Progress) => Promise<unknown>])[] = [
    ['schema', 'Make the tables', (progress) => makeSchema(session, target.url, progress, signal)],
    ['load', 'Load the documents', (progress) => load({ session, source, run, progress, signal, committed: (row) => reporter.committed(row) })],
    ['resolve', 'Resolve references and unique values', (progress) => resolve({ session, source, progress, signal })],
    ['link', 'Link both sides of the many-to-many relations', () => link(session)],
    ['index', 'Build keys and indexes', (progress) => restoreKeysAndIndexes(session, progress, signal)],
    ['validate', 'Validate every record', (progress) => validateTarget({ session, source, run, target, progress, signal, reporter })],
    ['handover', "Hand over to NextCRM's own migrations", () => handOver(session)],
  ];
  await job.runSteps(
    steps
      .filter(([name]) => stepNames.indexOf(name) >= stepNames.indexOf(from))
      .map(([name, title, work]) => ({
        name,
        title,
        run: async (progress) => {
          signal.throwIfAborted();
          const began = performance.now();
          await reporter.enter(session, name);
          await work(progress);
          reporter.left(name, title, (performance.now() - began) / 1000);
        },
      })),
  );
  return { kind: 'finished', exitCode: await reporter.finish(session) };
}

/** Finished without a finding, or accepted: from then on the state in the target is all that is looked at. */
function isDone(run: Run): boolean {
  return run.step === 'finished' && (run.exitCode === 0 || run.acceptedAt !== null);
}
