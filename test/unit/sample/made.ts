/** A dump made for one test, in a temporary folder that goes with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wholeDatabase } from '../../../scripts/sample/plan.ts';
import { database, type SampleOptions, writeSample } from '../../../scripts/sample/sample.ts';

/** Calls `body` with the folder of the database; what is not given is as the committed sample has it. */
export async function withSample(
  options: Partial<Omit<SampleOptions, 'out'>>,
  body: (folder: string) => Promise<void> | void,
): Promise<void> {
  await withFolder(async (out) => {
    const sample = writeSample({ out, seed: 1, plan: wholeDatabase(10_000), dirt: 'usual', gzip: false, ...options });
    await Array.fromAsync(sample);
    await body(join(out, database));
  });
}

export async function withFolder(body: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-sample-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
