/** The run row: which migration the target belongs to and how far it is. The database decides, the volume follows. */
import type { FoundBefore } from '../findings/accepted.ts';
import type { StepName } from '../progress/progress.ts';
import { stateSchema } from '../schema-name.ts';
import type { Session } from '../target/session.ts';

export type RunStep = StepName | 'finished';

export interface Run {
  readonly id: string;
  readonly appliance: string;
  readonly sourceKind: 'server' | 'dump';
  readonly sourceDatabase: string;
  readonly sourceDescription: string;
  readonly startedAt: Date;
  readonly step: RunStep;
  /** Null until the run has ended, and again while rejected documents are retried. */
  readonly finishedAt: Date | null;
  /** Of the last verdict; verdict and exit code are null while the run continues. */
  readonly reportId: string | null;
  readonly verdict: string | null;
  readonly exitCode: number | null;
  readonly acceptedAt: Date | null;
  readonly acceptedReportId: string | null;
  readonly acceptedFindings: readonly FoundBefore[];
}

export interface RunRow extends Record<string, unknown> {
  id: string;
  appliance: string;
  source_kind: 'server' | 'dump';
  source_database: string;
  source_description: string;
  started_at: Date;
  step: RunStep;
  finished_at: Date | null;
  report_id: string | null;
  verdict: string | null;
  exit_code: number | null;
  accepted_at: Date | null;
  accepted_report_id: string | null;
  accepted_findings: string | null;
}

/** The run of this target, null where none has begun. */
export async function readRun(session: Session): Promise<Run | null> {
  const [exists] = await session.query<{ found: boolean }>(`select to_regclass('${stateSchema}.run') is not null as found`);
  if (!exists?.found) return null;
  const [row] = await session.query<RunRow>(`select * from ${stateSchema}.run`);
  return row === undefined ? null : runOf(row);
}

export function runOf(row: RunRow): Run {
  return {
    id: row.id,
    appliance: row.appliance,
    sourceKind: row.source_kind,
    sourceDatabase: row.source_database,
    sourceDescription: row.source_description,
    startedAt: row.started_at,
    step: row.step,
    finishedAt: row.finished_at,
    reportId: row.report_id,
    verdict: row.verdict,
    exitCode: row.exit_code,
    acceptedAt: row.accepted_at,
    acceptedReportId: row.accepted_report_id,
    acceptedFindings: JSON.parse(row.accepted_findings ?? '[]') as FoundBefore[],
  };
}
