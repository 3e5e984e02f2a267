/**
 * Counts the documents of a dump's file by their length prefixes alone (bsonspec.org), for the proof: it opens the file itself and shares
 * nothing with the reader in source/, so that a file which that one leaves too early is found.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { exitCodes, Failure } from '../../failure.ts';

export interface FileCount {
  readonly documents: number;
  /** False where the file ends in something that is no document. */
  readonly isWhole: boolean;
}

const lengthBytes = 4;
const documentBytesMin = 5;
/** BSONObjMaxInternalSize in MongoDB's source. */
const documentBytesMax = (16 * 1024 + 16) * 1024;
const chunkBytes = 256 * 1024;

/** Memory is that of a few chunks, whatever the file. @throws Failure where the operating system does not give the file. */
export async function countInFile(path: string, signal: AbortSignal): Promise<FileCount> {
  try {
    return await count(path, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new Failure({
      code: 'SOURCE_DUMP_UNREADABLE',
      exit: exitCodes.source,
      what: `${path} of the dump cannot be read (${'code' in error ? String(error.code) : 'unknown reason'}).`,
      next: 'Check the disk and the permissions, and that nothing moves or writes the files of the dump, then start again.',
      cause: error,
    });
  }
}

async function count(path: string, signal: AbortSignal): Promise<FileCount> {
  const lengths = new Lengths();
  const take = async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) lengths.take(chunk);
  };
  const isCompressed = await isGzip(path);
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  if (!isCompressed) {
    await pipeline(file, take, { signal });
    return lengths.end();
  }
  try {
    await pipeline(file, createGunzip({ chunkSize: chunkBytes }), take, { signal });
    return lengths.end();
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { ...lengths.end(), isWhole: false };
  }
}

/** Counts over chunks that know nothing of where a document ends. */
class Lengths {
  #documents = 0;
  /** The length field as far as it has come. */
  readonly #field = Buffer.alloc(lengthBytes);
  #fieldBytes = 0;
  /** Of the document under way, after its length field. */
  #left = 0;
  #isLost = false;

  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && !this.#isLost; ) {
      if (this.#left === 0) at = this.#takeLength(chunk, at);
      else at = this.#takeRest(chunk, at);
    }
  }

  end(): FileCount {
    return { documents: this.#documents, isWhole: !this.#isLost && this.#left === 0 && this.#fieldBytes === 0 };
  }

  #takeLength(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.#field, this.#fieldBytes, at, at + lengthBytes - this.#fieldBytes);
    this.#fieldBytes += taken;
    if (this.#fieldBytes < lengthBytes) return at + taken;
    this.#fieldBytes = 0;
    const length = this.#field.readInt32LE();
    if (length < documentBytesMin || length > documentBytesMax) this.#isLost = true;
    this.#left = length - lengthBytes;
    return at + taken;
  }

  #takeRest(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    if (this.#left > 0) return end;
    if (chunk[end - 1] === 0) this.#documents += 1;
    else this.#isLost = true;
    return end;
  }
}

/**
 * By the identification of RFC 1952 and its method "deflate". These are also the length of a plain document of 559,903 bytes, which then
 * has the name of its first element, `_id`, where gzip has a time.
 */
async function isGzip(path: string): Promise<boolean> {
  await using file = await open(path);
  const head = Buffer.alloc(9);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  if (bytesRead === 0) return /\.gz$/i.test(path);
  return head.readUIntBE(0, 3) === 0x1f8b08 && head.toString('latin1', 5) !== '_id\0';
}

const isDamage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^Z_|^ERR_BUFFER_OUT|^ERR_STREAM_PREMATURE/.test(String(error.code));
