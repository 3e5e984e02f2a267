/** What a report on the volume says at another time than the one at which it was written. */
import { exitCodes } from '../failure.ts';
import type { Report } from './model.ts';

/** A running migration writes its report every few seconds; one that is older than this was killed. */
const silentMsMax = 30_000;

/** A report that says "running" and is old belongs to a run that was killed. */
export function asSeenNow(report: Report, nowMs: number): Report {
  const killed = report.state === 'running' && nowMs - Date.parse(report.writtenAt) > silentMsMax;
  return killed ? { ...report, state: 'interrupted', exitCode: exitCodes.interrupted } : report;
}
