/** Reads the models in a process of its own: the client's memory is given back when it ends. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { exitCodes, invariant } from '../failure.ts';
import type { ModelRead, Models } from './read-models.ts';
import { unread } from './unread.ts';

const program = fileURLToPath(new URL('./read-models-main.ts', import.meta.url));

/** Two rows of forty tables take a second; a busy server may take longer. */
const callMsMax = 120_000;

/** What the other process is told. */
export interface Reading {
  readonly url: string;
  readonly tables: Models;
}

/**
 * `url` reaches the other process by its standard input: in the environment it could stand beside another setting of the same, as a
 * file's. Rejects with the signal's reason when it is aborted.
 */
export async function readModelsApart(
  url: string,
  { collections, junctions, lookupTables }: Models,
  signal: AbortSignal,
): Promise<readonly ModelRead[]> {
  const reading: Reading = { url, tables: { collections, junctions, lookupTables } };
  const result = await execa(process.execPath, [program], {
    input: JSON.stringify(reading),
    reject: false,
    timeout: callMsMax,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (result.timedOut || result.exitCode === exitCodes.target) throw unread();
  invariant(result.exitCode === 0, `the reading of the models ended with ${result.exitCode ?? result.signal ?? 'no exit code'}`);
  return JSON.parse(result.stdout) as readonly ModelRead[];
}
