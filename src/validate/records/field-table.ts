/** Finds the slot of a field by the bytes of its name, without making a string of it: this happens for every field of every document. */

export class FieldTable {
  readonly names: readonly string[];
  readonly #bytes: readonly Buffer[];
  /** Open addressing; slot + 1, 0 for empty. */
  readonly #table: Int16Array;
  readonly #mask: number;
  /** By slot: the one that came after it the last time. Documents of a collection share the order of their fields. */
  readonly #next: Int16Array;
  #last = 0;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#bytes = names.map((name) => Buffer.from(name));
    this.#next = new Int16Array(names.length);
    let size = 16;
    while (size < names.length * 4) size *= 2;
    this.#table = new Int16Array(size);
    this.#mask = size - 1;
    for (const [slot, bytes] of this.#bytes.entries()) {
      let at = hashOf(bytes, 0, bytes.length) & this.#mask;
      while (this.#table[at] !== 0) at = (at + 1) & this.#mask;
      this.#table[at] = slot + 1;
    }
  }

  /** The slot of the name at [start, end), -1 for a name that is not in the table. */
  find(bytes: Buffer, start: number, end: number): number {
    const expected = this.#next[this.#last] as number;
    const slot = this.#isNamed(expected, bytes, start, end) ? expected : this.#search(bytes, start, end);
    if (slot >= 0) {
      this.#next[this.#last] = slot;
      this.#last = slot;
    }
    return slot;
  }

  #search(bytes: Buffer, start: number, end: number): number {
    let at = hashOf(bytes, start, end) & this.#mask;
    for (;;) {
      const slot = (this.#table[at] as number) - 1;
      if (slot < 0 || this.#isNamed(slot, bytes, start, end)) return slot;
      at = (at + 1) & this.#mask;
    }
  }

  #isNamed(slot: number, bytes: Buffer, start: number, end: number): boolean {
    const name = this.#bytes[slot];
    if (name?.length !== end - start) return false;
    for (let i = 0; i < name.length; i += 1) if (name[i] !== bytes[start + i]) return false;
    return true;
  }
}

/** FNV-1a, folded. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) & 0x7fffffff;
}
