/** The command line: one command, one exit code, and at the end a text that a person can act on. */
import { readFileSync } from 'node:fs';
import { accept } from './commands/accept.ts';
import { status } from './commands/status.ts';
import { verify } from './commands/verify.ts';
import { type Command, parseCommand, usage } from './config/command.ts';
import { bundledDatabase, environmentSettings } from './config/settings.ts';
import { type ExitCode, exitCodes, Failure } from './failure.ts';
import { type MigrateJob, migrate, type Outcome } from './migrate.ts';
import type { Step } from './progress/progress.ts';
import { runSteps } from './progress/steps.ts';
import { finalTable } from './report/final-table.ts';
import { newReportId } from './report/report-id.ts';
import { asSeenNow } from './report/seen-now.ts';
import { reportText } from './report/text.ts';
import { withRetries } from './retry.ts';
import { catchSignals } from './signals.ts';
import { Reporter } from './steps/reporter.ts';
import { readReport } from './volume/saved-report.ts';
import { openVolume, type Volume } from './volume/volume.ts';

const { version, dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
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
      return await accept(target, await openVolume(directory), command.reportId, say);
    }
    case 'verify': {
      const { source, target, directory } = environmentSettings({ source: true, target: true });
      return await reported('verify', directory, signal, (reporter) =>
        verify({ source, target, reporter, runSteps: shownSteps, signal }),
      );
    }
    case 'migrate': {
      const { target, directory } = environmentSettings({ source: 'later', target: true });
      const source = () => environmentSettings({ source: true, target: true }).source;
      return await reported('migrate', directory, signal, async (reporter, volume) => {
        const job: MigrateJob = { target, source, appliance: version, volume, reporter, runSteps: shownSteps, note, signal };
        return sayOutcome(await withRetries((attempt) => migrate(job, attempt), { note, signal }), directory);
      });
    }
  }
}

const shownSteps = (steps: readonly Step[]) => runSteps(steps, { terminal: process.stdout.isTTY, write: say });

/** Opens the volume and keeps a report of `work` on it, whatever becomes of it. */
async function reported(
  command: 'migrate' | 'verify',
  directory: string,
  signal: AbortSignal,
  work: (reporter: Reporter, volume: Volume) => Promise<ExitCode>,
): Promise<ExitCode> {
  const volume = await openVolume(directory);
  const last = await volume.readReport();
  if (last !== null && last.state === 'running' && asSeenNow(last, Date.now()).state === 'interrupted') {
    note(`the last run was interrupted in step "${last.step}": going on from there`);
  }
  const versions = { 'nextcrm-migrate': version, Prisma: dependencies.prisma };
  const reporter = new Reporter({ id: newReportId(new Date()), command, volume, versions });
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

/** A plain `up` goes on showing the database when the migration has left. */
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
    say("This database was migrated, and the migration's own records were dropped from it since. There is nothing to do.");
    return exitCodes.success;
  }
  const { finishedAt, acceptedAt, reportId } = outcome.run;
  const when = finishedAt?.toISOString() ?? 'an unknown time';
  say(
    acceptedAt === null
      ? `This database was migrated and fully checked at ${when}. There is nothing to do.`
      : `This database was migrated at ${when}; its findings were accepted at ${acceptedAt.toISOString()}. There is nothing to do.`,
  );
  say(`The report is ${reportId ?? ''} in ${directory}. To check everything again: verify.`);
  return exitCodes.success;
}

/** What is no `Failure` is a bug of this program. */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure({
    code: 'BUG',
    exit: exitCodes.bug,
    what: `A bug in nextcrm-migrate stopped it${error instanceof Error ? ` (${error.name})` : ''}. Your data is safe: what was copied is complete up to the last checkpoint.`,
    next: 'Please report it with the file migration.log of the volume, which holds no data of yours. Starting again does no harm.',
    cause: error,
  });
}

/** Where it happened, without the message: a message of a library might quote a value. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error) || error instanceof Failure) return '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...(error.name === 'Bug' || error.name === 'ServerRefusal' ? [error.message] : []), ...frames].join('\n');
}

function tell(failure: Failure): void {
  process.stderr.write(`\n${failure.message}\n${failure.next}\n(${failure.code}, exit code ${failure.exit})\n`);
}

for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    const failure = asFailure(error);
    tell(failure);
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
  tell(failure);
  exitCode = failure.exit;
}
if (command?.name === 'migrate') sayHowToLeave();
process.exitCode = exitCode;
// Whatever still waits (a socket of a lost server, say) must not hold the process: its work is done.
process.stdout.write('', () => process.exit(exitCode));
