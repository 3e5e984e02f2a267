/** `accept ID`: a person takes the findings of a finished migration as they are. */
import type { TargetUrl } from '../config/target-url.ts';
import { type ExitCode, exitCodes, Failure } from '../failure.ts';
import { reportFiles } from '../report/files.ts';
import { readRun, recordAcceptance } from '../state/run.ts';
import { openSession } from '../target/session.ts';
import type { Volume } from '../volume/volume.ts';

export async function accept(
  target: TargetUrl,
  volume: Volume,
  reportId: string,
  say: (line: string) => void,
): Promise<ExitCode> {
  await using session = await openSession(target, 'accept');
  const run = await readRun(session);
  if (run === null || run.step !== 'finished') {
    throw refusal(
      `The migration into ${session.description} is not finished, so there is nothing to accept yet.`,
      'Run the migration to its end first.',
    );
  }
  if (run.exitCode === exitCodes.success) {
    say(`The migration into ${session.description} ended without findings: there is nothing to accept.`);
    return exitCodes.success;
  }
  const report = await volume.readReport(reportId);
  if (report === null || report.runId !== run.id || report.state !== 'finished') {
    throw refusal(
      `There is no finished report ${reportId} of this migration on the volume; the last one is ${run.reportId ?? 'unknown'}.`,
      'Read the last report, then accept its ID.',
    );
  }
  await recordAcceptance(session, reportId, report.findings);
  await volume.saveReport(reportId, reportFiles({ ...report, verdict: 'accepted', exitCode: exitCodes.success }));
  const checkpoint = await volume.readCheckpoint();
  if (checkpoint !== null && !('broken' in checkpoint))
    await volume.writeCheckpoint({ ...checkpoint, exitCode: exitCodes.success });
  say(`The findings of report ${reportId} are accepted. From now on the same command ends with exit code 0.`);
  return exitCodes.success;
}

function refusal(what: string, next: string): Failure {
  return new Failure({ code: 'NOTHING_TO_ACCEPT', exit: exitCodes.usage, what, next });
}
