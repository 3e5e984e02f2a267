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
  /** By field, in bytes, with the NUL. */
  readonly #lengths: Int32Array;
  /** The names as words of four bytes, one behind the other; the last word of each overlaps the one before. */
  readonly #words: Int32Array;
  /** By field: its first word. */
  readonly #firstWords: Int32Array;

  constructor(names: readonly Buffer[]) {
    this.#names = names.map((name) => Buffer.concat([name, Buffer.of(0)]));
    this.#beginning = Array.from({ length: 256 }, (_, byte) => [...names.keys()].filter((field) => names[field]?.[0] === byte));
    this.#follower = new Int32Array(names.length + 1);
    this.#lengths = Int32Array.from(this.#names, ({ length }) => length);
    const words = this.#names.map(wordsOf);
    this.#words = Int32Array.from(words.flat());
    this.#firstWords = Int32Array.from(words, (_, field) => words.slice(0, field).flat().length);
  }

  /** The field whose name, and the NUL behind it, stand at `offset`, before `end`; -1 for any other name. `previous` is the field before, -1 at the start. */
  find(view: DataView, offset: number, end: number, previous: number): number {
    let guess = previous;
    for (let tries = 0; tries < guesses; tries++) {
      guess = this.#follower[guess + 1] as number;
      if (this.#is(guess, view, offset, end)) return guess;
    }
    for (const field of this.#beginning[view.getUint8(offset)] as readonly number[]) {
      if (!this.#is(field, view, offset, end)) continue;
      this.#follower[previous + 1] = field;
      return field;
    }
    return -1;
  }

  /** Bytes of the field's name. */
  lengthOf(field: number): number {
    return (this.#lengths[field] as number) - 1;
  }

  /** Four bytes at a time: names are compared more often than anything else is done. */
  #is(field: number, view: DataView, offset: number, end: number): boolean {
    const length = this.#lengths[field] as number;
    if (offset + length > end) return false;
    let word = this.#firstWords[field] as number;
    const words = this.#words;
    let at = offset;
    for (const last = offset + length - 4; at < last; at += 4) {
      if (view.getInt32(at, true) !== words[word++]) return false;
    }
    if (length >= 4) return view.getInt32(offset + length - 4, true) === words[word];
    return this.#isShort(field, view, offset);
  }

  #isShort(field: number, view: DataView, offset: number): boolean {
    const name = this.#names[field] as Buffer;
    for (let index = 0; index < name.length; index++) {
      if (byteAt(name, index) !== view.getUint8(offset + index)) return false;
    }
    return true;
  }
}

/** None where the name is shorter than a word. */
function wordsOf(name: Buffer): number[] {
  const last = name.length - 4;
  if (last < 0) return [];
  const words: number[] = [];
  for (let at = 0; at < last; at += 4) words.push(name.readInt32LE(at));
  return [...words, name.readInt32LE(last)];
}
