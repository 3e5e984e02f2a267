/**
 * Which pairs of the junction tables stand in the source's arrays, as 64-bit fingerprints: the same pair may stand on both
 * sides, and what stands on neither is an extra pair. One part of the fingerprints is held at a time, so memory is bounded.
 */
import type { LinkSpec } from '../../catalog/index.ts';
import type { UuidHex } from '../records/identity.ts';

/** Pairs of one table that are held at once: 8 bytes each, twice as much while the set grows. */
export const pairsHeldMax = 2_000_000;

export class PairSets {
  readonly #sets = new Map<string, FingerprintSet>();
  readonly #parts: ReadonlyMap<string, number>;
  readonly #part: number;

  /** Holds the pairs of part `part`; `parts` says in how many parts a table's pairs are held. */
  constructor(parts: ReadonlyMap<string, number>, part = 0) {
    this.#parts = parts;
    this.#part = part;
  }

  add({ junction, side }: LinkSpec, own: UuidHex, partner: UuidHex): void {
    const pair = fingerprint(side === 'left' ? own + partner : partner + own);
    if (!this.#isMine(junction, pair)) return;
    let set = this.#sets.get(junction);
    if (set === undefined) {
      set = new FingerprintSet();
      this.#sets.set(junction, set);
    }
    set.add(pair.high, pair.low);
  }

  /** True also for a pair of another part. */
  has(junction: string, left: UuidHex, right: UuidHex): boolean {
    const pair = fingerprint(left + right);
    return !this.#isMine(junction, pair) || this.#sets.get(junction)?.has(pair.high, pair.low) === true;
  }

  size(junction: string): number {
    return this.#sets.get(junction)?.size ?? 0;
  }

  #isMine(junction: string, { low }: Fingerprint): boolean {
    const parts = this.#parts.get(junction) ?? 1;
    return this.#part < parts && (low >>> 0) % parts === this.#part;
  }
}

interface Fingerprint {
  readonly high: number;
  readonly low: number;
}

/** Two independent multiplicative hashes of 32 bits over the 64 digits. */
function fingerprint(digits: string): Fingerprint {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let i = 0; i < digits.length; i += 1) {
    const code = digits.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low + code, 0xc2b2ae35);
    low ^= low >>> 15;
  }
  high = Math.imul(high ^ (high >>> 15), 0x2c1b3c6d);
  return { high: (high ^ (high >>> 12)) | 0, low: low | 0 };
}

/** Open addressing over pairs of 32-bit numbers. (0, 0) marks an empty place. */
class FingerprintSet {
  #places = new Int32Array(2 * 1024);
  size = 0;

  add(high: number, low: number): void {
    const at = this.#find(high | 1, low);
    if (this.#places[at] !== 0) return;
    this.#places[at] = high | 1;
    this.#places[at + 1] = low;
    this.size += 1;
    if (this.size * 4 > this.#places.length) this.#grow();
  }

  has(high: number, low: number): boolean {
    return this.#places[this.#find(high | 1, low)] !== 0;
  }

  #find(high: number, low: number): number {
    const mask = this.#places.length / 2 - 1;
    let place = (high ^ Math.imul(low, 0x27d4eb2f)) & mask;
    for (;;) {
      const held = this.#places[place * 2];
      if (held === 0 || (held === high && this.#places[place * 2 + 1] === low)) return place * 2;
      place = (place + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#places;
    this.#places = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const [high, low] = [old[at] ?? 0, old[at + 1] ?? 0];
      if (high === 0) continue;
      const place = this.#find(high, low);
      this.#places[place] = high;
      this.#places[place + 1] = low;
    }
  }
}
