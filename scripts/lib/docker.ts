/** Whether a Docker engine answers on this machine, and calls of its command line. */
import { spawn } from 'node:child_process';

/** True when the engine, not just its command line, answers within ten seconds. */
export async function dockerAnswers(): Promise<boolean> {
  const { code } = await docker(['version', '--format', '{{.Server.Version}}'], 10_000);
  return code === 0;
}

export interface Ended {
  /** Null: it did not end within the limit, or does not exist. */
  readonly code: number | null;
  readonly output: string;
}

/** Runs `docker …args` to its end; stdout and stderr together. */
export function docker(args: readonly string[], limitMs: number): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn('docker', args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const end = (code: number | null) => resolve({ code, output: Buffer.concat(chunks).toString() });
    child.on('error', () => end(null));
    child.on('close', end);
  });
}
