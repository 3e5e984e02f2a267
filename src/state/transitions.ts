/**
 * The state machine of a run: every statement that writes the run row. Each hits exactly one row. A transition is guarded by what the
 * caller has seen (the step, and the report of the last verdict); the end of a step by the step alone, since no other run can be at
 * work: only the session that holds the lock moves a run.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invariant } from '../failure.ts';
import { type FoundBefore, foundBefore } from '../findings/accepted.ts';
import type { Finding, Verdict } from '../findings/finding.ts';
import { root } from '../program-files.ts';
import { stateSchema } from '../schema-name.ts';
import { literal } from '../target/quoted.ts';
import type { Parameter, Session } from '../target/session.ts';
import { isDone } from './done.ts';
import { type Run, type RunRow, type RunStep, readRun, runOf } from './run.ts';

/** A step that is done is followed by this one. The step writes it itself, in its own transaction where it has one. */
const following = {
  schema: 'load',
  load: 'resolve',
  retry: 'resolve',
  resolve: 'link',
  link: 'index',
  index: 'validate',
  validate: 'handover',
  backup: 'upgrade',
  upgrade: 'restore',
  restore: 'compare',
} as const satisfies Partial<Record<RunStep, RunStep>>;

interface Transition {
  readonly from: readonly RunStep[];
  readonly to: RunStep;
  /** What must hold besides, in SQL. */
  readonly where?: string;
  /** What else changes: column and SQL. `$1` is the run, `$2` its last report; the caller's parameters follow. */
  readonly set: Readonly<Record<string, string>>;
}

/** A run that continues has no verdict: whatever stops it, an old one is not taken for its own. */
const underWay = { verdict: 'null', exit_code: 'null' };

/** What is accepted ends with a verdict that is worse than what was accepted. */
const keptUnlessFindings = (column: string) => ({ [column]: `case when $3 = 'findings' then null else ${column} end` });

const transitions = {
  /** Of a finished run with findings. */
  retry: { from: ['finished'], to: 'retry', set: { ...underWay, finished_at: 'null' } },
  /** Also of a run that was killed behind the proof: there is no verdict without one. The tables stay: so does the end of the run. */
  validateAgain: { from: ['finished', 'handover'], to: 'validate', set: underWay },
  /** The app's own migrations are applied (src/upgrade): behind the hand-over of a run without findings, or of one that is done. */
  upgrade: { from: ['handover', 'finished'], to: 'backup', set: underWay },
  /** The app has applied them itself. */
  restore: { from: ['finished'], to: 'restore', set: underWay },
  finish: {
    from: ['handover', 'compare'],
    to: 'finished',
    set: {
      finished_at: 'coalesce(finished_at, now())',
      verdict: '$3',
      exit_code: '$4',
      report_id: '$5',
      ...keptUnlessFindings('accepted_at'),
      ...keptUnlessFindings('accepted_by'),
      ...keptUnlessFindings('accepted_report_id'),
      ...keptUnlessFindings('accepted_findings'),
    },
  },
  /** Also of a finished run whose repeated proof was interrupted. */
  accept: {
    from: ['finished', 'validate', 'handover'],
    to: 'finished',
    where: 'finished_at is not null',
    set: {
      verdict: `'accepted'`,
      exit_code: '0',
      accepted_at: 'now()',
      accepted_by: 'session_user',
      accepted_report_id: '$3',
      accepted_findings: '$4',
    },
  },
} as const satisfies Record<string, Transition>;

export interface NewRun {
  readonly appliance: string;
  readonly sourceKind: string;
  readonly sourceDatabase: string;
  readonly sourceDescription: string;
}

/** Creates the schema `nextcrm_migration` with its one run, in one transaction: a run is there whole or not at all. */
export async function createRun(session: Session, run: NewRun): Promise<Run> {
  const schema = await readFile(join(root, 'src/state/schema.sql'), 'utf8');
  await session.transaction(async () => {
    await session.script(schema);
    await session.execute(
      `insert into ${stateSchema}.run (id, appliance, source_kind, source_database, source_description, step)
       values (gen_random_uuid(), $1, $2, $3, $4, 'schema')`,
      [run.appliance, run.sourceKind, run.sourceDatabase, run.sourceDescription],
    );
  });
  const created = await readRun(session);
  invariant(created !== null, 'the run that was just written is not there');
  return created;
}

/** The step is done, and the next one begins. Inside the caller's transaction where there is one. */
export async function completeStep(session: Session, step: keyof typeof following): Promise<void> {
  const rows = await session.execute(`update ${stateSchema}.run set step = $2 where step = $1`, [step, following[step]]);
  invariant(rows === 1, `the run is not at the step "${step}", which has just ended`);
}

/** A finished run with findings continues with its rejected documents. Inside the caller's transaction. */
export async function retryRun(session: Session, run: Run): Promise<Run> {
  invariant(!isDone(run), 'a run that is done is not retried');
  return await move(session, run, 'retry');
}

/** A run whose rows are all there is proved once more. */
export async function validateAgain(session: Session, run: Run): Promise<Run> {
  invariant(!isDone(run), 'a run that is done is proved by verify');
  return await move(session, run, 'validateAgain');
}

/** Nothing prevents NextCRM's own migrations. Inside the caller's transaction. */
export async function beginUpgrade(session: Session, run: Run): Promise<Run> {
  invariant(run.step === 'handover' || isDone(run), 'a run with findings is not upgraded');
  return await move(session, run, 'upgrade');
}

/** NextCRM has applied its migrations itself. */
export async function beginRestore(session: Session, run: Run): Promise<Run> {
  invariant(isDone(run), 'a run with findings is not restored');
  return await move(session, run, 'restore');
}

/** The verdict of `reportId`. What was accepted before is forgotten where more was found. */
export async function finishRun(
  session: Session,
  run: Run,
  { verdict, exitCode, reportId }: { readonly verdict: Verdict; readonly exitCode: number; readonly reportId: string },
): Promise<void> {
  await move(session, run, 'finish', [verdict, exitCode, reportId]);
}

/** A person accepts the findings of `reportId` as they are; with time and database role. */
export async function acceptFindings(session: Session, run: Run, reportId: string, findings: readonly Finding[]): Promise<Run> {
  const found: readonly FoundBefore[] = findings.map(foundBefore);
  const accepted = await move(session, run, 'accept', [reportId, JSON.stringify(found)]);
  invariant(isDone(accepted), 'a run whose findings are accepted is not done');
  return accepted;
}

async function move(
  session: Session,
  run: Run,
  name: keyof typeof transitions,
  parameters: readonly Parameter[] = [],
): Promise<Run> {
  const { from, to, where = 'true', set }: Transition = transitions[name];
  const also = Object.entries(set).map(([column, value]) => `, ${column} = ${value}`);
  const rows = await session.query<RunRow>(
    `update ${stateSchema}.run set step = '${to}'${also.join('')}
     where id = $1 and step in (${from.map(literal).join(', ')}) and report_id is not distinct from $2 and ${where} returning *`,
    [run.id, run.reportId, ...parameters],
  );
  const [moved] = rows;
  invariant(
    rows.length === 1 && moved !== undefined,
    `the run is not where "${name}" begins (${from.join(', ')}), or has another verdict`,
  );
  return runOf(moved);
}
