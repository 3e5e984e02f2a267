/** `accept ID`: a person accepts the findings of a finished migration, or of a later `verify`, as they are. */
import type { Migrations } from '../catalog/index.ts';
import type { TargetUrl } from '../config/target-url.ts';
import { type ExitCode, exitCodes, Failure } from '../failure.ts';
import { isAccepted } from '../findings/accepted.ts';
import { checkSameTarget } from '../preconditions/identity.ts';
import { readHistory } from '../prisma/history.ts';
import { reportFiles } from '../report/files.ts';
import type { Report } from '../report/model.ts';
import { asAccepted, isLastOrVerified, isNewer, restoreFiles } from '../reporting/restored-files.ts';
import { isDone } from '../state/done.ts';
import { takeLock } from '../state/lock.ts';
import { type Run, readRun } from '../state/run.ts';
import { acceptFindings } from '../state/transitions.ts';
import { openSession, type Session } from '../target/session.ts';
import type { Volume } from '../volume/volume.ts';

export interface AcceptJob {
  readonly migrations: Migrations;
  readonly target: TargetUrl;
  readonly volume: Volume;
  readonly reportId: string;
  readonly say: (line: string) => void;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

export async function accept({ migrations, target, volume, reportId, say, note, signal }: AcceptJob): Promise<ExitCode> {
  // Before the server is asked, which may be away: a wrong ID is reported at once.
  await requireReport(volume, reportId);
  await using session = await openSession(target, 'accept', signal);
  await takeLock(session, note, signal);
  // Only now: whoever held the lock may have come to another verdict.
  const run = await readRun(session);
  const report = await requireReport(volume, reportId);
  checkSameTarget(run, await volume.readCheckpoint(), session.description);
  if (run === null || !(run.step === 'finished' || (await endedBeforeUpgrade(session, migrations, run)))) {
    throw refusal(
      `The migration into ${session.description} is not finished, so there is nothing to accept yet.`,
      'Complete the migration first.',
    );
  }
  if (report.runId !== run.id || report.state !== 'finished') {
    throw refusal(
      `Report ${reportId} is not a finished report of this migration; the last one is ${run.reportId ?? 'unknown'}.`,
      'Read the last report, then accept its ID.',
    );
  }
  if (report.findings.length === 0) {
    say(`Report ${reportId} has no findings: there is nothing to accept.`);
    return exitCodes.success;
  }
  await refuseWhereMoreIsKnown(report, run, { volume, upgraded: await isUpgraded(session, migrations) });
  const accepted = await acceptFindings(session, run, reportId, report.findings);
  await volume.keepReport(reportId, reportFiles(asAccepted(report, accepted)));
  await restoreFiles(session, accepted, volume);
  say(`The findings of report ${reportId} are accepted. From now on the same command exits with code 0.`);
  return exitCodes.success;
}

async function requireReport(volume: Volume, reportId: string): Promise<Report> {
  const report = await volume.readReport(reportId);
  if (report !== null) return report;
  const last = await volume.readReport();
  // Only a finished one has findings.
  if (last?.state !== 'finished')
    throw refusal(
      `There is no report ${reportId} on the volume.`,
      'Start the migration again, which writes a new report. Where NextCRM has upgraded the database since, run verify instead, with MONGODB_URL. Read that report, then accept its ID.',
    );
  throw refusal(
    `There is no report ${reportId} on the volume; the last one is ${last.id}.`,
    'Read the last report, then accept its ID.',
  );
}

/** A proof that was repeated was interrupted, and a later release has upgraded the tables since: the last verdict stands. */
async function endedBeforeUpgrade(session: Session, migrations: Migrations, { finishedAt }: Run): Promise<boolean> {
  return finishedAt !== null && (await isUpgraded(session, migrations));
}

async function isUpgraded(session: Session, migrations: Migrations): Promise<boolean> {
  return (await readHistory(session, migrations)).foreign.length > 0;
}

/**
 * Whoever accepts an old report may not know what was found since, by the last verdict or by any verification. Where the report of the last
 * verdict is lost, the migration validates again; in a database that NextCRM has upgraded, `verify` alone does.
 */
async function refuseWhereMoreIsKnown(
  report: Report,
  run: Run,
  { volume, upgraded }: { readonly volume: Volume; readonly upgraded: boolean },
): Promise<void> {
  const { reportId } = run;
  // Of a run that is done, nothing is unknown: a person has accepted it, or there was nothing.
  if (!isDone(run) && reportId !== null && report.id !== reportId && (await volume.readReport(reportId)) === null) {
    const replaces = upgraded && report.command === 'verify' && report.nextcrm?.state === 'upgraded';
    if (!replaces)
      throw refusal(
        `The report of the last verdict, ${reportId}, is not on the volume: it may have findings that report ${report.id} does not have.`,
        upgraded
          ? 'Run verify, with MONGODB_URL, which validates everything again and writes a new report; read that report, then accept its ID.'
          : 'Start the migration again, which validates again and writes a new report; read that report, then accept its ID.',
      );
  }
  let more: Report | null = null;
  for await (const other of volume.readReports()) {
    if (!isLastOrVerified(other, run) || !isNewer(other, more ?? report)) continue;
    if (!isAccepted(other.findings, report.findings)) more = other;
  }
  if (more === null) return;
  throw refusal(
    `Report ${more.id} is newer than report ${report.id}, and has findings that the older one does not have.`,
    `Read that report, then accept its ID: ${more.id}. Where that has been corrected since, run verify, and accept its report.`,
  );
}

function refusal(what: string, next: string): Failure {
  return new Failure({ code: 'NOTHING_TO_ACCEPT', exit: exitCodes.usage, what, next });
}
