/** `status`: where it stands, from the volume alone. */
import { type ExitCode, exitCodes } from '../failure.ts';
import type { Report } from '../report/model.ts';
import { reportText } from '../report/text.ts';
import type { Volume } from '../volume/volume.ts';

/** A running migration writes its report every few seconds; one that is older than this was killed. */
const silentMsMax = 30_000;

export async function status(volume: Pick<Volume, 'directory' | 'readReport'>, say: (line: string) => void): Promise<ExitCode> {
  const report = await volume.readReport();
  if (report === null) {
    say(`No migration has been started with this volume (${volume.directory}).`);
    return exitCodes.success;
  }
  const seen = asSeenNow(report, Date.now());
  say(reportText(seen));
  // A run that is under way: as for a second run that finds the lock taken.
  return seen.state === 'running' ? exitCodes.locked : exitCodeOf(seen);
}

/** A report that says "running" and is old belongs to a run that was killed. */
export function asSeenNow(report: Report, nowMs: number): Report {
  const killed = report.state === 'running' && nowMs - Date.parse(report.writtenAt) > silentMsMax;
  return killed ? { ...report, state: 'interrupted', exitCode: exitCodes.interrupted } : report;
}

function exitCodeOf({ exitCode }: Report): ExitCode {
  return Object.values(exitCodes).find((code) => code === exitCode) ?? exitCodes.interrupted;
}
