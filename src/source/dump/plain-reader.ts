/** The bytes of a dump's file as they stand on disk, and what every reader of bytes offers. */
import type { FileHandle } from 'node:fs/promises';
import { dumpFailure } from './failures.ts';

export interface ByteReader {
  /** Puts bytes into `into` from `at` on, as many as are at hand; 0 only at the end. */
  read(into: Uint8Array, at: number): Promise<number>;
  /** Once `read` gave 0: why the bytes end before the end that they should have, if they do. */
  broken(): string | null;
  close(): Promise<void>;
}

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
