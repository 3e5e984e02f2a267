/** `verify`: the proof again, at any time, read-only on both sides, with a report of its own. */
import { type Catalog, sourceNamesOf } from '../catalog/index.ts';
import type { SourceUrl } from '../config/source-url.ts';
import type { TargetUrl } from '../config/target-url.ts';
import { type ExitCode, exitCodes, Failure } from '../failure.ts';
import { checkSameData } from '../preconditions/identity.ts';
import { lookForTheRest } from '../preconditions/whole-source.ts';
import { ModelReader } from '../prisma/read-models-apart.ts';
import type { Step } from '../progress/progress.ts';
import { readReleaseState } from '../releases/state.ts';
import type { Reporter } from '../reporting/reporter.ts';
import { openSource } from '../source/open.ts';
import { type Run, readRun } from '../state/run.ts';
import { proveTarget } from '../steps/validate.ts';
import { openSession, type Session } from '../target/session.ts';
import { readVersions } from '../target/versions.ts';
import { proveUpgraded } from '../upgrade/prove.ts';

export interface VerifyJob {
  readonly catalog: Catalog;
  readonly target: TargetUrl;
  readonly source: SourceUrl;
  readonly reporter: Reporter;
  readonly runSteps: (steps: readonly Step[]) => Promise<void>;
  readonly signal: AbortSignal;
}

export async function verify({ catalog, target, source: sourceUrl, reporter, runSteps, signal }: VerifyJob): Promise<ExitCode> {
  await using session = await openSession(target, 'verify', signal);
  await session.script('set default_transaction_read_only = on');
  const run = await readRun(session);
  if (run === null || run.step !== 'finished') {
    throw new Failure({
      code: 'NOTHING_TO_VERIFY',
      exit: exitCodes.usage,
      what: `The database ${session.description} contains no finished migration.`,
      next: 'Complete the migration first; it validates everything itself.',
    });
  }
  const upgraded = await isUpgraded(session, catalog);
  await using source = await openSource(sourceUrl, { signal });
  // Every record is compared: where the server is gone by now, a dump of it proves as much.
  await checkSameData(session, run, source);
  const rest = await lookForTheRest(source, new Set(sourceNamesOf(catalog)));
  reporter.describe({
    run,
    source,
    target: session.description,
    checked: { versions: await readVersions(session, 'installed'), missingCollections: [], notCopied: [], rest },
  });
  await using models = new ModelReader();
  const step: Step = {
    name: 'validate',
    title: 'Validate every record',
    unit: 'documents',
    run: (progress) => proveTarget({ session, catalog, source, run, target, progress, signal, reporter, upgraded, models }),
  };
  const compare: Step = {
    name: 'compare',
    title: 'Validate the upgraded database',
    run: async () =>
      reporter.upgraded(await proveUpgraded({ session, catalog, run, signal }, { sealed: false, isCompared: true })),
  };
  try {
    await runSteps(
      [step, ...(upgraded ? [compare] : [])].map((one) => ({
        ...one,
        run: (progress) => reporter.during(session, one, progress),
      })),
    );
    return await reporter.finish(session, () => requireUnmoved(session, run));
  } catch (error) {
    // What looks like an error of its own may come of the rows that another run moves.
    const now = await readRun(session).catch(() => run);
    throw hasMoved(run, now) ? movedMeanwhile(session) : error;
  }
}

/** By Prisma's own record. */
async function isUpgraded(session: Session, { migrations }: Catalog): Promise<boolean> {
  const { state, unfinished } = await readReleaseState(session, migrations);
  if (state !== 'under way') return state === 'upgraded';
  throw new Failure({
    code: 'TARGET_UPGRADED',
    exit: exitCodes.target,
    what: `NextCRM's upgrade of the database ${session.description} has begun and is not finished: ${unfinished.join(', ')}.`,
    next: 'Let NextCRM finish it (start it once), then run verify again.',
  });
}

/** There is no lock, and what was read beside another run shows differences that are not there. */
async function requireUnmoved(session: Session, run: Run): Promise<void> {
  if (hasMoved(run, await readRun(session))) throw movedMeanwhile(session);
}

function hasMoved(run: Run, now: Run | null): boolean {
  return now?.step !== run.step || now.reportId !== run.reportId || now.finishedAt?.getTime() !== run.finishedAt?.getTime();
}

function movedMeanwhile({ description }: Session): Failure {
  return new Failure({
    code: 'LOCKED',
    exit: exitCodes.locked,
    what: `A migration was started on ${description} while this was validating: what was compared says nothing about its result.`,
    next: 'Wait until it finishes, then run verify again.',
  });
}
