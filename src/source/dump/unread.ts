/** What a dump folder contains and this program does not read: what each entry is, and the command that helps. */
import type { UnreadEntry } from '../source.ts';
import type { Content, Format } from './content.ts';
import type { Entry } from './entries.ts';

/** `content` null: nothing that can be opened. */
export function unreadEntry(entry: Entry, content: Content | null): UnreadEntry {
  const file = shown(entry.path);
  const [what, next] = content === null ? ofKind(entry) : (packed(content, file) ?? named(entry, content, file));
  return { file, name: shown(entry.name), what, next, mayContain: mayContain(entry, content) };
}

type Told = readonly [what: string, next: string];

/** By the format: the command that unpacks it. */
function packed({ format, inner }: Content, file: string): Told | null {
  const it = quoted(file);
  const restore = (gzip: string) =>
    `Run mongodump again without --archive, or restore it with "mongorestore${gzip} --archive=${it}" into a MongoDB server and set MONGODB_URL to that server.`;
  if (format === 'gzip') {
    if (inner === 'archive') return ['an archive of mongodump (--archive --gzip)', restore(' --gzip')];
    if (inner === 'tar') return ['a compressed tar archive', `Unpack it with "tar xzf ${it}".`];
    if (inner === 'gzip') return ['compressed with gzip twice', `Decompress it once with "${inPlace('gzip -dc', file)}".`];
    const other = inner === 'bson' ? undefined : unpackers[inner];
    return other === undefined
      ? null
      : [`${other.what}, compressed with gzip`, `Decompress it with "${inPlace('gzip -dc', file)}".`];
  }
  if (format === 'archive') return ['an archive of mongodump (--archive)', restore('')];
  const unpacker = unpackers[format];
  if (unpacker === undefined) return null;
  const { what, command, ending } = unpacker;
  const needsEnding = ending !== undefined && !file.toLowerCase().endsWith(ending);
  return [what, `Unpack it with "${needsEnding ? inPlace(`${command}c`, file) : `${command} ${it}`}".`];
}

interface Unpacker {
  readonly what: string;
  readonly command: string;
  /** Of a program that unpacks one file: it takes off this ending, and refuses another name. */
  readonly ending?: string;
}

const unpackers: { readonly [F in Format]?: Unpacker } = {
  zstd: { what: 'compressed with zstd', command: 'zstd -d', ending: '.zst' },
  xz: { what: 'compressed with xz', command: 'xz -d', ending: '.xz' },
  bzip2: { what: 'compressed with bzip2', command: 'bzip2 -d', ending: '.bz2' },
  lz4: { what: 'compressed with lz4', command: 'lz4 -d', ending: '.lz4' },
  compress: { what: 'compressed with compress', command: 'gzip -d', ending: '.z' },
  zip: { what: 'a ZIP archive', command: 'unzip' },
  '7z': { what: 'a 7-Zip archive', command: '7z x' },
  rar: { what: 'a RAR archive', command: 'unrar x' },
  tar: { what: 'a tar archive', command: 'tar xf' },
};

/** `command` writes to its standard output what is in the file, which then has the same name. */
const inPlace = (command: string, file: string): string =>
  `${command} ${quoted(file)} > ${quoted(`${file}.unpacked`)} && mv ${quoted(`${file}.unpacked`)} ${quoted(file)}`;

/** What a server keeps in the folder of its data. */
const isServerData = (name: string): boolean =>
  /^WiredTiger|^_mdb_catalog\.wt$|^(collection|index)-.*\.wt$|^sizeStorer\.wt$/.test(name);

const isEncrypted = (name: string): boolean => /\.(gpg|pgp|age|enc|aes)$/i.test(name);

function ofKind({ kind, name }: Entry): Told {
  if (kind === 'folder')
    return [
      `a folder${/\.bson/i.test(name) ? ' with the name of a file' : ' that was not searched'}`,
      'Move the files of the collection into the folder of the database.',
    ];
  if (kind === 'file') return ['a file that cannot be read', 'Give the user that runs this program the right to read it.'];
  return [`a ${kind}, not a file`, 'Replace it with the file itself, as mongodump writes it.'];
}

/** By the name. */
function named({ name }: Entry, { format, inner }: Content, file: string): Told {
  const it = quoted(file);
  if (isServerData(name))
    return [
      'a data file of a MongoDB server (its dbPath), not a dump',
      'Start a MongoDB server on a copy of that folder (mongod --dbpath FOLDER), and run mongodump there.',
    ];
  if (isEncrypted(name)) return ['encrypted, by its name', 'Decrypt it, so that its name ends in .bson or .bson.gz.'];
  if (/\.br$/i.test(name)) return ['compressed with Brotli, by its name', `Unpack it with "brotli -d ${it}".`];
  if (/\.(\d{3}|part-?\d+|z\d\d|[a-z]{2})$/i.test(name) && !/\.(gz|bz|xz|lz|js|md|sh|py|ts|db|wt)$/i.test(name)) {
    const whole = quoted(file.replace(/\.[^.]+$/, ''));
    return ['a part of a file that was split', `Join the parts in their order with "cat ${whole}.* > ${whole}".`];
  }
  if (/^\.|~$|\.(part|partial|filepart|tmp|temp|crdownload|download|incomplete|swp)$/i.test(name))
    return [
      'an incomplete or temporary file by its name',
      'Copy the file again from where the dump was taken; if it is complete, rename it to the name that ends in .bson.',
    ];
  if (/\.(bak|backup|old|orig|save|copy|\d+)$/i.test(name))
    return ['a backup copy by its name', 'If it is the one to migrate, rename it so that it ends in .bson; if not, remove it.'];
  if (/\.(json|jsonl|ndjson|csv|tsv)(\.gz)?$/i.test(name))
    return [
      'an export as text, not a dump',
      'Import it into a MongoDB server (mongoimport) and run mongodump there, or set MONGODB_URL to that server. If the .bson file is complete, remove this one.',
    ];
  if (inner === 'bson') {
    const suffix = format === 'gzip' ? '.gz' : '';
    const packing = /\.(zst|xz|bz2|lz4|zip)$/i.exec(file)?.[0];
    const stem = /^.*?(?=\.bson\b)/is.exec(file)?.[0];
    return [
      packing === undefined
        ? 'documents without the name of a .bson file'
        : `documents that are not compressed, with the name of a ${packing} file`,
      stem === undefined
        ? `Rename it with "mv ${it} COLLECTION.bson${suffix}", COLLECTION being the name of its collection.`
        : `Rename it with "mv ${it} ${quoted(`${stem}.bson${suffix}`)}".`,
    ];
  }
  return [
    'not a file that mongodump writes',
    'If it contains documents, add them to the dump as a .bson file; if not, remove it.',
  ];
}

/** Which documents may be in it, apart from what the name says. */
function mayContain({ name, kind }: Entry, content: Content | null): UnreadEntry['mayContain'] {
  if (content === null) return kind === 'folder' && !/\.bson/i.test(name) ? 'nothing' : 'the collection of its name';
  const { format, inner } = content;
  if (['archive', 'tar', 'zip', '7z', 'rar'].includes(inner) || isServerData(name)) return 'any collection';
  if (isEncrypted(name) && !/\.bson\b/i.test(name)) return 'any collection';
  const isText = format === 'other' || format === 'empty' || (format === 'gzip' && inner === 'other');
  // Checksums, signatures, notes and programs.
  if (isText && /\.(md5|sha\d*|sum|crc|asc|sig|md|log|html?|sh|js|ts|py|ya?ml|conf|ini)(\.gz)?$/i.test(name)) return 'nothing';
  if (isText || /\.(bson|json|csv)\b/i.test(name)) return 'the collection of its name';
  return 'any collection';
}

/** A name in a message is one line, whatever characters it has. */
const shown = (text: string): string => text.replace(/\p{Cc}/gu, '?');

const quoted = (path: string): string => (/^[\w./%+,=@:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
