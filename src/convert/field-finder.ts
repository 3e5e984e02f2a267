/** Finds which known field a name in a document is, by its bytes: first by the order of the documents before, then by a table. */
import { byteAt } from '../bson/bytes.ts';

/** Documents of one collection mostly share the order of their fields, and most lack some: so many fields that come next are tried. */
const guesses = 3;

export class FieldFinder {
  /** By field, with the NUL that ends it in a document. */
  readonly #names: readonly Buffer[];
  /** By first byte: the fields whose names begin with it. */
  readonly #beginning: readonly (readonly number[])[];
  /** By field + 1: the one that followed it when it was last not among the guesses. */
  readonly #follower: Int32Array;

  constructor(names: readonly Buffer[]) {
    this.#names = names.map((name) => Buffer.concat([name, Buffer.of(0)]));
    this.#beginning = Array.from({ length: 256 }, (_, byte) => [...names.keys()].filter((field) => names[field]?.[0] === byte));
    this.#follower = new Int32Array(names.length + 1);
  }

  /** The field whose name, and the NUL behind it, stand at `offset`; -1 for any other name. `previous` is the field before, -1 at the start. */
  find(bytes: Buffer, offset: number, previous: number): number {
    let guess = previous;
    for (let tries = 0; tries < guesses; tries++) {
      guess = this.#follower[guess + 1] as number;
      if (this.#is(guess, bytes, offset)) return guess;
    }
    for (const field of this.#beginning[byteAt(bytes, offset)] as readonly number[]) {
      if (!this.#is(field, bytes, offset)) continue;
      this.#follower[previous + 1] = field;
      return field;
    }
    return -1;
  }

  /** Bytes of the field's name. */
  lengthOf(field: number): number {
    return (this.#names[field] as Buffer).length - 1;
  }

  #is(field: number, bytes: Buffer, offset: number): boolean {
    const name = this.#names[field] as Buffer;
    const { length } = name;
    for (let index = 0; index < length; index++) {
      if (byteAt(name, index) !== byteAt(bytes, offset + index)) return false;
    }
    return true;
  }
}
