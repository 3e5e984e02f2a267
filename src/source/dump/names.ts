/** What the names in a dump folder say. */

export interface DumpFileName {
  /** The collection's name, encoded by mongodump. */
  readonly stem: string;
  readonly kind: 'documents' | 'metadata';
}

/** MongoDB's own databases, which a dump of a whole server contains too. */
const systemDatabases = new Set(['admin', 'config', 'local']);

/** Of operating systems, file systems and network storage. */
const strangers = new Set(
  [
    '.DS_Store',
    '.Spotlight-V100',
    '.Trashes',
    '.fseventsd',
    '.git',
    '.gitignore',
    '.gitkeep',
    '.keep',
    '.snapshot',
    '$RECYCLE.BIN',
    '@eaDir',
    '#recycle',
    '__MACOSX',
    'desktop.ini',
    'ehthumbs.db',
    'lost+found',
    'System Volume Information',
    'Thumbs.db',
  ].map((name) => name.toLowerCase()),
);

/** Null for a name that mongodump does not write. In any case: `Users.BSON` comes from a file system that knows no other. */
export function parseFileName(name: string): DumpFileName | null {
  // A collection's name cannot begin with a dot.
  const { stem, kind } = /^(?<stem>[^.].*)\.(?<kind>bson|metadata\.json)(?:\.gz)?$/is.exec(name)?.groups ?? {};
  if (stem === undefined || kind === undefined) return null;
  return { stem, kind: kind.toLowerCase() === 'bson' ? 'documents' : 'metadata' };
}

/** What mongodump writes beside the collections: the oplog of the time it took, and what it says of the server. */
export const isOplog = (name: string): boolean => /^oplog\.bson(\.gz)?$/i.test(name);
export const isPrelude = (name: string): boolean => /^prelude\.json(\.gz)?$/i.test(name);

export const isSystemDatabase = (name: string): boolean => systemDatabases.has(name);

export const isStranger = (name: string): boolean => strangers.has(name.toLowerCase());

/** The inverse of Go's `url.QueryEscape`, with which mongodump makes file names; another name stands for itself. */
export function decodedName(stem: string): string {
  try {
    return decodeURIComponent(stem.replaceAll('+', ' '));
  } catch {
    return stem;
  }
}
