/** Writes a folder as `mongodump` does: for tests that need a dump on disk. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Document, serialize } from 'bson';

export interface DumpOptions {
  /** `.bson.gz` and `.metadata.json.gz`. */
  readonly gzip?: boolean;
  /** False: no metadata files (as a hand-made dump). */
  readonly metadata?: boolean;
  /** The value of `type` in the metadata file, by collection: 'collection' where it is not named. */
  readonly types?: { readonly [collection: string]: string };
}

/** Documents as objects, or as raw bytes (valid BSON or not), by collection. */
export interface DumpContent {
  readonly [collection: string]: readonly (Document | Uint8Array)[];
}

/** Makes `folder`, the folder of one database, and writes a `.bson` and a `.metadata.json` file a collection. */
export async function writeDump(folder: string, content: DumpContent, options: DumpOptions = {}): Promise<void> {
  const { gzip = false, metadata = true, types = {} } = options;
  const write = (file: string, bytes: Uint8Array) =>
    gzip ? writeFile(join(folder, `${file}.gz`), gzipSync(bytes)) : writeFile(join(folder, file), bytes);
  await mkdir(folder, { recursive: true });
  for (const [collection, documents] of Object.entries(content)) {
    await write(`${dumpFileName(collection)}.bson`, rawDocuments(documents));
    if (metadata) await write(`${dumpFileName(collection)}.metadata.json`, metadataOf(collection, types[collection]));
  }
}

/** The documents one after the other, as a `.bson` file holds them. */
export function rawDocuments(documents: readonly (Document | Uint8Array)[]): Buffer {
  return Buffer.concat(documents.map((document) => (document instanceof Uint8Array ? document : serialize(document))));
}

/**
 * The stem of a collection's files: Go's `url.QueryEscape`, cut where it would be too long for a file name
 * (`outputPath` of mongodump/prepare.go in mongodb/mongo-tools).
 */
function dumpFileName(collection: string): string {
  const escaped = encodeURIComponent(collection)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
  if (escaped.length <= 238) return escaped;
  return `${escaped.slice(0, 208)}%24${createHash('sha1').update(collection).digest('base64url')}`;
}

/** The UUID (32 hex digits) that the metadata file names. */
function dumpUuid(collection: string): string {
  return createHash('sha256').update(collection).digest('hex').slice(0, 32);
}

function metadataOf(collectionName: string, type = 'collection'): Buffer {
  const indexes = type === 'view' ? [] : [{ v: { $numberInt: '2' }, key: { _id: { $numberInt: '1' } }, name: '_id_' }];
  return Buffer.from(JSON.stringify({ options: {}, indexes, uuid: dumpUuid(collectionName), collectionName, type }));
}

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** As `MONGODB_URL` takes it. */
  readonly url: string;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'nextcrm-migrate-'));
  return {
    path,
    url: pathToFileURL(path).href,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
