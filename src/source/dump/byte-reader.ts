/** The uncompressed bytes of a dump's file, in order, whether the file is compressed or not. */
import { type FileHandle, open } from 'node:fs/promises';
import { dumpFailure } from './failures.ts';
import { GunzipReader } from './gunzip-reader.ts';

export interface ByteReader {
  /** Puts bytes into `into` from `at` on, as many as are at hand; 0 only at the end. */
  read(into: Uint8Array, at: number): Promise<number>;
  /** Once `read` gave 0: why the bytes end before the end that they should have, if they do. */
  broken(): string | null;
  close(): Promise<void>;
}

/** Opens `path` (a name that ends in `.gz` is uncompressed) so that reading begins at `offset`; null where the file ends before it. */
export async function openBytes(path: string, offset: number): Promise<ByteReader | null> {
  const file = await open(path).catch((error: unknown) => {
    throw dumpFailure(path, error);
  });
  const plain = new PlainReader(file, path);
  const reader = path.endsWith('.gz') ? new GunzipReader(plain, () => openBytesOf(path)) : plain;
  try {
    if (await reader.skip(offset)) return reader;
  } catch (error) {
    await reader.close();
    throw error;
  }
  await reader.close();
  return null;
}

async function openBytesOf(path: string): Promise<PlainReader> {
  return new PlainReader(await open(path), path);
}

/** The bytes of the file as they stand on disk. */
export class PlainReader implements ByteReader {
  readonly #file: FileHandle;
  readonly #path: string;
  #position = 0;

  constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    try {
      const { bytesRead } = await this.#file.read(into, at, into.length - at, this.#position);
      this.#position += bytesRead;
      return bytesRead;
    } catch (error) {
      throw dumpFailure(this.#path, error);
    }
  }

  async skip(offset: number): Promise<boolean> {
    this.#position = offset;
    return offset <= (await this.#file.stat()).size;
  }

  broken(): null {
    return null;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
