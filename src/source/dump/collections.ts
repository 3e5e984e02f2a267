/** The collections of a database's dump folder: what the files are named and what their metadata files say. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SourceCollection } from '../source.ts';
import { collectionTwice, dumpFailure, metadataBroken } from './failures.ts';
import { namesIn } from './names.ts';

export interface DumpCollection extends SourceCollection {
  /** The file with the documents, in the folder of the database. */
  readonly file: string;
  /** False where only the metadata file is there: mongodump writes both, so that documents were lost. */
  readonly exists: boolean;
}

interface Metadata {
  readonly collectionName?: string;
  readonly uuid?: string;
  readonly type?: string;
  readonly isView: boolean;
}

const fileName = /^(?<stem>.*)\.(?<kind>bson|metadata\.json)(?<gz>\.gz)?$/s;

/** Ascending by name. */
export async function readCollections(folder: string): Promise<readonly DumpCollection[]> {
  const files = new Map<string, { bson: string[]; metadata: string[]; gz: string }>();
  for (const name of await namesIn(folder)) {
    const { stem, kind, gz = '' } = fileName.exec(name)?.groups ?? {};
    if (stem === undefined) continue;
    const entry = files.get(stem) ?? { bson: [], metadata: [], gz };
    entry[kind === 'bson' ? 'bson' : 'metadata'].push(name);
    files.set(stem, entry);
  }
  const collections = new Map<string, DumpCollection>();
  for (const [stem, { bson, metadata, gz }] of files) {
    if (bson.length > 1) throw collectionTwice(decodedName(stem), bson);
    const file = bson[0] ?? `${stem}.bson${gz}`;
    const collection = await readCollection(folder, stem, file, bson.length > 0, metadata[0]);
    const other = collections.get(collection.name);
    if (other !== undefined) throw collectionTwice(collection.name, [other.file, file]);
    collections.set(collection.name, collection);
  }
  return [...collections.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readCollection(
  folder: string,
  stem: string,
  file: string,
  exists: boolean,
  metadataFile?: string,
): Promise<DumpCollection> {
  const metadata: Metadata = metadataFile === undefined ? { isView: false } : await readMetadata(join(folder, metadataFile));
  const name = metadata.collectionName ?? decodedName(stem);
  return {
    name,
    type: typeOf(name, metadata),
    uuid: metadata.uuid ?? null,
    documents: null,
    bytes: exists && !file.endsWith('.gz') ? await sizeOf(join(folder, file)) : null,
    file,
    exists,
  };
}

/** A time series is a view of its `system.buckets` collection in MongoDB's own terms, and is treated as one. */
function typeOf(name: string, { type, isView }: Metadata): SourceCollection['type'] {
  if (name.startsWith('system.') || name.startsWith('$admin.system.')) return 'system';
  return isView || type === 'view' || type === 'timeseries' ? 'view' : 'collection';
}

/** The inverse of Go's `url.QueryEscape`, with which mongodump makes file names; another name stands for itself. */
function decodedName(stem: string): string {
  try {
    return decodeURIComponent(stem.replaceAll('+', ' '));
  } catch {
    return stem;
  }
}

async function readMetadata(path: string): Promise<Metadata> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw dumpFailure(path, error);
  });
  try {
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    return metadataOf(JSON.parse(text));
  } catch (error) {
    throw metadataBroken(path, error);
  }
}

function metadataOf(parsed: unknown): Metadata {
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError('Expected an object');
  const { collectionName, uuid, type, options } = parsed as Record<string, unknown>;
  return {
    ...(typeof collectionName === 'string' && collectionName !== '' ? { collectionName } : {}),
    ...(typeof uuid === 'string' && /^[0-9a-f]{32}$/i.test(uuid) ? { uuid: uuid.toLowerCase() } : {}),
    ...(typeof type === 'string' ? { type } : {}),
    isView: typeof options === 'object' && options !== null && 'viewOn' in options,
  };
}

async function sizeOf(path: string): Promise<number> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw dumpFailure(path, error);
  });
  return size;
}
