/** What a file of a dump is, by its first bytes: names lie (`gunzip -k`, a browser that unpacks, a copy without the ending). */
import { type FileHandle, open } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import { dumpFailure } from './failures.ts';

export type Format =
  | 'empty'
  | 'bson'
  | 'gzip'
  | 'zstd'
  | 'xz'
  | 'bzip2'
  | 'lz4'
  | 'compress'
  | 'zip'
  | '7z'
  | 'rar'
  | 'tar'
  | 'archive'
  | 'AppleDouble'
  | 'other';

export interface Content {
  readonly format: Format;
  /** Of what is compressed with gzip; else the same. */
  readonly inner: Format;
}

/** Enough for the name of a tar header, and for what 4 KiB of gzip become to fit in a few megabytes. */
const headBytes = 4 * 1024;

const magics: readonly (readonly [Format, offset: number, hex: string])[] = [
  ['zstd', 0, '28b52ffd'],
  ['xz', 0, 'fd377a585a00'],
  ['bzip2', 0, '425a68'],
  ['lz4', 0, '04224d18'],
  ['compress', 0, '1f9d'],
  ['zip', 0, '504b0304'],
  ['zip', 0, '504b0506'],
  ['7z', 0, '377abcaf271c'],
  ['rar', 0, '526172211a07'],
  ['tar', 257, '7573746172'],
  // common/archive/archive.go in mongodb/mongo-tools.
  ['archive', 0, '6de29981'],
  ['AppleDouble', 0, '00051607'],
];

/** Opens `path`, which must be a regular file: anything else might never answer. */
export async function contentOf(path: string): Promise<Content> {
  const head = await headOf(path);
  const format = formatOf(head);
  return { format, inner: format === 'gzip' ? formatOf(unpackedHead(head)) : format };
}

/** Of an open file of documents: by its bytes, and by its name only where these are neither gzip nor BSON, or none. */
export async function isCompressed(file: FileHandle, path: string): Promise<boolean> {
  const head = Buffer.alloc(16);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  const format = formatOf(head.subarray(0, bytesRead));
  return format === 'gzip' || (format !== 'bson' && /\.gz$/i.test(path));
}

async function headOf(path: string): Promise<Buffer> {
  try {
    await using file = await open(path);
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(head, 0, headBytes, 0);
    return head.subarray(0, bytesRead);
  } catch (error) {
    throw dumpFailure(path, error);
  }
}

function formatOf(head: Buffer): Format {
  if (head.length === 0) return 'empty';
  if (isGzip(head)) return 'gzip';
  for (const [format, offset, hex] of magics) {
    if (head.subarray(offset, offset + hex.length / 2).equals(Buffer.from(hex, 'hex'))) return format;
  }
  return isBson(head) ? 'bson' : 'other';
}

/**
 * RFC 1952, with the method "deflate". The same bytes are the length of a document of 559,903 bytes: that one goes on with its first
 * element, `_id`, where gzip has the time of the compression.
 */
function isGzip(head: Buffer): boolean {
  return head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8 && head.toString('latin1', 5, 9) !== '_id\0';
}

/** A possible length, then the type of an element that exists (bsonspec.org). */
function isBson(head: Buffer): boolean {
  if (head.length < 5) return false;
  const length = head.readInt32LE(0);
  const type = head.readUInt8(4);
  if (length === 5) return type === 0;
  return length > 5 && length <= (16 * 1024 + 16) * 1024 && ((type >= 0x01 && type <= 0x13) || type === 0x7f || type === 0xff);
}

function unpackedHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(1);
  }
}
