/** Finds the slot of a field by the bytes of its name, without making a string of it: this happens for every field of every document. */

export class FieldTable {
  readonly names: readonly string[];
  readonly #bytes: readonly Buffer[];
  /** Open addressing; slot + 1, 0 for empty. */
  readonly #table: Int16Array;
  readonly #mask: number;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#bytes = names.map((name) => Buffer.from(name));
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
    let at = hashOf(bytes, start, end) & this.#mask;
    for (;;) {
      const slot = (this.#table[at] ?? 0) - 1;
      if (slot < 0) return -1;
      const name = this.#bytes[slot];
      if (name !== undefined && sameBytes(name, bytes, start, end)) return slot;
      at = (at + 1) & this.#mask;
    }
  }
}

/** FNV-1a, folded. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) & 0x7fffffff;
}

function sameBytes(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i += 1) if (name[i] !== bytes[start + i]) return false;
  return true;
}
