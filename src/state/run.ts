/** The run row: which migration the target belongs to and how far it is. The database decides, the volume follows. */
import { readFile } from 'node:fs/promises';
import type { StepName } from '../progress/progress.ts';
import type { Finding } from '../report/model.ts';
import type { Session } from '../target/session.ts';
import { type FoundBefore, foundBefore } from './accepted.ts';

export type RunStep = StepName | 'finished';

export interface Run {
  readonly id: string;
  readonly appliance: string;
  readonly sourceKind: 'server' | 'dump';
  readonly sourceDatabase: string;
  readonly sourceDescription: string;
  readonly startedAt: Date;
  readonly step: RunStep;
  /** Null until the run has ended, and again while rejected documents are taken up. */
  readonly finishedAt: Date | null;
  readonly reportId: string | null;
  readonly verdict: string | null;
  readonly exitCode: number | null;
  readonly acceptedAt: Date | null;
  readonly acceptedFindings: readonly FoundBefore[];
}

interface RunRow extends Record<string, unknown> {
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
  accepted_findings: string | null;
}

/** The run of this target, null where none has begun. */
export async function readRun(session: Session): Promise<Run | null> {
  const [exists] = await session.query<{ found: boolean }>("select to_regclass('nextcrm_migration.run') is not null as found");
  if (!exists?.found) return null;
  const [row] = await session.query<RunRow>('select * from nextcrm_migration.run');
  if (row === undefined) return null;
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
    acceptedFindings: JSON.parse(row.accepted_findings ?? '[]') as FoundBefore[],
  };
}

export interface NewRun {
  readonly appliance: string;
  readonly sourceKind: string;
  readonly sourceDatabase: string;
  readonly sourceDescription: string;
}

/** Makes the schema `nextcrm_migration` with its one run, in one transaction: a run is there whole or not at all. */
export async function createRun(session: Session, run: NewRun): Promise<Run> {
  const schema = await readFile(new URL('./schema.sql', import.meta.url), 'utf8');
  await session.transaction(async () => {
    await session.script(schema);
    await session.execute(
      `insert into nextcrm_migration.run (id, appliance, source_kind, source_database, source_description, step)
       values (gen_random_uuid(), $1, $2, $3, $4, 'schema')`,
      [run.appliance, run.sourceKind, run.sourceDatabase, run.sourceDescription],
    );
  });
  const created = await readRun(session);
  if (created === null) throw new Error('the run that was just written is not there');
  return created;
}

/** Moves the run to `step`; inside the caller's transaction where there is one. */
export async function enterStep(session: Session, step: RunStep): Promise<void> {
  await session.execute('update nextcrm_migration.run set step = $1', [step]);
}

/** A finished run is under way again. Inside the caller's transaction. */
export async function reopen(session: Session): Promise<void> {
  await session.execute(`update nextcrm_migration.run set step = 'retry', finished_at = null`);
}

export async function recordVerdict(session: Session, verdict: string, exitCode: number, reportId: string): Promise<void> {
  await session.execute(
    `update nextcrm_migration.run
     set step = 'finished', finished_at = coalesce(finished_at, now()), verdict = $1, exit_code = $2, report_id = $3`,
    [verdict, exitCode, reportId],
  );
}

/** A person takes the findings of `reportId` as they are; with time and database role. */
export async function recordAcceptance(session: Session, reportId: string, findings: readonly Finding[]): Promise<void> {
  await session.execute(
    `update nextcrm_migration.run
     set accepted_at = now(), accepted_by = session_user, accepted_report_id = $1, accepted_findings = $2, verdict = 'accepted', exit_code = 0`,
    [reportId, JSON.stringify(findings.map(foundBefore))],
  );
}
