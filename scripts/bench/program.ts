/** Runs the program as a user does and tells what it took. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/report/model.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface ProgramRun {
  readonly seconds: number;
  readonly loadSeconds: number;
  /** Of our process alone, as the kernel counts it. */
  readonly rssBytesMax: number;
}

export async function runProgram(source: string, target: string, volume: string): Promise<ProgramRun> {
  const child = spawn(main, [], {
    env: {
      PATH: `${join(process.execPath, '..')}:${process.env['PATH']}`,
      MONGODB_URL: source,
      DATABASE_URL: target,
      MIGRATION_DIR: volume,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let rssBytesMax = 0;
  const sampler = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    rssBytesMax = Math.max(rssBytesMax, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
  }, 100);
  const exit = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(sampler);
  if (exit !== 0) throw new Error(`the migration ended with ${exit}`);
  const report = JSON.parse(await readFile(join(volume, 'report.json'), 'utf8')) as Report;
  const secondsOf = (name: string) => report.steps.find((step) => step.name === name)?.seconds ?? Number.NaN;
  return { loadSeconds: secondsOf('load'), seconds: report.steps.reduce((sum, { seconds }) => sum + seconds, 0), rssBytesMax };
}
