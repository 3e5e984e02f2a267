/** (g): `mongodump` of the same data, where a MongoDB and MongoDB's own tools are at hand. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { runChild } from './child.ts';
import type { Data } from './data.ts';
import { type Measured, measured, type Round } from './results.ts';

const quiet = { serverPid: null };

/** Restores the data into a database of its own, dumps it as often as there are rounds, and drops it. Else why that cannot be. */
export async function mongodump(
  mongodbUrl: string | null,
  data: Data,
  rounds: number,
  scratch: string,
): Promise<Measured | string> {
  if (mongodbUrl === null) return 'no MongoDB was given (--mongodb URL)';
  for (const tool of ['mongodump', 'mongorestore']) {
    const found = await runChild(tool, ['--version'], quiet).catch(() => null);
    if (found === null) return `${tool} is not on the PATH`;
  }
  const database = `bench_${randomBytes(4).toString('hex')}`;
  const renamed = ['--nsFrom=nextcrm.*', `--nsTo=${database}.*`];
  try {
    await runChild('mongorestore', ['--quiet', `--uri=${mongodbUrl}`, ...renamed, join(data.folder, '..')], quiet);
    const found: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const out = join(scratch, 'mongodump');
      found.push(await runChild('mongodump', ['--quiet', `--uri=${mongodbUrl}`, `--db=${database}`, `--out=${out}`], quiet));
      await rm(out, { recursive: true });
    }
    return measured(found, data);
  } finally {
    await using client = new MongoClient(mongodbUrl);
    await client.db(database).dropDatabase();
  }
}
