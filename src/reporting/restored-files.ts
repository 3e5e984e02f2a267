/** The files on the volume say what the database says of a run that is done: after `accept`, and at each start behind the end. */
import { verdictOver } from '../findings/accepted.ts';
import { reportFiles } from '../report/files.ts';
import type { Report } from '../report/model.ts';
import { asSeenNow } from '../report/seen-now.ts';
import { isDone, standingOf } from '../state/done.ts';
import { readProgress } from '../state/progress-rows.ts';
import type { Run } from '../state/run.ts';
import type { Session } from '../target/session.ts';
import type { Volume } from '../volume/volume.ts';
import { checkpointOf } from './checkpoint.ts';

export async function restoreFiles(session: Session, run: Run, volume: Volume): Promise<void> {
  await restoreReport(run, volume);
  await restoreCheckpoint(session, run, volume);
}

/** The run's own report, or the accepted one, comes back on top where another took its place, and says that it was accepted. */
async function restoreReport(run: Run, volume: Volume): Promise<void> {
  const top = await volume.readReport();
  // In another terminal. A migration that is said to run was killed behind its verdict.
  if (top?.command === 'verify' && asSeenNow(top, Date.now()).state === 'running') return;
  const report = top !== null && isLastOrVerified(top, run) ? top : await lastReport(run, volume);
  if (report === null) return;
  const accepted = asAccepted(report, run);
  if (accepted !== report) await volume.saveReport(report.id, reportFiles(accepted));
  else if (report !== top) await volume.putOnTop(report.id);
}

/** As it is, where it says so already or where nobody has accepted all of it: `verify` may have found more since. */
export function asAccepted(report: Report, { acceptedFindings }: Pick<Run, 'acceptedFindings'>): Report {
  if (isDone(standingOf(report))) return report;
  const { verdict, exitCode } = verdictOver(report.findings, acceptedFindings);
  return verdict === 'accepted' ? { ...report, verdict, exitCode } : report;
}

/** The report of this run's last verdict, the accepted one, or that of a verification. */
export function isLastOrVerified({ id, runId, state, command }: Report, run: Run): boolean {
  if (runId !== run.id || state !== 'finished') return false;
  return command === 'verify' || id === run.reportId || id === run.acceptedReportId;
}

/** By its end: a run that began earlier may have waited for another one, and have seen more. */
export function isNewer(one: Report, other: Report): boolean {
  return (one.finishedAt ?? '') > (other.finishedAt ?? '');
}

async function lastReport({ reportId, acceptedReportId }: Run, volume: Volume): Promise<Report | null> {
  const own = reportId === null ? null : await volume.readReport(reportId);
  const accepted = acceptedReportId === null ? null : await volume.readReport(acceptedReportId);
  if (own === null || accepted === null) return own ?? accepted;
  return isNewer(accepted, own) ? accepted : own;
}

async function restoreCheckpoint(session: Session, run: Run, volume: Volume): Promise<void> {
  const checkpoint = await volume.readCheckpoint();
  // A start that was refused after the end leaves another step in it.
  if (checkpoint !== null && !('broken' in checkpoint) && isDone(checkpoint)) return;
  const rows = await readProgress(session);
  const { exitCode, reportId } = run;
  await volume.writeCheckpoint(checkpointOf(run, { target: session.description, step: 'finished', rows, exitCode, reportId }));
}
