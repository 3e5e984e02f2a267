/** `verify`: the proof again, at any time, read-only on both sides, with a report of its own. */
import type { SourceUrl } from '../config/source-url.ts';
import type { TargetUrl } from '../config/target-url.ts';
import { type ExitCode, exitCodes, Failure } from '../failure.ts';
import type { Step } from '../progress/progress.ts';
import { openSource } from '../source/open.ts';
import { readRun } from '../state/run.ts';
import { checkSameData } from '../steps/identity.ts';
import type { Reporter } from '../steps/reporter.ts';
import { proveTarget } from '../steps/validate.ts';
import { readVersions } from '../target/check.ts';
import { openSession } from '../target/session.ts';

export interface VerifyJob {
  readonly target: TargetUrl;
  readonly source: SourceUrl;
  readonly reporter: Reporter;
  readonly runSteps: (steps: readonly Step[]) => Promise<void>;
  readonly signal: AbortSignal;
}

export async function verify({ target, source: sourceUrl, reporter, runSteps, signal }: VerifyJob): Promise<ExitCode> {
  await using session = await openSession(target, 'verify', signal);
  await session.script('set default_transaction_read_only = on');
  const run = await readRun(session);
  if (run === null || run.step !== 'finished') {
    throw new Failure({
      code: 'NOTHING_TO_VERIFY',
      exit: exitCodes.usage,
      what: `The database ${session.description} holds no finished migration.`,
      next: 'Run the migration to its end first; it validates everything itself.',
    });
  }
  await using source = await openSource(sourceUrl, { signal });
  // Every record is compared: where the server is gone by now, a dump of it proves as much.
  await checkSameData(session, run, source);
  reporter.describe({
    run,
    source,
    target: session.description,
    checked: { versions: await readVersions(session), missingCollections: [], notCopied: [] },
  });
  const step: Step = {
    name: 'validate',
    title: 'Validate every record',
    unit: 'documents',
    run: (progress) => proveTarget({ session, source, run, target, progress, signal, reporter }),
  };
  await runSteps([{ ...step, run: (progress) => reporter.during(session, step, progress) }]);
  return await reporter.finish(session);
}
