/** A batch of raw documents, taken apart into the fields of their collection's catalog entry: positions, not values. */
import type { RawDocument } from '../../source/source.ts';
import { bson, isNothing, Malformed, type Value } from '../bson/types.ts';
import { checkNested, cstringEnd, documentLimit, type Element, valueEnd } from '../bson/walk.ts';
import type { Change } from '../rules/rule.ts';
import { missingSourceId, sourceIdOf, type UuidHex } from './identity.ts';
import type { Layout } from './layout.ts';
import { RowIds } from './row-ids.ts';

export interface Renamed {
  readonly from: string;
  readonly hasNull: boolean;
}

type Corrections = ReadonlyMap<string, readonly Change[]>;

/** What the documents of a batch share. */
interface Common {
  readonly formerName: string | null;
  readonly ids: RowIds;
  readonly slots: Int32Array;
}

/** Its id and its name in the ledger are made when they are asked for: of most documents nobody asks. */
export class SourceDocument {
  readonly bytes: Buffer;
  /** Per slot of the layout, from `firstSlot` on: type (0 where absent), start and end of the value. */
  readonly slots: Int32Array;
  readonly firstSlot: number;
  /** Elements that are no field of the catalog, and all but the last of a repeated field. */
  readonly leftovers: readonly Element[];
  /** By slot of a column whose value stands under a former name: that name, and whether the present name is there too, with null. */
  readonly renamed: ReadonlyMap<number, Renamed> | null;
  /** Of a document as a person has corrected it: by corrected field, the records of that. */
  readonly corrections: Corrections | null;
  readonly #common: Common;
  readonly #place: number;

  constructor(
    { bytes, firstSlot, leftovers, renamed }: TakenApart,
    common: Common,
    place: number,
    corrections: Corrections | null = null,
  ) {
    this.bytes = bytes;
    this.slots = common.slots;
    this.firstSlot = firstSlot;
    this.leftovers = leftovers;
    this.renamed = renamed;
    this.corrections = corrections;
    this.#common = common;
    this.#place = place;
  }

  /** The collection that it comes from, where an older release named it otherwise. */
  get formerName(): string | null {
    return this.#common.formerName;
  }

  get id(): UuidHex {
    return this.#common.ids.hex(this.#place);
  }

  get sourceId(): string {
    const id = valueAt(this, 0);
    return id === null ? missingSourceId : sourceIdOf(id);
  }

  /** True where the id was computed as a hash: only `id_map` leads back to the document. */
  get hashed(): boolean {
    return this.slots[this.firstSlot] !== bson.objectId;
  }

  asCorrected(corrections: Corrections): SourceDocument {
    return new SourceDocument(this, this.#common, this.#place, corrections);
  }
}

export interface DocumentBatch {
  readonly documents: readonly SourceDocument[];
  /** Of the rows that they have, in the same order. */
  readonly ids: RowIds;
  /** Indexes of documents that cannot be walked. */
  readonly malformed: readonly number[];
}

export function takeApart(
  raw: Iterable<RawDocument> & { readonly length: number },
  layout: Layout,
  formerName: string | null = null,
): DocumentBatch {
  const documents: SourceDocument[] = [];
  const malformed: number[] = [];
  // One piece of memory for the slots of all documents: it lies outside the heap, where small pieces are dear.
  const width = layout.table.names.length * 3;
  const common: Common = { formerName, ids: new RowIds(raw.length), slots: new Int32Array(raw.length * width) };
  let index = -1;
  for (const document of raw) {
    index += 1;
    try {
      const taken = takeApartOne(asBuffer(document), layout, common.slots, index * width);
      const one = new SourceDocument(taken, common, documents.length);
      common.ids.add(valueAt(one, 0));
      documents.push(one);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      malformed.push(index);
    }
  }
  return { documents, ids: common.ids, malformed };
}

/** The value in `slot`, null where the document has no such field. */
export function valueAt({ slots, firstSlot, bytes }: SourceDocument, slot: number): Value | null {
  const at = firstSlot + slot * 3;
  const type = slots[at] as number;
  return type === 0 ? null : { type, bytes, start: slots[at + 1] as number, end: slots[at + 2] as number };
}

type TakenApart = Pick<SourceDocument, 'bytes' | 'firstSlot' | 'leftovers' | 'renamed'>;

const noLeftovers: readonly Element[] = [];

function takeApartOne(bytes: Buffer, { table, formerNames }: Layout, slots: Int32Array, firstSlot: number): TakenApart {
  const limit = documentLimit(bytes, 0, bytes.length);
  let leftovers: Element[] | null = null;
  let at = 4;
  while (at < limit) {
    const type = bytes[at] ?? 0;
    if (type === 0) throw new Malformed('a document is shorter than its length');
    const nameStart = at + 1;
    const nameEnd = cstringEnd(bytes, nameStart, limit);
    const start = nameEnd + 1;
    const end = valueEnd(bytes, type, start, limit);
    if (type === bson.object || type === bson.array || type === bson.codeWithScope) checkNested({ type, bytes, start, end });
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
  return { bytes, firstSlot, leftovers: leftovers ?? noLeftovers, renamed };
}

/** The element whose type, start and end stand at `place`. Its name ends one byte before its value. */
function former(bytes: Buffer, slots: Int32Array, place: number, nameLength: number): Element {
  const [type, start, end] = [slots[place] as number, slots[place + 1] as number, slots[place + 2] as number];
  return { type, bytes, nameStart: start - 1 - nameLength, nameEnd: start - 1, start, end };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
