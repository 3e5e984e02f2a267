/** The ids of the rows that the documents of a batch have: 16 bytes each, compared where they lie. Of most of them nothing else is ever made. */
import type { Value } from '../bson/types.ts';
import { type UuidHex, writeUuid } from './identity.ts';

const idBytes = 16;

export class RowIds {
  readonly #bytes: Buffer;
  #count = 0;
  #isAscending = true;
  /** The places of the documents, by their ids; null while these ascend, where it would be 0, 1, 2, … */
  #byId: Int32Array | null = null;
  /** Where in that order the next row is expected: they come in the order of their ids, or nearly so. */
  #expected = 0;

  constructor(countMax: number) {
    this.#bytes = Buffer.alloc(countMax * idBytes);
  }

  get count(): number {
    return this.#count;
  }

  /** Each id is greater than the one before it, so that none comes twice. */
  get isAscending(): boolean {
    return this.#isAscending;
  }

  /** The id of the row of the next document, by its `_id`; null: it has none. */
  add(id: Value | null): void {
    writeUuid(id, this.#bytes, this.#count * idBytes);
    const isGreater = this.#count === 0 || this.#compare(this.#count - 1, this.#bytes, this.#count * idBytes) < 0;
    this.#isAscending &&= isGreater;
    this.#count += 1;
  }

  hex(place: number): UuidHex {
    return this.#bytes.toString('hex', place * idBytes, (place + 1) * idBytes);
  }

  /** Puts the row with the id at [at, at + 16) of `bytes` to the places of the documents with that id: none, one, or more where it is repeated. */
  assign<R>(row: R, bytes: Buffer, at: number, rows: (R | null)[]): void {
    let rank = this.#compareRanked(this.#expected, bytes, at) === 0 ? this.#expected : this.#firstRank(bytes, at);
    for (; this.#compareRanked(rank, bytes, at) === 0; rank += 1) rows[this.#placeOf(rank)] = row;
    this.#expected = rank;
  }

  /** The first rank whose id is not smaller. */
  #firstRank(bytes: Buffer, at: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compareRanked(middle, bytes, at) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #placeOf(rank: number): number {
    if (this.#isAscending) return rank;
    this.#byId ??= Int32Array.from({ length: this.#count }, (_, place) => place).sort((a, b) =>
      this.#compare(a, this.#bytes, b * idBytes),
    );
    return this.#byId[rank] as number;
  }

  #compareRanked(rank: number, bytes: Buffer, at: number): number {
    return rank < this.#count ? this.#compare(this.#placeOf(rank), bytes, at) : 1;
  }

  #compare(place: number, bytes: Buffer, at: number): number {
    const own = place * idBytes;
    for (let i = 0; i < idBytes; i += 1) {
      const difference = (this.#bytes[own + i] as number) - (bytes[at + i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
