/** What tests of faults do with a run: wait for its words, hold it up, look at what it left. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Checkpoint } from '../../src/volume/volume.ts';
import { digestOf } from './digest.ts';
import { severalBatches } from './faults.ts';
import type { Workplace } from './program.ts';
import { testSession } from './session.ts';

export type Running = ReturnType<Workplace['start']>;

/** Once the program has said `text`; rejects where it ends without. */
export function said(run: Running, text: string | RegExp): Promise<void> {
  const has = () => (typeof text === 'string' ? run.output().includes(text) : text.test(run.output()));
  return new Promise((resolve, reject) => {
    const look = () => has() && resolve();
    run.process.stdout?.on('data', look);
    run.process.stderr?.on('data', look);
    run.process.once('close', () => (has() ? resolve() : reject(new Error(`it ended before it said ${text}: ${run.output()}`))));
    look();
  });
}

export const checkpointOf = async (place: Workplace) =>
  JSON.parse(await readFile(join(place.volume, 'checkpoint.json'), 'utf8')) as Checkpoint;

export async function digest(url: string): Promise<unknown> {
  await using session = await testSession(url);
  return await digestOf(session);
}

/** How many batches of the collection of several are committed. */
export async function batchesOf(url: string): Promise<number> {
  await using session = await testSession(url);
  const [row] = await session.query<{ batch: string }>('select batch from nextcrm_migration.progress where collection = $1', [
    severalBatches.collection,
  ]);
  return Number(row?.batch ?? 0);
}

/** Keeps a transaction open, with what `statement` took in it (a lock, a snapshot), until disposed of. */
export async function heldOpen(url: string, statement: string): Promise<AsyncDisposable> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const held = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const transaction = sql.begin(async (inside) => {
    await inside.unsafe(statement);
    held.resolve();
    await release.promise;
  });
  await held.promise;
  return {
    async [Symbol.asyncDispose]() {
      release.resolve();
      await transaction;
      await sql.end();
    },
  };
}
