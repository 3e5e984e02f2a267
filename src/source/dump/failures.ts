/** What can be wrong with a dump folder, in words. */
import { exitCodes, Failure } from '../../failure.ts';

const howToName =
  'MONGODB_URL must name the output folder of mongodump, as in file:///path/to/dump or file:///path/to/dump/nextcrm';

/** The operating system refuses to read `path`. */
export function dumpFailure(path: string, cause: unknown): Failure {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  const denied = reason === 'EACCES' || reason === 'EPERM';
  return new Failure({
    code: 'SOURCE_DUMP_UNREADABLE',
    exit: exitCodes.source,
    what: `${path} of the dump cannot be read (${reason}).`,
    next: denied
      ? `Give the user that runs this program${userId()} the right to read the dump: chmod -R a+rX on the dump folder does it.`
      : 'See that the disk is attached and sound and that no file of the dump is being moved or written, then start again.',
    cause,
  });
}

function userId(): string {
  const id = process.getuid?.();
  return id === undefined ? '' : ` (user id ${id})`;
}

function wrongPath(code: string, what: string, next: string): Failure {
  return new Failure({ code, exit: exitCodes.usage, what, next });
}

export const dumpMissing = (folder: string) =>
  wrongPath(
    'SOURCE_DUMP_MISSING',
    `The dump folder ${folder} does not exist.`,
    `${howToName}; in a container it must be mounted, and the path is the one inside the container.`,
  );

export const dumpNotFolder = (path: string) =>
  wrongPath('SOURCE_DUMP_NOT_FOLDER', `${path} is a file, not the output folder of mongodump.`, `${howToName}.`);

export const dumpArchive = (path: string) =>
  wrongPath(
    'SOURCE_DUMP_ARCHIVE',
    `${path} is an archive file of mongodump (--archive), which cannot be read from a given place on.`,
    'Take the dump again with "mongodump --out FOLDER", or restore the archive with "mongorestore --archive" into a MongoDB server and give that as MONGODB_URL.',
  );

export const dumpEmpty = (folder: string) =>
  wrongPath(
    'SOURCE_DUMP_EMPTY',
    `The dump folder ${folder} is empty.`,
    `${howToName}; in a container, see that the right folder is mounted there.`,
  );

export const dumpWithoutBson = (folder: string) =>
  wrongPath(
    'SOURCE_DUMP_NO_COLLECTION',
    `The folder ${folder} holds no .bson or .bson.gz file, nor does a folder in it for a database of an application.`,
    `${howToName}.`,
  );

export const dumpOfSeveral = (folder: string, databases: readonly string[]) =>
  wrongPath(
    'SOURCE_DATABASE_AMBIGUOUS',
    `The dump folder ${folder} holds several databases: ${databases.join(', ')}.`,
    `Name the folder of NextCRM's database in MONGODB_URL, as in file://${folder}/${databases[0] ?? 'nextcrm'}.`,
  );

export const dumpMixed = (folder: string, databases: readonly string[]) =>
  wrongPath(
    'SOURCE_DUMP_MIXED',
    `The folder ${folder} holds .bson files of its own and folders with .bson files as well: ${databases.join(', ')}.`,
    'Which of them is meant is not guessed: name the folder of one database in MONGODB_URL, one that holds no other.',
  );

export const collectionTwice = (collection: string, files: readonly string[]) =>
  wrongPath(
    'SOURCE_DUMP_TWICE',
    `The dump holds the collection ${collection} in several files: ${files.join(', ')}.`,
    'Two dumps were probably written into one folder: take the dump again into an empty folder.',
  );

export const metadataBroken = (path: string, cause: unknown) =>
  new Failure({
    code: 'SOURCE_DUMP_METADATA',
    exit: exitCodes.source,
    what: `The metadata file ${path} of the dump cannot be understood.`,
    next: "Take the dump again, or remove this file: then the name of the collection is taken from the file's name.",
    cause,
  });

export const dumpShorter = (path: string) =>
  new Failure({
    code: 'SOURCE_CHANGED',
    exit: exitCodes.source,
    what: `${path} is shorter than what was read of it before: the dump was changed after the migration began.`,
    next: 'Put the same dump back and start again, or start over with an empty target database and volume.',
  });

export const dumpLost = (folder: string, collection: string) =>
  new Failure({
    code: 'SOURCE_CHANGED',
    exit: exitCodes.source,
    what: `The collection ${collection} was in the dump ${folder} before and is no longer there.`,
    next: 'Put the whole dump back, or start over with an empty target database and volume.',
  });
