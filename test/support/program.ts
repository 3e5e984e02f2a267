/** Runs the real program as a user does, in a process of its own, on a volume of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { program } from '../../scripts/lib/program.ts';
import type { Report } from '../../src/report/model.ts';
import { parsedReport } from './report-schema.ts';

export interface Ended {
  /** The exit code, or the name of the signal that ended it. */
  readonly exit: number | string;
  readonly output: string;
}

export interface Workplace extends AsyncDisposable {
  /** A temporary folder; `volume` is below it. */
  readonly folder: string;
  readonly volume: string;
  /** Runs to the end. */
  run(words: readonly string[], environment: Record<string, string>): Promise<Ended>;
  /** Starts and hands over; `ended` settles when it has left. */
  start(
    words: readonly string[],
    environment: Record<string, string>,
  ): { readonly process: ChildProcess; readonly ended: Promise<Ended>; output(): string };
  /** The report on the volume, which keeps its schema. */
  report(): Promise<Report>;
}

export async function workplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-'));
  const volume = join(folder, 'volume');
  const start: Workplace['start'] = (words, environment) => {
    // By its first line, which gives Node its options.
    const child = spawn(program, words, {
      cwd: folder,
      env: {
        PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
        HOME: folder,
        MIGRATION_DIR: volume,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ exit: code ?? signal ?? 'unknown', output }));
    });
    return { process: child, ended, output: () => output };
  };
  return {
    folder,
    volume,
    start,
    run: (words, environment) => start(words, environment).ended,
    report: async () => parsedReport(await readFile(join(volume, 'report.json'), 'utf8')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** MONGODB_URL of a dump folder. */
export function dumpUrl(folder: string): string {
  return pathToFileURL(folder).href;
}
