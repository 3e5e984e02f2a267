/** Runs the program as a user does and tells what it took, step by step, from its own report. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import type { Report } from '../../src/report/model.ts';
import { program } from '../lib/program.ts';
import { runChild } from './child.ts';
import type { Place } from './psql.ts';
import type { Usage } from './watch.ts';

export interface ProgramRun {
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** By step, as report.json tells them. */
  readonly steps: Readonly<Record<string, number>>;
  readonly usage: Usage;
  readonly loadUsage: Usage;
}

const environment = (source: string, { url }: Place, volume: string) => ({
  PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  // As scripts/migrate has it.
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
  MONGODB_URL: source,
  DATABASE_URL: url,
  MIGRATION_DIR: volume,
});

export async function runProgram(source: string, target: Place, volume: string): Promise<ProgramRun> {
  const { serverPid } = target;
  const ran = await runChild(program, [], { env: environment(source, target, volume), serverPid });
  const report = JSON.parse(await readFile(join(volume, 'report.json'), 'utf8')) as Report;
  const [fromMs, toMs] = momentsOf(report, 'load');
  return {
    seconds: ran.seconds,
    steps: Object.fromEntries(report.steps.map(({ name, seconds }) => [name, seconds])),
    usage: ran.usage,
    loadUsage: ran.watch.usage(fromMs, toMs),
  };
}

/** The steps follow each other, so a step ended when those behind it had still to take their time. */
function momentsOf({ steps, finishedAt }: Report, name: string): readonly [number, number] {
  const index = steps.findIndex((step) => step.name === name);
  const after = steps.slice(index + 1).reduce((sum, { seconds }) => sum + seconds, 0);
  const endMs = Date.parse(finishedAt ?? '') - after * 1000;
  return [endMs - (steps[index]?.seconds ?? 0) * 1000, endMs];
}

/** The same command on a target that is finished. */
export async function noopSeconds(source: string, target: Place, volume: string): Promise<number> {
  return (await runChild(program, [], { env: environment(source, target, volume), serverPid: null })).seconds;
}

/** Often beside the seconds that are measured. */
const askMs = 15;

/** Seconds from the start of the process to the first batch that it commits; then it is interrupted, and continues at the next call. */
export async function firstBatchSeconds(source: string, target: Place, volume: string): Promise<number> {
  const sql = postgres(target.url, { max: 1, onnotice: () => undefined });
  const before = await batchesIn(sql);
  const beganMs = performance.now();
  const child = spawn(program, [], { env: environment(source, target, volume), stdio: 'ignore' });
  let exit: number | string | null = null;
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      exit = code ?? signal;
      resolve();
    });
  });
  try {
    while ((await batchesIn(sql)) <= before) {
      if (exit !== null) throw new Error(`the program ended with ${exit} before it had written a batch`);
      await new Promise((resolve) => setTimeout(resolve, askMs));
    }
    return (performance.now() - beganMs) / 1000;
  } finally {
    child.kill('SIGTERM');
    await ended;
    await sql.end();
  }
}

async function batchesIn(sql: postgres.Sql): Promise<number> {
  const [made] = await sql<{ made: boolean }[]>`select to_regclass('nextcrm_migration.progress') is not null as made`;
  if (!made?.made) return 0;
  const [row] = await sql<{ batches: string }[]>`select coalesce(sum(batch), 0) as batches from nextcrm_migration.progress`;
  return Number(row?.batches ?? 0);
}
