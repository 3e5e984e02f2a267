/** Reads the models in a process of its own: the client's memory is given back when it ends. */
import { execa } from 'execa';
import { exitCodes, invariant } from '../failure.ts';
import { childProgram, shortLived } from '../program-files.ts';
import type { ModelRead, Models } from './read-models.ts';
import { unread } from './unread.ts';

const program = childProgram('prisma/read-models-main');

/** Two rows of forty tables take a second; a busy server may take longer. */
const callMsMax = 120_000;

/** What the other process is told. */
export interface Reading {
  readonly url: string;
  readonly tables: Models;
}

/** Loading Prisma Client takes a second: the process may be started ahead of its reading, beside work that the server is busy with. */
export class ModelReader implements AsyncDisposable {
  readonly #ended = new AbortController();
  #process: ReturnType<typeof startProcess> | null = null;

  start(): ReturnType<typeof startProcess> {
    this.#process ??= startProcess(this.#ended.signal);
    return this.#process;
  }

  /**
   * Once. `url` reaches the other process by its standard input: in the environment it could stand beside another setting of the same, as a
   * file's. Rejects with the signal's reason when it is aborted.
   */
  async read(url: string, { collections, junctions, lookupTables }: Models, signal: AbortSignal): Promise<readonly ModelRead[]> {
    const child = this.start();
    const reading: Reading = { url, tables: { collections, junctions, lookupTables } };
    const limit = AbortSignal.timeout(callMsMax);
    const stop = AbortSignal.any([signal, limit]);
    const abort = () => this.#ended.abort();
    stop.addEventListener('abort', abort);
    if (stop.aborted) abort();
    // Where it has ended before, its exit code says so.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(reading));
    const result = await child;
    stop.removeEventListener('abort', abort);
    signal.throwIfAborted();
    if (limit.aborted || result.exitCode === exitCodes.target) throw unread();
    invariant(
      result.exitCode === 0,
      `the reading of the models ended with ${result.exitCode ?? result.signal ?? 'no exit code'}`,
    );
    return JSON.parse(result.stdout) as readonly ModelRead[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#process;
  }
}

const startProcess = (cancelSignal: AbortSignal) =>
  execa(process.execPath, [...shortLived, program], { stdin: 'pipe', reject: false, cancelSignal });
