/** The collections of a database's dump folder: what the files are named and what their metadata files say. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SourceCollection } from '../source.ts';
import { collectionTwice, dumpFailure, metadataBroken } from './failures.ts';
import type { DumpFile } from './inventory.ts';
import { decodedName } from './names.ts';

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

/** Ascending by name. `files` are those of the folder, whatever order. */
export async function readCollections(folder: string, files: readonly DumpFile[]): Promise<readonly DumpCollection[]> {
  const collections = new Map<string, DumpCollection>();
  for (const [stem, ofStem] of Map.groupBy(files, (file) => file.stem)) {
    const documents = ofStem.filter(({ kind }) => kind === 'documents');
    const metadata = ofStem.find(({ kind }) => kind === 'metadata');
    if (documents.length > 1)
      throw collectionTwice(
        decodedName(stem),
        documents.map(({ name }) => name),
      );
    const collection = await readCollection(folder, stem, documents[0], metadata);
    const other = collections.get(collection.name);
    if (other !== undefined) throw collectionTwice(collection.name, [other.file, collection.file]);
    collections.set(collection.name, collection);
  }
  return [...collections.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readCollection(
  folder: string,
  stem: string,
  documents: DumpFile | undefined,
  metadataFile: DumpFile | undefined,
): Promise<DumpCollection> {
  const metadata: Metadata = metadataFile === undefined ? { isView: false } : await readMetadata(join(folder, metadataFile.name));
  const name = metadata.collectionName ?? decodedName(stem);
  const gzip = documents?.content.format === 'gzip' || (documents === undefined && metadataFile?.name.endsWith('.gz') === true);
  return {
    name,
    type: typeOf(name, metadata, documents !== undefined && hasContent(documents)),
    uuid: metadata.uuid ?? null,
    documents: null,
    bytes: documents !== undefined && !gzip ? documents.size : null,
    file: documents?.name ?? `${stem}.bson${gzip ? '.gz' : ''}`,
    exists: documents !== undefined,
  };
}

function hasContent({ content, size }: DumpFile): boolean {
  return content.format === 'gzip' ? content.inner !== 'empty' : size > 0;
}

/**
 * A time series is a view of its `system.buckets` collection in MongoDB's own terms, and is treated as one. What a file of documents beside
 * the metadata of a view contains is loaded: mongodump writes none for a view, unless it was told to take it as a collection.
 */
function typeOf(name: string, { type, isView }: Metadata, hasDocuments: boolean): SourceCollection['type'] {
  if (name.startsWith('system.') || name.startsWith('$admin.system.')) return 'system';
  const isNone = isView || type === 'view' || type === 'timeseries';
  return isNone && !hasDocuments ? 'view' : 'collection';
}

/** With a byte order mark, or in UTF-16: an editor, or PowerShell, has rewritten it. Of JSON the first two characters are ASCII. */
function textOf(bytes: Buffer): string {
  const [first = 1, second = 1] = bytes;
  const mark = bytes.toString('hex', 0, 2);
  const isLittle = mark === 'fffe' || (first !== 0 && second === 0);
  const isBig = mark === 'feff' || (first === 0 && second !== 0);
  return new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8').decode(bytes);
}

async function readMetadata(path: string): Promise<Metadata> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw dumpFailure(path, error);
  });
  try {
    const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = textOf(isCompressed ? gunzipSync(bytes) : bytes);
    // An empty one comes from a disk that was full, or a dump that was stopped; one of zeros from a crash: the name is the file's.
    const isEmpty = text.replaceAll('\0', '').trim() === '';
    return isEmpty ? { isView: false } : metadataOf(JSON.parse(text));
  } catch (error) {
    throw metadataBroken(path, error);
  }
}

function metadataOf(parsed: unknown): Metadata {
  if (parsed === null) return { isView: false };
  if (typeof parsed !== 'object') throw new TypeError('Expected an object');
  const { collectionName, uuid, type, options } = parsed as Record<string, unknown>;
  return {
    ...(typeof collectionName === 'string' && collectionName !== '' ? { collectionName } : {}),
    ...(typeof uuid === 'string' && /^[0-9a-f]{32}$/i.test(uuid) ? { uuid: uuid.toLowerCase() } : {}),
    ...(typeof type === 'string' ? { type } : {}),
    isView: typeof options === 'object' && options !== null && ('viewOn' in options || 'timeseries' in options),
  };
}
