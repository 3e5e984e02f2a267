/** Finds the database and its collections in the output folder of mongodump. */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { UnreadEntry } from '../source.ts';
import { type DumpCollection, readCollections } from './collections.ts';
import { contentOf } from './content.ts';
import { type Entry, entriesOf } from './entries.ts';
import {
  dumpArchive,
  dumpEmpty,
  dumpFailure,
  dumpMissing,
  dumpMixed,
  dumpNotFolder,
  dumpOfSeveral,
  dumpWithoutBson,
} from './failures.ts';
import { databaseFolders, takeInventory } from './inventory.ts';
import { isStranger, isSystemDatabase, parseFileName } from './names.ts';
import { unreadEntry } from './unread.ts';

export interface DumpFolder {
  /** The folder of the database: the one that was named, or the one folder of a database in it. */
  readonly path: string;
  readonly database: string;
  readonly collections: readonly DumpCollection[];
  /** Entries of the folder that was named, at any depth. */
  readonly unread: readonly UnreadEntry[];
}

/** `folder` is an absolute path: the folder of one database, or one above it. */
export async function openDumpFolder(folder: string): Promise<DumpFolder> {
  const stats = await statsOf(folder);
  if (!stats.isDirectory()) throw await notFolder(folder, stats);
  // Hidden folders are trash, snapshots and the like; a database's name cannot begin with a dot.
  const entries = await entriesOf(folder, (name) => !isSystemDatabase(name) && !isStranger(name) && !name.startsWith('.'));
  const database = await databaseFolder(folder, entries);
  const path = join(folder, database);
  const { files, unread } = await takeInventory(folder, entries, database);
  return { path, database: basename(path), collections: await readCollections(path, files), unread };
}

/** Relative to `root`. */
async function databaseFolder(root: string, entries: readonly Entry[]): Promise<string> {
  const [database, ...others] = databaseFolders(entries);
  if (database !== undefined && others.length === 0) return database;
  if (database === undefined) {
    if (entries.length === 0) throw dumpEmpty(root);
    throw dumpWithoutBson(root, (await takeInventory(root, entries, null)).unread);
  }
  const all = [database, ...others].sort();
  throw all.includes('') ? dumpMixed(root, all.slice(1)) : dumpOfSeveral(root, all);
}

async function statsOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw dumpMissing(path);
    throw dumpFailure(path, error);
  }
}

/** An archive is named with the command that unpacks it, a file of documents with its folder. */
async function notFolder(path: string, stats: Stats): Promise<Error> {
  if (!stats.isFile()) return dumpNotFolder(path, null);
  const name = basename(path);
  const content = await contentOf(path);
  const isPlain = ['bson', 'other', 'empty'].includes(content.inner);
  if (isPlain) return dumpNotFolder(path, parseFileName(name) === null ? null : dirname(path));
  const entry = { path, name, folder: '', kind: 'file', size: stats.size, isEntered: false } as const;
  return dumpArchive(unreadEntry(entry, content));
}
