/** What a folder of a dump holds. */
import { readdir } from 'node:fs/promises';
import { dumpFailure } from './failures.ts';

/** Ascending, without hidden ones (a collection's name cannot begin with a dot). */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw dumpFailure(folder, error);
  });
  return names.filter((name) => !name.startsWith('.')).sort();
}
