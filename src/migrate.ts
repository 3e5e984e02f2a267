/** A migration from its beginning to its verdict: eight steps, each begun where a former run left off. */
import type { Catalog } from './catalog/index.ts';
import type { SourceUrl } from './config/source-url.ts';
import type { TargetUrl } from './config/target-url.ts';
import { type ExitCode, exitCodes } from './failure.ts';
import { adviceFor } from './findings/advice.ts';
import { requireFreeSpace } from './preconditions/free-space.ts';
import { howToAccept } from './preconditions/not-upgraded.ts';
import { readWork, type Work } from './preconditions/work.ts';
import { ModelReader } from './prisma/read-models-apart.ts';
import { type Progress, type Step, stepNames } from './progress/progress.ts';
import { Waiting } from './progress/waiting.ts';
import { prepareForReleases } from './releases/prepare.ts';
import { markProved } from './releases/restore.ts';
import type { ReleaseState } from './releases/state.ts';
import type { Reporter } from './reporting/reporter.ts';
import { restoreFiles } from './reporting/restored-files.ts';
import type { Attempt } from './retry.ts';
import { withFormerNames } from './source/former-names.ts';
import { openSource } from './source/open.ts';
import { takeLock } from './state/lock.ts';
import type { CollectionProgress } from './state/progress-rows.ts';
import type { Run } from './state/run.ts';
import { beginRestore } from './state/transitions.ts';
import { begin } from './steps/begin.ts';
import { check } from './steps/check.ts';
import { EarlyComparison } from './steps/early-comparison.ts';
import { handOver } from './steps/hand-over.ts';
import { restoreKeysAndIndexes } from './steps/index.ts';
import { link } from './steps/link.ts';
import { load } from './steps/load/load.ts';
import { resolve } from './steps/resolve/resolve.ts';
import { retry } from './steps/retry.ts';
import { makeSchema } from './steps/schema.ts';
import { validateTarget } from './steps/validate.ts';
import { openSession, type Session } from './target/session.ts';
import type { AppFolder } from './upgrade/app-folder.ts';
import { enterUpgrade, requireFolder } from './upgrade/begin.ts';
import { laterSteps } from './upgrade/steps.ts';
import { prepareStopped, type Stopped } from './upgrade/stopped.ts';
import type { Volume } from './volume/volume.ts';

export interface MigrateJob {
  readonly catalog: Catalog;
  readonly target: TargetUrl;
  /** Asked for only when it is needed: a finished migration needs no source. */
  readonly source: () => SourceUrl;
  readonly appliance: string;
  /** What NEXTCRM_PRISMA names. */
  readonly appFolder: string | null;
  readonly volume: Volume;
  readonly reporter: Reporter;
  readonly runSteps: (steps: readonly Step[]) => Promise<void>;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

export type Outcome =
  | {
      readonly kind: 'already finished';
      readonly run: Run;
      readonly release: ReleaseState['state'];
      readonly stopped: Stopped | null;
    }
  | { readonly kind: 'to be accepted'; readonly run: Run; readonly next: string }
  | { readonly kind: 'cleaned up' }
  | { readonly kind: 'finished'; readonly exitCode: ExitCode };

export async function migrate(job: MigrateJob, attempt: Attempt): Promise<Outcome> {
  const { catalog, target, appliance, volume, reporter, signal } = job;
  using waiting = new Waiting(job.note);
  waiting.for('PostgreSQL');
  await using session = await openSession(target, 'migrate', signal);
  const asking = { catalog, volume, appFolder: job.appFolder, reportId: reporter.report.id };
  const early = await readWork(session, asking);
  const outcome = await withoutLock(job, session, early);
  if (outcome !== null) return outcome;

  if (early.kind === 'migrate') job.note('checking both servers');
  waiting.for(null);
  await takeLock(session, job.note, signal);
  using _lock = reporter.holdsLock();
  // Who held the lock has moved the run on, perhaps to its end.
  const work = await readWork(session, asking);
  const place: Place = { session, folder: work.folder, waiting, attempt };
  const done = (await withoutLock(job, session, work)) ?? (await withoutSource(job, place, work));
  if (done !== null) return done;
  waiting.for('MongoDB, or the disk with its dump');
  await using opened = await openSource(job.source(), { signal, note: job.note });
  const source = await withFormerNames(opened, catalog);
  waiting.for('both servers');
  if (work.run === null) await requireFreeSpace({ session, source, volume: volume.directory }, job.note);
  const checked = await check(session, source, catalog, appliance);
  reporter.describe({ run: checked.run, source, target: session.description, checked });
  attempt.reached();
  const { run, step: from } = await begin(session, catalog, checked.run);

  const committed = (row: CollectionProgress) => {
    attempt.moved();
    reporter.committed(row);
  };
  await using comparison = new EarlyComparison({ catalog, source: opened, target, run, signal });
  await using models = new ModelReader();
  const loading = { session, catalog, source, run, signal, committed };
  const steps: readonly Step[] = [
    { name: 'schema', title: 'Create schema', run: (progress) => makeSchema(session, catalog, target.url, progress, signal) },
    {
      name: 'load',
      title: 'Load documents',
      unit: 'documents',
      run: (progress) => load({ ...loading, progress }),
    },
    {
      name: 'retry',
      title: 'Retry rejected documents',
      unit: 'documents',
      run: (progress) => retry({ ...loading, progress }),
    },
    {
      name: 'resolve',
      title: 'Resolve references and unique values',
      run: (progress) => resolve({ session, catalog, source, run, progress, signal }),
    },
    { name: 'link', title: 'Build junction tables', run: () => link(session, catalog) },
    {
      name: 'index',
      title: 'Build keys and indexes',
      run: (progress) => {
        models.start();
        return restoreKeysAndIndexes(session, catalog, progress, signal, comparison);
      },
    },
    {
      name: 'validate',
      title: 'Validate every record',
      unit: 'documents',
      run: (progress) =>
        validateTarget({ session, catalog, source: opened, run, target, progress, signal, reporter, comparison, models }),
    },
    { name: 'handover', title: 'Hand over the Prisma migration history', run: () => handOver(session, catalog) },
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
  waiting.for('PostgreSQL (counting for the report)');
  if (place.folder !== null) {
    if ((await reporter.verdictSoFar(session)).exitCode === exitCodes.success)
      return await behindHandOver(job, place, await enterUpgrade(session, catalog, { ...run, step: 'handover' }));
    reporter.noted('upgrade', [{ code: 'NOT_UPGRADED', what: adviceFor('NOT_UPGRADED').what }]);
  }
  return { kind: 'finished', exitCode: await reporter.finish(session) };
}

interface Place {
  readonly session: Session;
  /** NextCRM's own migrations, where this run applies them. */
  readonly folder: AppFolder | null;
  readonly waiting: Waiting;
  readonly attempt: Attempt;
}

/** Where the target is not written to; else null. */
async function withoutLock(job: MigrateJob, session: Session, { kind, run }: Work): Promise<Outcome | null> {
  switch (kind) {
    case 'cleaned up':
      return { kind };
    case 'conclude':
      return { kind: 'finished', exitCode: await job.reporter.conclude() };
    case 'to be accepted':
      return { kind, run, next: await howToAccept(run.reportId, job.volume) };
    case 'nothing':
      return await alreadyFinished(session, run, job, { release: 'upgraded' });
    default:
      return null;
  }
}

/** What a run has to do that needs no source any more; null where it needs one. */
async function withoutSource(job: MigrateJob, place: Place, { kind, run }: Work): Promise<Outcome | null> {
  const { session, folder } = place;
  switch (kind) {
    case 'continue':
      requireFolder(session, run, folder);
      return await behindHandOver(job, place, run);
    case 'upgrade':
      return await behindHandOver(job, place, await enterUpgrade(session, job.catalog, run));
    case 'restore':
      return await behindHandOver(job, place, await beginRestore(session, run));
    case 'prepare':
      await prepareForReleases(session, job.catalog, 'later');
      return await alreadyFinished(session, run, job, { release: 'not upgraded' });
    case 'unblock':
      return await alreadyFinished(session, run, job, {
        release: 'under way',
        stopped: await prepareStopped(session, job.catalog),
      });
    default:
      return null;
  }
}

/** NextCRM's own migrations, and what belongs to them, from the step of the run on. */
async function behindHandOver(job: MigrateJob, { session, folder, waiting, attempt }: Place, run: Run): Promise<Outcome> {
  const { catalog, target, volume, reporter, signal } = job;
  await reporter.continued(run, session.description);
  attempt.reached();
  const steps = await laterSteps({
    catalog,
    session,
    target,
    directory: volume.directory,
    folder,
    run,
    signal,
    moved: () => attempt.moved(),
    backedUp: (notes) => reporter.noted('backup', notes),
    log: (event) => volume.log(event),
    compared: (judged) => reporter.upgraded(judged),
  });
  waiting.for(null);
  reporter.plan(steps);
  const during = async (step: Step, progress: Progress) => {
    await reporter.during(session, step, progress);
    attempt.moved();
  };
  await job.runSteps(steps.map((step) => ({ ...step, run: (progress) => during(step, progress) })));
  waiting.for('PostgreSQL (counting for the report)');
  const exitCode = await reporter.finish(session);
  await markProved(session);
  return { kind: 'finished', exitCode };
}

/** MongoDB is not needed any more. */
async function alreadyFinished(
  session: Session,
  run: Run,
  job: MigrateJob,
  { release, stopped = null }: { readonly release: ReleaseState['state']; readonly stopped?: Stopped | null },
): Promise<Outcome> {
  await restoreFiles(session, run, job.volume);
  return { kind: 'already finished', run, release, stopped };
}
