/** A batch of raw documents, taken apart into the fields of their collection's catalog entry: positions, not values. */
import type { RawDocument, SourceBatch } from '../../source/source.ts';
import { bson, isNothing, Malformed, type Value } from '../bson/types.ts';
import { checkNested, cstringEnd, documentLimit, type Element, isNested, valueEnd } from '../bson/walk.ts';
import type { Change } from '../rules/rule.ts';
import { missingSourceId, sourceIdOf, type UuidHex } from './identity.ts';
import type { Layout } from './layout.ts';
import { RowIds } from './row-ids.ts';

export interface Renamed {
  readonly from: string;
  readonly hasNull: boolean;
}

/** What most documents do not have. */
interface Oddities {
  /** Elements that are no field of the catalog, and all but the last of a repeated field. */
  readonly leftovers: readonly Element[];
  /** By slot of a column whose value stands under a former name: that name, and whether the present name is there too, with null. */
  readonly renamed: ReadonlyMap<number, Renamed> | null;
}

type Corrections = ReadonlyMap<string, readonly Change[]>;

/** The documents of a batch that can be walked. They are kept as few large pieces of memory: objects that live as long as a batch are dear. */
export class DocumentBatch {
  readonly layout: Layout;
  /** The collection that they come from, where an older release named it otherwise. */
  readonly formerName: string | null;
  /** Of the rows that the documents have. */
  readonly ids: RowIds;
  /** Indexes, among all that were added, of documents that cannot be walked. */
  readonly malformed: number[] = [];
  /** By document and slot of the layout: type (0 where absent), start and end of the value. */
  readonly slots: Int32Array;
  /** By document: in which memory it stands, its start and end there. */
  readonly #places: Int32Array;
  readonly #memories: Buffer[] = [];
  readonly #oddities = new Map<number, Oddities>();
  #added = 0;

  constructor(layout: Layout, documentsMax: number, formerName: string | null = null) {
    this.layout = layout;
    this.formerName = formerName;
    this.ids = new RowIds(documentsMax);
    this.slots = new Int32Array(documentsMax * layout.table.names.length * 3);
    this.#places = new Int32Array(documentsMax * 3);
  }

  get count(): number {
    return this.ids.count;
  }

  add({ buffer, byteOffset, length }: RawDocument): void {
    if (this.#memories.at(-1)?.buffer !== buffer) this.#memories.push(Buffer.from(buffer));
    const at = this.count * 3;
    this.#places[at] = this.#memories.length - 1;
    this.#places[at + 1] = byteOffset;
    this.#places[at + 2] = byteOffset + length;
    const document = this.at(this.count);
    try {
      const oddities = takeApart(document, this.layout);
      if (oddities !== null) this.#oddities.set(this.count, oddities);
      this.ids.add(valueAt(document, 0));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      // The next document takes its place.
      this.slots.fill(0, document.firstSlot);
      this.#oddities.delete(this.count);
      this.malformed.push(this.#added);
    }
    this.#added += 1;
  }

  at(index: number): SourceDocument {
    const at = index * 3;
    const memory = this.#memories[this.#places[at] as number] as Buffer;
    return new SourceDocument(this, index, memory, this.#places[at + 1] as number, this.#places[at + 2] as number);
  }

  *[Symbol.iterator](): Generator<SourceDocument> {
    for (let index = 0; index < this.count; index += 1) yield this.at(index);
  }

  odditiesOf(index: number): Oddities | undefined {
    return this.#oddities.get(index);
  }
}

const noLeftovers: readonly Element[] = [];

/** A document of a batch, to be looked at and forgotten. What is asked of few documents is made when it is asked for. */
export class SourceDocument {
  /** The memory in which it stands, from `start` to before `end`. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Those of its batch: its own begin at `firstSlot`. */
  readonly slots: Int32Array;
  readonly firstSlot: number;
  /** Of a document as a person has corrected it: by corrected field, the records of that. */
  readonly corrections: Corrections | null;
  readonly #batch: DocumentBatch;
  readonly #index: number;

  constructor(
    batch: DocumentBatch,
    index: number,
    bytes: Buffer,
    start: number,
    end: number,
    corrections: Corrections | null = null,
  ) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.slots = batch.slots;
    this.firstSlot = index * batch.layout.table.names.length * 3;
    this.corrections = corrections;
    this.#batch = batch;
    this.#index = index;
  }

  get formerName(): string | null {
    return this.#batch.formerName;
  }

  get id(): UuidHex {
    return this.#batch.ids.hex(this.#index);
  }

  get sourceId(): string {
    const id = valueAt(this, 0);
    return id === null ? missingSourceId : sourceIdOf(id);
  }

  /** True where the id was computed as a hash: only `id_map` leads back to the document. */
  get hashed(): boolean {
    return this.slots[this.firstSlot] !== bson.objectId;
  }

  get leftovers(): readonly Element[] {
    return this.#batch.odditiesOf(this.#index)?.leftovers ?? noLeftovers;
  }

  get renamed(): ReadonlyMap<number, Renamed> | null {
    return this.#batch.odditiesOf(this.#index)?.renamed ?? null;
  }

  /** Its bytes alone. */
  get raw(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }

  get asValue(): Value {
    return { type: bson.object, bytes: this.bytes, start: this.start, end: this.end };
  }

  withCorrections(corrections: Corrections): SourceDocument {
    return new SourceDocument(this.#batch, this.#index, this.bytes, this.start, this.end, corrections);
  }
}

/** All documents of a batch of the source. */
export function documentsOf(
  { documents, formerName }: Pick<SourceBatch, 'documents' | 'formerName'>,
  layout: Layout,
): DocumentBatch {
  const batch = new DocumentBatch(layout, documents.length, formerName);
  for (const document of documents) batch.add(document);
  return batch;
}

/** One document by itself; null where it cannot be walked. */
export function takenApart(raw: RawDocument, layout: Layout, formerName: string | null = null): SourceDocument | null {
  const batch = new DocumentBatch(layout, 1, formerName);
  batch.add(raw);
  return batch.count === 0 ? null : batch.at(0);
}

/** The value in `slot`, null where the document has no such field. */
export function valueAt({ slots, firstSlot, bytes }: SourceDocument, slot: number): Value | null {
  const at = firstSlot + slot * 3;
  const type = slots[at] as number;
  return type === 0 ? null : { type, bytes, start: slots[at + 1] as number, end: slots[at + 2] as number };
}

/** Fills the slots of the document. Returns what else it has; null, as for most, for nothing. */
function takeApart({ bytes, start: begin, end: stop, slots, firstSlot }: SourceDocument, layout: Layout): Oddities | null {
  const { table, formerNames } = layout;
  const limit = documentLimit(bytes, begin, stop);
  let leftovers: Element[] | null = null;
  let at = begin + 4;
  while (at < limit) {
    const type = bytes[at] ?? 0;
    if (type === 0) throw new Malformed('a document is shorter than its length');
    const nameStart = at + 1;
    const nameEnd = cstringEnd(bytes, nameStart, limit);
    const start = nameEnd + 1;
    const end = valueEnd(bytes, type, start, limit);
    if (isNested(type)) checkNested({ type, bytes, start, end });
    const slot = table.find(bytes, nameStart, nameEnd);
    if (slot < 0) {
      leftovers ??= [];
      leftovers.push({ type, bytes, nameStart, nameEnd, start, end });
    } else {
      const place = firstSlot + slot * 3;
      if (slots[place] !== 0) {
        leftovers ??= [];
        leftovers.push(former(bytes, slots, place, nameEnd - nameStart));
      }
      slots[place] = type;
      slots[place + 1] = start;
      slots[place + 2] = end;
    }
    at = end;
  }
  let renamed: Map<number, Renamed> | null = null;
  for (const { name, slot, present, isLink } of formerNames) {
    const place = firstSlot + slot * 3;
    const type = slots[place] as number;
    if (type === 0) continue;
    const hasValue = !isNothing(type);
    if (hasValue && isLink) continue;
    const presentPlace = firstSlot + present * 3;
    const presentType = slots[presentPlace] as number;
    if (hasValue && isNothing(presentType)) {
      slots.copyWithin(presentPlace, place, place + 3);
      renamed ??= new Map();
      renamed.set(present, { from: name, hasNull: presentType !== 0 });
    } else {
      leftovers ??= [];
      leftovers.push(former(bytes, slots, place, Buffer.byteLength(name)));
      slots[place] = 0;
    }
  }
  return leftovers === null && renamed === null ? null : { leftovers: leftovers ?? noLeftovers, renamed };
}

/** The element whose type, start and end stand at `place`. Its name ends one byte before its value. */
function former(bytes: Buffer, slots: Int32Array, place: number, nameLength: number): Element {
  const [type, start, end] = [slots[place] as number, slots[place + 1] as number, slots[place + 2] as number];
  return { type, bytes, nameStart: start - 1 - nameLength, nameEnd: start - 1, start, end };
}
