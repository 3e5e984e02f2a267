/** `accept ID`: a person takes the findings of a finished migration, or of a later `verify`, as they are. */
import type { TargetUrl } from '../config/target-url.ts';
import { type ExitCode, exitCodes, Failure } from '../failure.ts';
import { reportFiles } from '../report/files.ts';
import type { Report } from '../report/model.ts';
import { isAccepted } from '../state/accepted.ts';
import { type Run, readRun, recordAcceptance } from '../state/run.ts';
import { openSession } from '../target/session.ts';
import type { Volume } from '../volume/volume.ts';

export async function accept(
  target: TargetUrl,
  volume: Volume,
  reportId: string,
  say: (line: string) => void,
): Promise<ExitCode> {
  // Before the server is asked, which may be away: a wrong ID is told at once.
  const report = await volume.readReport(reportId);
  if (report === null) {
    const last = await volume.readReport();
    throw refusal(
      `There is no report ${reportId} on the volume; the last one is ${last?.id ?? 'unknown'}.`,
      'Read the last report, then accept its ID.',
    );
  }
  await using session = await openSession(target, 'accept');
  const run = await readRun(session);
  if (run === null || run.step !== 'finished') {
    throw refusal(
      `The migration into ${session.description} is not finished, so there is nothing to accept yet.`,
      'Run the migration to its end first.',
    );
  }
  if (report.runId !== run.id || report.state !== 'finished') {
    throw refusal(
      `Report ${reportId} is not a finished one of this migration; the last one is ${run.reportId ?? 'unknown'}.`,
      'Read the last report, then accept its ID.',
    );
  }
  if (report.findings.length === 0) {
    say(`Report ${reportId} has no findings: there is nothing to accept.`);
    return exitCodes.success;
  }
  await refuseWhereMoreIsKnown(report, run, volume);
  await recordAcceptance(session, reportId, report.findings);
  await volume.saveReport(reportId, reportFiles({ ...report, verdict: 'accepted', exitCode: exitCodes.success }));
  const checkpoint = await volume.readCheckpoint();
  if (checkpoint !== null && !('broken' in checkpoint))
    await volume.writeCheckpoint({ ...checkpoint, exitCode: exitCodes.success });
  say(`The findings of report ${reportId} are accepted. From now on the same command ends with exit code 0.`);
  return exitCodes.success;
}

/** Whoever accepts an old report may not know what was found since. */
async function refuseWhereMoreIsKnown(report: Report, run: Run, volume: Volume): Promise<void> {
  const others = [run.reportId === null ? null : await volume.readReport(run.reportId), await volume.readReport()];
  for (const other of others) {
    if (other === null || other.runId !== run.id || other.state !== 'finished' || other.startedAt <= report.startedAt) continue;
    if (isAccepted(other.findings, report.findings)) continue;
    throw refusal(
      `Report ${other.id} is later than ${report.id} and has findings that this one has not.`,
      `Read that report, then accept its ID: ${other.id}.`,
    );
  }
}

function refusal(what: string, next: string): Failure {
  return new Failure({ code: 'NOTHING_TO_ACCEPT', exit: exitCodes.usage, what, next });
}
