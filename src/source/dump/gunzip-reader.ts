/** Uncompresses a gzip file piece by piece, and of a damaged one gives every byte that stands before the damage. */
import { once } from 'node:events';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { ByteReader, PlainReader } from './plain-reader.ts';

/** deflate expands up to 1032 times (RFC 1951), so that one piece becomes 17 MB at most. */
const pieceBytes = 16 * 1024;
const outputBytes = 256 * 1024;

export class GunzipReader implements ByteReader {
  readonly #compressed: PlainReader;
  readonly #reopen: () => Promise<PlainReader>;
  readonly #piece = Buffer.allocUnsafeSlow(pieceBytes);
  #inflating = new Inflating();
  /** Uncompressed bytes that are not given yet. */
  #queue: Uint8Array[] = [];
  /** Compressed bytes handed to zlib before the piece under way. */
  #consumed = 0;
  #ended = false;
  #broken: string | null = null;

  constructor(compressed: PlainReader, reopen: () => Promise<PlainReader>) {
    this.#compressed = compressed;
    this.#reopen = reopen;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    while (this.#queue.length === 0 && !this.#ended) await this.#inflateNext();
    const first = this.#queue[0];
    if (first === undefined) return 0;
    const count = Math.min(first.length, into.length - at);
    into.set(first.subarray(0, count), at);
    if (count === first.length) this.#queue.shift();
    else this.#queue[0] = first.subarray(count);
    return count;
  }

  async skip(offset: number): Promise<boolean> {
    const scratch = Buffer.allocUnsafeSlow(outputBytes);
    for (let left = offset; left > 0; ) {
      const count = await this.read(scratch, Math.max(0, scratch.length - left));
      if (count === 0) return false;
      left -= count;
    }
    return true;
  }

  broken(): string | null {
    return this.#broken;
  }

  close(): Promise<void> {
    this.#inflating.destroy();
    return this.#compressed.close();
  }

  async #inflateNext(): Promise<void> {
    const count = await this.#compressed.read(this.#piece, 0);
    const { output, state } = await this.#inflating.give(count === 0 ? null : this.#piece.subarray(0, count));
    this.#queue.push(...output);
    if (state === 'open') {
      this.#consumed += count;
      return;
    }
    this.#ended = true;
    if (state === 'complete') {
      // What follows a complete stream is no gzip: zlib would leave it out without a word.
      const followed = this.#inflating.taken < this.#consumed + count || (await this.#compressed.read(this.#piece, 0)) > 0;
      if (followed) this.#broken = 'the compressed data is followed by bytes that are not gzip data';
      return;
    }
    this.#broken = state.broken;
    if (count > 0) this.#queue.push(...(await this.#restBeforeDamage()));
  }

  /**
   * zlib loses what it has uncompressed of the piece in which it finds the damage. Given the same bytes again, that
   * piece one byte at a time, it hands out everything before the damage.
   */
  async #restBeforeDamage(): Promise<readonly Uint8Array[]> {
    const compressed = await this.#reopen();
    const again = new Inflating();
    const rest: Uint8Array[] = [];
    let known = this.#inflating.given;
    const take = (output: readonly Uint8Array[]) => {
      for (const bytes of output) {
        if (bytes.length > known) rest.push(bytes.subarray(known));
        known = Math.max(0, known - bytes.length);
      }
    };
    try {
      for (let at = 0; ; ) {
        const count = await compressed.read(this.#piece, 0);
        const step = at < this.#consumed ? count : 1;
        for (let from = 0; from < count; from += step) {
          const { output, state } = await again.give(this.#piece.subarray(from, from + step));
          take(output);
          if (state !== 'open') return rest;
        }
        if (count === 0) return rest;
        at += count;
      }
    } finally {
      again.destroy();
      await compressed.close();
    }
  }
}

type InflateState = 'open' | 'complete' | { readonly broken: string };

/** zlib's stream, used as a function: a piece in, what it uncompresses to out. */
class Inflating {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: outputBytes });
  #output: Uint8Array[] = [];
  #state: InflateState = 'open';
  /** Uncompressed bytes given out. */
  given = 0;

  constructor() {
    this.#gunzip.on('data', (bytes: Uint8Array) => this.#output.push(bytes));
    this.#gunzip.on('error', (error) => {
      this.#state = { broken: reasonOf(error) };
    });
    this.#gunzip.on('end', () => {
      this.#state = 'complete';
    });
  }

  /** Compressed bytes that belong to the stream. */
  get taken(): number {
    return this.#gunzip.bytesWritten;
  }

  /** `null`: nothing follows. */
  async give(piece: Uint8Array | null): Promise<{ readonly output: readonly Uint8Array[]; readonly state: InflateState }> {
    if (this.#state !== 'open') return { output: [], state: this.#state };
    const finalized = new AbortController();
    const options = { signal: finalized.signal };
    const ended = once(this.#gunzip, 'end', options).then(nothing, nothing);
    const written = new Promise<void>((resolve) => {
      if (piece === null) this.#gunzip.end();
      else this.#gunzip.write(piece, (error) => (error ? undefined : resolve()));
    });
    // zlib does not call back for a piece that comes after the end of its stream; of an error it tells by event.
    await Promise.race([written, ended]);
    finalized.abort();
    const output = this.#output;
    this.#output = [];
    this.given += output.reduce((sum, bytes) => sum + bytes.length, 0);
    return { output, state: this.#state };
  }

  destroy(): void {
    this.#gunzip.destroy();
  }
}

const nothing = () => undefined;

function reasonOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return 'the compressed data ends unexpectedly: the file is truncated';
  if (error.message === 'incorrect data check' || error.message === 'incorrect length check') {
    return 'the checksum of the compressed data does not match: documents in this file are corrupt';
  }
  return `the compressed data is corrupt (${error.message})`;
}
