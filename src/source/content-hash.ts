/** A hash over a set of documents that does not depend on their order, to see whether a source still holds what was loaded. */
import { murmur3 } from './murmur3.ts';

/**
 * The sum, lane by lane modulo 2^32, of the 128-bit MurmurHash3 of each raw document. It tells accidents and edits
 * apart from the same content; it is no protection against someone who forges documents.
 */
export class ContentHash {
  readonly #sum = new Uint32Array(4);
  readonly #lanes = new Int32Array(4);

  /** Goes on from what `hex()` gave. */
  static from(hex: string): ContentHash {
    if (!/^[0-9a-f]{32}$/.test(hex)) throw new RangeError('Expected a content hash of 32 hex digits');
    const hash = new ContentHash();
    for (let lane = 0; lane < 4; lane++) hash.#sum[lane] = Number.parseInt(hex.slice(lane * 8, lane * 8 + 8), 16);
    return hash;
  }

  add(document: Uint8Array): void {
    const sum = this.#sum;
    const lanes = this.#lanes;
    murmur3(document, 0, lanes);
    // A typed array of unsigned 32-bit numbers takes each sum modulo 2^32.
    for (let lane = 0; lane < 4; lane++) sum[lane] = (sum[lane] ?? 0) + (lanes[lane] ?? 0);
  }

  /** Takes out a document that was added before. */
  subtract(document: Uint8Array): void {
    const sum = this.#sum;
    murmur3(document, 0, this.#lanes);
    for (let lane = 0; lane < 4; lane++) sum[lane] = (sum[lane] ?? 0) - (this.#lanes[lane] ?? 0);
  }

  /** 32 hex digits. */
  hex(): string {
    return Array.from(this.#sum, (lane) => lane.toString(16).padStart(8, '0')).join('');
  }
}
