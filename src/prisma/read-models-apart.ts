/** Reads the models in a process of its own: the client's memory is given back when it ends. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { exitCodes, invariant } from '../failure.ts';
import type { ModelRead } from './read-models.ts';
import { unread } from './unread.ts';

const program = fileURLToPath(new URL('./read-models-main.ts', import.meta.url));

/** Two rows of forty tables take a second; a busy server may take longer. */
const callMsMax = 120_000;

/**
 * `url` reaches the other process by its standard input: in the environment it could stand beside another setting of the same, as a
 * file's. Rejects with the signal's reason when it is aborted.
 */
export async function readModelsApart(url: string, signal: AbortSignal): Promise<readonly ModelRead[]> {
  const result = await execa(process.execPath, [program], {
    input: url,
    reject: false,
    timeout: callMsMax,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (result.timedOut || result.exitCode === exitCodes.target) throw unread();
  invariant(result.exitCode === 0, `the reading of the models ended with ${result.exitCode ?? result.signal ?? 'no exit code'}`);
  return JSON.parse(result.stdout) as readonly ModelRead[];
}
