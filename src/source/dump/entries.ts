/** Every entry of a dump folder and of the folders in it, by looking at the folders alone: nothing is opened. */
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dumpFailure } from './failures.ts';

export type EntryKind = 'file' | 'folder' | 'FIFO' | 'socket' | 'device' | 'broken symbolic link';

export interface Entry {
  /** Relative to the folder that was named. */
  readonly path: string;
  readonly name: string;
  /** The one that it is in, relative as well; empty for the one that was named. */
  readonly folder: string;
  readonly kind: EntryKind;
  /** In bytes, of a file. */
  readonly size: number;
  /** A folder whose entries are here too. */
  readonly isEntered: boolean;
}

/** A dump has one or two levels. More than these is not a dump: somebody named a home folder, or a whole disk. */
const depthMax = 8;
const foldersMax = 1_000;

/** Ascending by name within a folder. Symbolic links stand for what they point to; a folder is entered once. */
export async function entriesOf(root: string, mayEnter: (name: string) => boolean): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const entered = new Set<string>();
  const enter = async (folder: string, depth: number): Promise<void> => {
    for (const name of await namesIn(join(root, folder))) {
      const path = join(folder, name);
      const stats = await statsOf(join(root, path));
      const common = { path, name, folder, size: stats?.size ?? 0 };
      if (stats === null || !stats.isDirectory()) {
        entries.push({ ...common, kind: kindOf(stats), isEntered: false });
        continue;
      }
      const identity = `${stats.dev}:${stats.ino}`;
      const isEntered = mayEnter(name) && depth < depthMax && entered.size < foldersMax && !entered.has(identity);
      entries.push({ ...common, kind: 'folder', isEntered });
      if (!isEntered) continue;
      entered.add(identity);
      await enter(path, depth + 1);
    }
  };
  await enter('', 1);
  return entries;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw dumpFailure(folder, error);
  });
  return names.sort();
}

/** Null where a symbolic link leads nowhere, and where a name is not valid UTF-8. */
async function statsOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') return null;
    throw dumpFailure(path, error);
  }
}

function kindOf(stats: Stats | null): EntryKind {
  if (stats === null) return 'broken symbolic link';
  if (stats.isFile()) return 'file';
  if (stats.isFIFO()) return 'FIFO';
  return stats.isSocket() ? 'socket' : 'device';
}
