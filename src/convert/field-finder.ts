/** Finds which known field a name in a document is, by its bytes: first by the order of the document before, then by a table. */
import { byteAt } from '../bson/bytes.ts';

const tableSize = 256;

export class FieldFinder {
  readonly #names: readonly Buffer[];
  /** By hash: the fields that share it. */
  readonly #table: (number[] | undefined)[] = new Array(tableSize);
  /** By field: the one that followed it last time. Documents of one collection mostly share their order. */
  readonly #follower: Int32Array;

  constructor(names: readonly Buffer[]) {
    this.#names = names;
    this.#follower = new Int32Array(names.length + 1);
    for (const [field, name] of names.entries()) {
      const key = hash(name, 0, name.length);
      const sharing = this.#table[key];
      if (sharing === undefined) this.#table[key] = [field];
      else sharing.push(field);
    }
  }

  /** The field's index, or -1. `previous` is what the last call gave for this document, -1 at its start. */
  find(bytes: Uint8Array, offset: number, length: number, previous: number): number {
    const guess = this.#follower[previous + 1] as number;
    if (this.#is(guess, bytes, offset, length)) return guess;
    const sharing = this.#table[hash(bytes, offset, length)];
    if (sharing === undefined) return -1;
    for (const field of sharing) {
      if (!this.#is(field, bytes, offset, length)) continue;
      this.#follower[previous + 1] = field;
      return field;
    }
    return -1;
  }

  #is(field: number, bytes: Uint8Array, offset: number, length: number): boolean {
    const name = this.#names[field];
    if (name === undefined || name.length !== length) return false;
    for (let index = 0; index < length; index++) {
      if (byteAt(name, index) !== byteAt(bytes, offset + index)) return false;
    }
    return true;
  }
}

function hash(bytes: Uint8Array, offset: number, length: number): number {
  if (length === 0) return 0;
  const first = byteAt(bytes, offset);
  const middle = byteAt(bytes, offset + (length >> 1));
  const last = byteAt(bytes, offset + length - 1);
  return (length * 37 + first * 7 + middle * 13 + last * 3) & (tableSize - 1);
}
