/** The checks of the sources, each counted as one test. */
import { spawn } from 'node:child_process';
import type { Tally } from './tally.ts';

const checks = [
  ['format and lint', 'biome', 'ci', '--error-on-warnings', '.'],
  ['types', 'tsc', '--noEmit'],
  ['dependency rules', 'depcruise', '--output-type', 'err', 'src', 'test', 'scripts'],
  ['dead code', 'knip'],
] as const;

export async function runChecks(tally: Tally): Promise<void> {
  const queue = [...checks];
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) await runCheck(check, tally);
  };
  await Promise.all([worker(), worker()]);
}

async function runCheck([name, program, ...args]: (typeof checks)[number], tally: Tally): Promise<void> {
  const began = Date.now();
  const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(`node_modules/.bin/${program}`, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (ended) => resolve({ code: ended, output: Buffer.concat(chunks).toString() }));
  });
  if (code === 0) tally.pass();
  else {
    console.log(output.trimEnd());
    tally.fail(name, `${program} ended with ${code}`);
  }
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${Date.now() - began} ms)`);
}
