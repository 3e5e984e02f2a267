/** The memory into which the files of a dump are read, used again where nobody needs what stands in it. */

/** Large enough that reading costs little beside the documents, small enough that what a batch holds in memory stays bounded. */
const chunkBytes = 4 * 1024 * 1024;

export interface Chunk {
  readonly bytes: Buffer;
  /** Who needs what stands in it: the reader, and each batch that has documents in it. */
  users: number;
}

export class Chunks {
  readonly #free: Buffer[] = [];

  /** For one user, with room for at least `count` bytes. */
  take(count: number): Chunk {
    const bytes = count <= chunkBytes ? this.#free.pop() : undefined;
    return { bytes: bytes ?? Buffer.allocUnsafeSlow(Math.max(chunkBytes, count)), users: 1 };
  }

  /** One more user. */
  share(chunk: Chunk): void {
    chunk.users += 1;
  }

  /** One user less. What one huge document needed is left to the garbage collector. */
  leave(chunk: Chunk): void {
    chunk.users -= 1;
    if (chunk.users === 0 && chunk.bytes.length === chunkBytes) this.#free.push(chunk.bytes);
  }
}
