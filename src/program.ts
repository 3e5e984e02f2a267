/** The command line: one command, one exit code, and at the end a text that a person can act on. */
import './config/foreign-variables.ts';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextcrm } from './catalog/nextcrm.ts';
import { accept } from './commands/accept.ts';
import { status } from './commands/status.ts';
import { verify } from './commands/verify.ts';
import { type Command, parseCommand, usage } from './config/command.ts';
import { bundledDatabase, environmentSettings } from './config/settings.ts';
import { type ExitCode, exitCodes, Failure } from './failure.ts';
import { type MigrateJob, migrate, type Outcome } from './migrate.ts';
import { exitWhenPrinted, surviveOutput } from './output.ts';
import { root } from './program-files.ts';
import type { Step } from './progress/progress.ts';
import { runSteps } from './progress/steps.ts';
import { finalTable } from './report/final-table.ts';
import { newReportId } from './report/report-id.ts';
import { asSeenNow } from './report/seen-now.ts';
import { reportText } from './report/text.ts';
import { Reporter } from './reporting/reporter.ts';
import { withRetries } from './retry.ts';
import { stateSchema } from './schema-name.ts';
import { catchSignals } from './signals.ts';
import { isRaised, raisedFailure, ServerRefusal } from './target/errors.ts';
import { waitForServer } from './target/wait.ts';
import type { Stopped } from './upgrade/stopped.ts';
import { readReport } from './volume/saved-report.ts';
import { openVolume, type Volume } from './volume/volume.ts';

const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: { prisma: string };
};

const say = (text: string) => process.stdout.write(`${text}\n`);
const note = (line: string) => say(`${new Date().toISOString()} ${line}`);

async function run(command: Command, signal: AbortSignal): Promise<ExitCode> {
  switch (command.name) {
    case 'help':
      say(usage);
      return exitCodes.success;
    case 'version':
      say(version);
      return exitCodes.success;
    case 'status': {
      // Without opening the volume: it may be mounted read-only, and a look must leave no trace.
      const { directory } = environmentSettings({ source: false, target: false });
      return await status({ directory, readReport: () => readReport(directory) }, say);
    }
    case 'accept': {
      const { target, directory } = environmentSettings({ source: false, target: true });
      await using volume = await openVolume(directory);
      return await accept({ migrations: nextcrm.migrations, target, volume, reportId: command.reportId, say, note, signal });
    }
    case 'verify': {
      const { source, target, directory } = environmentSettings({ source: true, target: true });
      return await reported('verify', directory, signal, async (reporter) => {
        await waitForServer(target, { note, signal });
        return await verify({ catalog: nextcrm, source, target, reporter, runSteps: shownSteps, signal });
      });
    }
    case 'migrate': {
      const { target, directory, appFolder } = environmentSettings({ source: 'later', target: true });
      const source = () => environmentSettings({ source: true, target: true }).source;
      return await reported('migrate', directory, signal, async (reporter, volume) => {
        await waitForServer(target, { note, signal });
        const job: MigrateJob = {
          catalog: nextcrm,
          target,
          source,
          appliance: version,
          appFolder,
          volume,
          reporter,
          runSteps: shownSteps,
          note,
          signal,
        };
        return sayOutcome(await withRetries((attempt) => migrate(job, attempt), { note, signal }), directory);
      });
    }
  }
}

const shownSteps = (steps: readonly Step[]) => runSteps(steps, { terminal: process.stdout.isTTY, write: say });

/** Opens the volume and keeps a report of `work` on it, whatever happens to it. */
async function reported(
  command: 'migrate' | 'verify',
  directory: string,
  signal: AbortSignal,
  work: (reporter: Reporter, volume: Volume) => Promise<ExitCode>,
): Promise<ExitCode> {
  const volume = await openVolume(directory);
  const last = await volume.readReport();
  if (last !== null && last.state === 'running' && asSeenNow(last, Date.now()).state === 'interrupted') {
    note(`the last run was interrupted in step "${last.step}": resuming from there`);
  }
  const versions = { 'nextcrm-migrate': version, Prisma: dependencies.prisma };
  const reporter = new Reporter({ id: newReportId(new Date()), command, volume, catalog: nextcrm, versions });
  try {
    using _fresh = reporter.keepFresh();
    const exitCode = await work(reporter, volume);
    if (reporter.report.state === 'finished') say(`\n${finalTable(reporter.report)}\n\n${reportText(reporter.report)}`);
    return exitCode;
  } catch (error) {
    // What breaks off because of a signal tells of the signal.
    const failure = asFailure(signal.aborted ? signal.reason : error);
    volume.log({ event: 'failure', code: failure.code, what: failure.message, stack: stackOf(error) });
    await reporter.stopped(failure);
    throw failure;
  } finally {
    await volume[Symbol.asyncDispose]();
  }
}

/** A plain `up` continues showing the database when the migration has left. */
function sayHowToLeave(): void {
  if (!bundledDatabase()) return;
  say(
    `
If this terminal stays attached to the bundled PostgreSQL: press Ctrl+C, its data stays in its volume. To run it in the background:
docker compose -f docker-compose.migrate.yml up -d postgres`,
  );
}

function sayOutcome(outcome: Outcome, directory: string): ExitCode {
  if (outcome.kind === 'finished') return outcome.exitCode;
  if (outcome.kind === 'cleaned up') {
    say(`This database was migrated, and the schema ${stateSchema} has been dropped since. There is nothing to do.`);
    return exitCodes.success;
  }
  if (outcome.kind === 'to be accepted') {
    say(`The upgraded database has findings, which can only be accepted. ${outcome.next}. The reports are in ${directory}.`);
    return exitCodes.findings;
  }
  const { run, release, stopped } = outcome;
  const { finishedAt, verdict, acceptedAt, reportId } = run;
  const when = finishedAt?.toISOString() ?? 'an unknown time';
  say(
    verdict !== 'accepted' || acceptedAt === null
      ? `This database was migrated and validated at ${when}. There is nothing to do.`
      : `This database was migrated at ${when}; its findings were accepted at ${acceptedAt.toISOString()}. There is nothing to do.`,
  );
  if (release === 'not upgraded')
    say(
      'Next: start NextCRM once, then run this again, before anybody signs in: it restores what the upgrade of NextCRM takes away.',
    );
  if (stopped !== null) sayStopped(stopped);
  say(`The report is ${reportId ?? ''} in ${directory}. To validate everything again, run: verify.`);
  return exitCodes.success;
}

/** The exit code is 0 all the same: NextCRM, which has to continue, starts only then. */
function sayStopped({ rolledBack, begun }: Stopped): void {
  for (const name of rolledBack)
    say(
      `NextCRM's migration ${name} had failed. The values that it needs are prepared, and it is marked as rolled back.\nNext: start NextCRM again, which applies it; then run this again, before anybody signs in.`,
    );
  for (const name of begun)
    say(
      `An upgrade of NextCRM has begun and is not finished: ${name}.\nNext: when NextCRM has started, run this again. If NextCRM does not start and names this migration (P3009), run in its checkout, with the same DATABASE_URL: npx prisma migrate resolve --rolled-back ${name}`,
    );
}

/** What is no `Failure` is a bug of this program. */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ServerRefusal && isRaised(error.sqlState)) return raisedFailure(error);
  return new Failure({
    code: 'BUG',
    exit: exitCodes.bug,
    what: `Internal error${error instanceof Error ? ` (${error.name})` : ''}: this is a bug in nextcrm-migrate. Your data is safe: everything up to the last checkpoint is complete.`,
    next: 'Please report it with the file migration.log from the volume, which contains no data of yours. It is safe to start again.',
    cause: error,
  });
}

/** Where it happened, without the message: a message of a library might quote a value. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error) || error instanceof Failure) return '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...(error.name === 'Bug' || error.name === 'ServerRefusal' ? [error.message] : []), ...frames].join('\n');
}

function printFailure(failure: Failure): void {
  process.stderr.write(`\n${failure.message}\n${failure.next}\n(${failure.code}, exit code ${failure.exit})\n`);
}

surviveOutput();
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    const failure = asFailure(error);
    printFailure(failure);
    process.exit(failure.exit);
  });
}

let exitCode: ExitCode;
let command: Command | null = null;
try {
  command = parseCommand(process.argv.slice(2));
  exitCode = await run(command, catchSignals(note));
} catch (error) {
  const failure = asFailure(error);
  printFailure(failure);
  exitCode = failure.exit;
}
if (command?.name === 'migrate') sayHowToLeave();
exitWhenPrinted(exitCode);
