/**
 * Everything in a dump folder has a fate: documents that are read, metadata, known and not ours (of mongodump, of MongoDB itself, of an
 * operating system), or not read and told.
 */
import { join } from 'node:path';
import { Failure } from '../../failure.ts';
import type { UnreadEntry } from '../source.ts';
import { type Content, contentOf } from './content.ts';
import type { Entry } from './entries.ts';
import { isOplog, isPrelude, isStranger, isSystemDatabase, parseFileName } from './names.ts';
import { unreadEntry } from './unread.ts';

/** A file of the database that is read. */
export interface DumpFile {
  readonly name: string;
  readonly stem: string;
  readonly kind: 'documents' | 'metadata';
  readonly size: number;
  readonly content: Content;
}

export interface Inventory {
  readonly files: readonly DumpFile[];
  readonly unread: readonly UnreadEntry[];
}

/** The folders that have documents of a database of an application, the named one as ''. */
export function databaseFolders(entries: readonly Entry[]): readonly string[] {
  // The data of a server has a storage.bson.
  const ofServers = new Set(entries.filter(({ name }) => name === 'WiredTiger').map(({ folder }) => folder));
  const folders = entries.filter((entry) => isDocumentsName(entry) && !isOplog(entry.name)).map(({ folder }) => folder);
  return [...new Set(folders)].filter((folder) => !ofServers.has(folder));
}

const isDocumentsName = ({ kind, name }: Entry): boolean => kind === 'file' && parseFileName(name)?.kind === 'documents';

/** `database`: the folder of the database, relative to `root` as the entries are; null where there is none. */
export async function takeInventory(root: string, entries: readonly Entry[], database: string | null): Promise<Inventory> {
  const files: DumpFile[] = [];
  const unread: UnreadEntry[] = [];
  const names = new Set(entries.filter(({ folder }) => folder === database).map(({ name }) => name.toLowerCase()));
  for (const entry of entries) {
    if (isKnown(entry, database)) continue;
    const isOurs = entry.folder === database;
    const parsed = isOurs && entry.kind === 'file' ? parseFileName(entry.name) : null;
    const content = await contentUnlessRefused(root, entry, parsed !== null);
    if (content?.format === 'AppleDouble' && entry.name.startsWith('._')) continue;
    const isReadable = parsed !== null && content !== null && (parsed.kind === 'metadata' || isDocuments(content));
    // The oplog of the time that the dump took, in a dump of one database whose files were put together; a collection has metadata.
    const isOplogFile = isOplog(entry.name) && !names.has('oplog.metadata.json') && !names.has('oplog.metadata.json.gz');
    if (isReadable && !isOplogFile) files.push({ ...parsed, name: entry.name, size: entry.size, content });
    else if (isOplogFile && entry.kind === 'file') {
      if (entry.size > 0) unread.push(oplog(unreadEntry(entry, content)));
    } else unread.push(unreadEntry(entry, content));
  }
  return { files, unread };
}

function isKnown({ name, kind, path, isEntered }: Entry, database: string | null): boolean {
  if (isStranger(name)) return true;
  if (kind === 'file') return isPrelude(name);
  if (kind !== 'folder') return false;
  const isOnTheWay = database !== null && `${database}/`.startsWith(`${path}/`);
  return isSystemDatabase(name) || (isEntered && (isOnTheWay || parseFileName(name) === null));
}

/** What is damaged from its first byte is read all the same, and told as a damage. */
const isDocuments = ({ format, inner }: Content): boolean =>
  (format === 'gzip' ? ['empty', 'bson', 'other'] : ['empty', 'bson', 'other', 'AppleDouble']).includes(inner);

/** Nothing that is no regular file is opened. What is needed must be readable; of the rest it is told. */
async function contentUnlessRefused(root: string, { path, kind }: Entry, isNeeded: boolean): Promise<Content | null> {
  if (kind !== 'file') return null;
  try {
    return await contentOf(join(root, path));
  } catch (error) {
    if (isNeeded || !(error instanceof Failure)) throw error;
    return null;
  }
}

const oplog = (entry: UnreadEntry): UnreadEntry => ({
  ...entry,
  what: 'the oplog of the time that the dump took (mongodump --oplog), which is not applied',
  next: 'If something wrote to MongoDB meanwhile, run mongodump again while NextCRM is stopped.',
  mayContain: 'nothing',
});
