/** Finds the database and its collections in the output folder of mongodump. */
import { open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type DumpCollection, readCollections } from './collections.ts';
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
import { namesIn } from './names.ts';

export interface DumpFolder {
  /** The folder of the database: the one that was named, or the one folder of a database in it. */
  readonly path: string;
  readonly database: string;
  readonly collections: readonly DumpCollection[];
}

/** MongoDB's own databases, which a dump of a whole server holds too. */
const systemDatabases = new Set(['admin', 'config', 'local']);

/** `folder` is an absolute path: the folder of one database, or its parent. */
export async function openDumpFolder(folder: string): Promise<DumpFolder> {
  const path = await databaseFolder(folder);
  return { path, database: basename(path), collections: await readCollections(path) };
}

async function databaseFolder(folder: string): Promise<string> {
  if (!(await isFolder(folder))) throw (await isArchive(folder)) ? dumpArchive(folder) : dumpNotFolder(folder);
  const names = await namesIn(folder);
  if (names.length === 0) throw dumpEmpty(folder);
  const databases = await databasesIn(folder, names);
  // Beside the folders of the databases mongodump puts the oplog of the time it took.
  const own = names.filter((name) => isBson(name) && !/^oplog\.bson(\.gz)?$/.test(name));
  if (own.length > 0) {
    if (databases.length > 0) throw dumpMixed(folder, databases);
    return folder;
  }
  const [database, ...others] = databases;
  if (database === undefined) throw dumpWithoutBson(folder);
  if (others.length > 0) throw dumpOfSeveral(folder, databases);
  return join(folder, database);
}

async function databasesIn(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const databases: string[] = [];
  for (const name of names) {
    // lost+found: of the file system, and for its administrator only.
    if (isBson(name) || systemDatabases.has(name) || name === 'lost+found') continue;
    const path = join(folder, name);
    if ((await isFolder(path)) && (await namesIn(path)).some(isBson)) databases.push(name);
  }
  return databases;
}

function isBson(name: string): boolean {
  return /\.bson(\.gz)?$/.test(name);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw dumpMissing(path);
    throw dumpFailure(path, error);
  }
}

/** The magic number of mongodump's archives (common/archive/archive.go in mongodb/mongo-tools), or gzip, as `--archive --gzip` writes. */
async function isArchive(path: string): Promise<boolean> {
  const file = await open(path).catch((error: unknown) => {
    throw dumpFailure(path, error);
  });
  try {
    const head = Buffer.alloc(4);
    await file.read(head, 0, 4, 0);
    const gzip = head.readUInt16BE(0) === 0x1f8b && !isBson(path);
    return gzip || head.readUInt32LE(0) === 0x8199e26d;
  } finally {
    await file.close();
  }
}
