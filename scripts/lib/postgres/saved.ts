/** The few facts about a lasting server that the next call needs, in a file which only its owner may read. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileName = 'server.json';

/** Null when there is none, or a killed call left it half-made. */
export async function readSaved<T>(folder: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(join(folder, fileName), 'utf8')) as T; // written by `save` below
  } catch {
    return null;
  }
}

export async function save<T>(folder: string, facts: T): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `${fileName}.new`);
  await writeFile(temporary, JSON.stringify(facts), { mode: 0o600 });
  await rename(temporary, join(folder, fileName));
}
