/** Writes collections as `mongodump` lays them out: `<collection>.bson` and `<collection>.metadata.json`, or both with `.gz`. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { serializeWithBufferAndIndex } from 'bson';
import { Failure } from '../../src/failure.ts';
import type { Fields } from './draft.ts';

/** Documents are gathered into writes of this size. */
const chunkBytes = 1 << 20;
/** More than any document made here has. */
const documentBytesMax = 1 << 16;

export interface DumpFolder {
  readonly folder: string;
  readonly gzip: boolean;
}

/** Makes `out/<database>`, which must not hold anything yet: files of another dump would look like a part of this one. */
export async function newDump(out: string, database: string, gzip: boolean): Promise<DumpFolder> {
  const folder = join(out, database);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new Failure({
      code: 'SAMPLE_FOLDER_IN_USE',
      exit: 2,
      what: `The folder ${folder} is not empty.`,
      next: 'Remove it, or choose another folder with --out.',
    });
  }
  const dump = { folder, gzip };
  await write(dump, 'prelude.json', [Buffer.from(JSON.stringify({ ServerVersion: '7.0.14', ToolVersion: '100.10.0' }))]);
  return dump;
}

/** Streams one collection; the memory used does not depend on its size. Gives its size in bytes, uncompressed. */
export async function writeCollection(dump: DumpFolder, collection: string, documents: Iterable<Fields>): Promise<number> {
  let bytes = 0;
  function* counted() {
    for (const chunk of chunksOf(documents)) {
      bytes += chunk.byteLength;
      yield chunk;
    }
  }
  await write(dump, `${collection}.bson`, counted());
  await write(dump, `${collection}.metadata.json`, [Buffer.from(JSON.stringify(metadata(collection)))]);
  return bytes;
}

function* chunksOf(documents: Iterable<Fields>): Generator<Uint8Array> {
  let chunk = Buffer.allocUnsafe(chunkBytes + documentBytesMax);
  let used = 0;
  for (const fields of documents) {
    used = serializeWithBufferAndIndex(fields, chunk, { index: used }) + 1;
    if (used < chunkBytes) continue;
    yield chunk.subarray(0, used);
    // The written chunk may still wait in the stream, so the next one has memory of its own.
    chunk = Buffer.allocUnsafe(chunkBytes + documentBytesMax);
    used = 0;
  }
  if (used > 0) yield chunk.subarray(0, used);
}

function metadata(collection: string) {
  return {
    options: {},
    indexes: [{ v: { $numberInt: '2' }, key: { _id: { $numberInt: '1' } }, name: '_id_' }],
    uuid: uuidOf(collection),
    collectionName: collection,
    type: 'collection',
  };
}

/** The 32 hex digits of a version 4 UUID, the same in every run. */
function uuidOf(collection: string): string {
  const digits = createHash('sha256').update(collection).digest('hex');
  return `${digits.slice(0, 12)}4${digits.slice(13, 16)}a${digits.slice(17, 32)}`;
}

/** Node's gzip writes no time into the header, so that the same content gives the same file. */
async function write({ folder, gzip }: DumpFolder, name: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const content = Readable.from(chunks, { objectMode: true, highWaterMark: 2 });
  if (!gzip) return pipeline(content, createWriteStream(join(folder, name)));
  return pipeline(content, createGzip({ level: 9 }), createWriteStream(join(folder, `${name}.gz`)));
}
