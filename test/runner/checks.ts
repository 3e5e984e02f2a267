/** The checks of the sources, package.json's scripts `check:…`, each counted as one test. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { env, execPath } from 'node:process';
import type { Tally } from './tally.ts';

export async function runChecks(tally: Tally): Promise<void> {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(await readFile('package.json', 'utf8'));
  const queue = Object.keys(scripts).filter((name) => name.startsWith('check:'));
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) await runCheck(check, tally);
  };
  await Promise.all([worker(), worker()]);
}

async function runCheck(name: string, tally: Tally): Promise<void> {
  const began = Date.now();
  const { code, output } = await runScript(name);
  if (code === 0) tally.pass();
  else {
    console.log(output.trimEnd());
    tally.fail(name, `it ended with ${code}`);
  }
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${Date.now() - began} ms)`);
}

function runScript(name: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(execPath, ['--run', name], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}
