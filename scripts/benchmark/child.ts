/** Runs a program to its end, watched. */
import { spawn } from 'node:child_process';
import { type Usage, type Watch, watch } from './watch.ts';

export interface Ran {
  readonly seconds: number;
  readonly exit: number | string;
  readonly output: string;
  readonly usage: Usage;
  readonly watch: Watch;
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly serverPid: number | null;
  /** Rejects where the program ends otherwise; null: the caller judges. */
  readonly exit?: number | null;
}

export async function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<Ran> {
  const beganMs = performance.now();
  const child = spawn(program, args, { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exited = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const watching = watch(child.pid ?? 0, options.serverPid);
  try {
    const exit = await exited;
    const seconds = (performance.now() - beganMs) / 1000;
    const wanted = options.exit === undefined ? 0 : options.exit;
    if (wanted !== null && exit !== wanted)
      throw new Error(`${program} ended with ${exit}: ${errors.slice(-2000) || output.slice(-2000)}`);
    await watching.stop();
    return { seconds, exit, output, usage: watching.usage(), watch: watching };
  } finally {
    await watching.stop();
  }
}
