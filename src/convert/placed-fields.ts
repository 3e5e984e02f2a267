/** Which element of the document under way fills which known field: filled anew for each document, without allocating. */
import { ElementCursor } from '../bson/walk.ts';
import type { StrayField } from './document-scope.ts';
import { FieldFinder } from './field-finder.ts';

export class PlacedFields {
  // By known field; type 0 where the document lacks it (no BSON type has the byte 0).
  readonly types: Uint8Array;
  readonly offsets: Int32Array;
  readonly lengths: Int32Array;
  readonly #nameOffsets: Int32Array;
  /** Fields that have no place: unknown ones, and all but the last of a repeated one. */
  readonly stray: StrayField[] = [];
  readonly #names: readonly Buffer[];
  readonly #finder: FieldFinder;

  constructor(names: readonly Buffer[]) {
    this.#names = names;
    this.#finder = new FieldFinder(names);
    this.types = new Uint8Array(names.length);
    this.offsets = new Int32Array(names.length);
    this.lengths = new Int32Array(names.length);
    this.#nameOffsets = new Int32Array(names.length);
  }

  /** Returns how many fields the document has. Throws MalformedBson. */
  place(bytes: Buffer): number {
    this.types.fill(0);
    this.stray.length = 0;
    let count = 0;
    let previous = -1;
    const cursor = new ElementCursor(bytes, 0, bytes.length);
    while (cursor.next()) {
      const { type, nameOffset, nameLength, offset, length } = cursor;
      count++;
      const field = this.#finder.find(bytes, nameOffset, nameLength, previous);
      if (field === -1) {
        this.stray.push({ type, offset, length, nameOffset, nameLength });
        continue;
      }
      if (this.types[field] !== 0) this.stray.push(this.#placed(field));
      this.types[field] = type;
      this.offsets[field] = offset;
      this.lengths[field] = length;
      this.#nameOffsets[field] = nameOffset;
      previous = field;
    }
    return count;
  }

  #placed(field: number): StrayField {
    return {
      type: this.types[field] as number,
      offset: this.offsets[field] as number,
      length: this.lengths[field] as number,
      nameOffset: this.#nameOffsets[field] as number,
      nameLength: this.#names[field]?.length ?? 0,
    };
  }
}
