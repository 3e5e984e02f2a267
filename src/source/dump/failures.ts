/** What can be wrong with a dump folder, in words. */
import { pathToFileURL } from 'node:url';
import { exitCodes, Failure } from '../../failure.ts';
import type { UnreadEntry } from '../source.ts';
import { unreadHint } from '../unread-hint.ts';

const howToName =
  'MONGODB_URL must be the output folder of mongodump, for example file:///path/to/dump or file:///path/to/dump/nextcrm';

/** The operating system refuses to read `path`. */
export function dumpFailure(path: string, cause: unknown): Failure {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  const denied = reason === 'EACCES' || reason === 'EPERM';
  return new Failure({
    code: 'SOURCE_DUMP_UNREADABLE',
    exit: exitCodes.source,
    what: `${path} of the dump cannot be read (${reason}).`,
    next: denied
      ? `Give the user that runs this program${userId()} read permission on the dump, for example with chmod -R a+rX on the dump folder.`
      : 'Check that the disk is attached and healthy and that nothing moves or writes files of the dump, then start again.',
    cause,
  });
}

function userId(): string {
  const id = process.getuid?.();
  return id === undefined ? '' : ` (user id ${id})`;
}

const urlOf = (path: string): string => `MONGODB_URL=${pathToFileURL(path).href}`;

const listedMax = 10;
const listed = (names: readonly string[]): string =>
  `${names.slice(0, listedMax).join(', ')}${names.length > listedMax ? ` and ${names.length - listedMax} more` : ''}`;

function wrongPath(code: string, what: string, next: string): Failure {
  return new Failure({ code, exit: exitCodes.usage, what, next });
}

export const dumpMissing = (folder: string) =>
  wrongPath(
    'SOURCE_DUMP_MISSING',
    `The dump folder ${folder} does not exist.`,
    `${howToName}. In a container the folder must be mounted, and the path is the one inside the container.`,
  );

/** `folder`: the one that is meant, where that can be told. */
export const dumpNotFolder = (path: string, folder: string | null) =>
  wrongPath(
    'SOURCE_DUMP_NOT_FOLDER',
    `${path} is not a folder.`,
    folder === null ? `${howToName}.` : `Set MONGODB_URL to the folder of the database: ${urlOf(folder)}`,
  );

export const dumpArchive = ({ file, what, next }: UnreadEntry) =>
  wrongPath(
    'SOURCE_DUMP_ARCHIVE',
    `${file} is ${what}, not the output folder of mongodump.`,
    `${next} Then set MONGODB_URL to the folder with the .bson files.`,
  );

export const dumpEmpty = (folder: string) =>
  wrongPath(
    'SOURCE_DUMP_EMPTY',
    `The dump folder ${folder} is empty.`,
    `${howToName}. In a container, check that the right folder is mounted.`,
  );

/** `unread`: what the folder has instead. */
export function dumpWithoutBson(folder: string, unread: readonly UnreadEntry[]): Failure {
  const archive = unread.find(({ mayContain }) => mayContain === 'any collection');
  const file = archive ?? unread.find(({ mayContain }) => mayContain !== 'nothing') ?? unread[0];
  return wrongPath(
    archive === undefined ? 'SOURCE_DUMP_NO_COLLECTION' : 'SOURCE_DUMP_ARCHIVE',
    `The folder ${folder} contains no .bson or .bson.gz file, and no subfolder for an application database that does.${unreadHint(unread)}`,
    file === undefined ? `${howToName}.` : `${file.next} ${howToName}.`,
  );
}

export const dumpOfSeveral = (folder: string, databases: readonly string[]) =>
  wrongPath(
    'SOURCE_DATABASE_AMBIGUOUS',
    `The dump folder ${folder} contains several databases: ${listed(databases)}.`,
    `Set MONGODB_URL to the folder of NextCRM's database, for example ${urlOf(`${folder}/${databases[0] ?? 'nextcrm'}`)}`,
  );

export const dumpMixed = (folder: string, databases: readonly string[]) =>
  wrongPath(
    'SOURCE_DUMP_MIXED',
    `The folder ${folder} contains .bson files, and also subfolders with .bson files: ${listed(databases)}.`,
    'Set MONGODB_URL to the folder of one database, one that contains no other.',
  );

export const collectionTwice = (collection: string, files: readonly string[]) =>
  wrongPath(
    'SOURCE_DUMP_TWICE',
    `The dump contains the collection ${collection} in several files: ${files.join(', ')}.`,
    'Two dumps were probably written into one folder: create the dump again in an empty folder.',
  );

export const metadataBroken = (path: string, cause: unknown) =>
  new Failure({
    code: 'SOURCE_DUMP_METADATA',
    exit: exitCodes.source,
    what: `The metadata file ${path} of the dump cannot be parsed.`,
    next: 'Create the dump again, or remove this file: the collection name is then derived from the file name.',
    cause,
  });

export const dumpShorter = (path: string) =>
  new Failure({
    code: 'SOURCE_CHANGED',
    exit: exitCodes.source,
    what: `${path} is shorter than the part that was already read: the dump was changed after the migration started.`,
    next: 'Restore the original dump and start again, or start over with an empty target database and volume.',
  });

export const dumpLost = (folder: string, collection: string) =>
  new Failure({
    code: 'SOURCE_CHANGED',
    exit: exitCodes.source,
    what: `The collection ${collection} is no longer in the dump ${folder}.`,
    next: 'Restore the complete dump, or start over with an empty target database and volume.',
  });
