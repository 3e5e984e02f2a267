/** A batch of raw documents, taken apart into the fields of their collection's catalog entry: positions, not values. */
import type { CollectionSpec, LinkSpec } from '../../catalog/index.ts';
import type { RawDocument } from '../../source/source.ts';
import { bson, Malformed, type Value } from '../bson/types.ts';
import { checkNested, cstringEnd, documentLimit, type Element, valueEnd } from '../bson/walk.ts';
import type { Change } from '../rules/rule.ts';
import { FieldTable } from './field-table.ts';
import { missingSourceId, sourceIdOf, type UuidHex, uuidOfDocument } from './identity.ts';

/** What the documents of one collection are looked through for. `spec` null: a collection without a table. */
export interface Layout {
  readonly collection: string;
  readonly spec: CollectionSpec | null;
  /** `_id`, the columns in the order of the table, then the link arrays. */
  readonly table: FieldTable;
  readonly links: readonly LinkPlace[];
  readonly formerNames: readonly FormerPlace[];
}

/** A field under a name of an older release, and the slot of the present name. */
interface FormerPlace {
  readonly name: string;
  readonly slot: number;
  readonly present: number;
  readonly isLink: boolean;
}

/** A link array and its slot. */
export interface LinkPlace {
  /** Slots of the fields of older releases that name partners too, with their names. */
  readonly former: readonly { readonly name: string; readonly slot: number }[];
  readonly field: string;
  readonly link: LinkSpec;
  readonly slot: number;
}

export function layoutOf(collection: string, spec: CollectionSpec | null): Layout {
  if (spec === null) return { collection, spec, table: new FieldTable(['_id']), links: [], formerNames: [] };
  const columns = ['_id', ...Object.keys(spec.columns)];
  const names = [...columns, ...Object.keys(spec.links)];
  const formerOf = (entries: readonly (readonly [string, { readonly formerly?: readonly string[] }])[], isLink: boolean) =>
    entries.flatMap(([field, { formerly = [] }]) => formerly.map((name) => ({ name, present: names.indexOf(field), isLink })));
  const formerNames = [...formerOf(Object.entries(spec.columns), false), ...formerOf(Object.entries(spec.links), true)].map(
    (former, index) => ({ ...former, slot: names.length + index }),
  );
  return {
    collection,
    spec,
    table: new FieldTable([...names, ...formerNames.map(({ name }) => name)]),
    links: Object.entries(spec.links).map(([field, link], index) => {
      const slot = columns.length + index;
      return { field, link, slot, former: formerNames.filter(({ present }) => present === slot) };
    }),
    formerNames,
  };
}

export interface Renamed {
  readonly from: string;
  readonly hasNull: boolean;
}

export interface SourceDocument {
  readonly bytes: Buffer;
  /** The collection that it comes from, where an older release named it otherwise. */
  readonly formerName: string | null;
  readonly sourceId: string;
  readonly id: UuidHex;
  /** True where the id was computed as a hash: only `id_map` leads back to the document. */
  readonly hashed: boolean;
  /** Elements that are no field of the catalog, and all but the last of a repeated field. */
  readonly leftovers: readonly Element[];
  readonly elementCount: number;
  /** By slot of a column whose value stands under a former name: that name, and whether the present name is there too, with null. */
  readonly renamed: ReadonlyMap<number, Renamed> | null;
  /** Of a document as a person has corrected it: by corrected field, the records of that. */
  readonly corrections: ReadonlyMap<string, readonly Change[]> | null;
  /** Per slot of the layout: type (0 where absent), start and end of the value. */
  readonly slots: Int32Array;
}

export interface DocumentBatch {
  readonly documents: readonly SourceDocument[];
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
  const slots = new Int32Array(raw.length * width);
  let index = -1;
  for (const document of raw) {
    index += 1;
    try {
      documents.push(takeApartOne(asBuffer(document), layout, slots.subarray(index * width, (index + 1) * width), formerName));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      malformed.push(index);
    }
  }
  return { documents, malformed };
}

/** The value in `slot`, null where the document has no such field. */
export function valueAt(document: SourceDocument, slot: number): Value | null {
  const type = document.slots[slot * 3] ?? 0;
  if (type === 0) return null;
  return { type, bytes: document.bytes, start: document.slots[slot * 3 + 1] ?? 0, end: document.slots[slot * 3 + 2] ?? 0 };
}

const noLeftovers: readonly Element[] = [];

function takeApartOne(
  bytes: Buffer,
  { table, formerNames }: Layout,
  slots: Int32Array,
  formerName: string | null,
): SourceDocument {
  const limit = documentLimit(bytes, 0, bytes.length);
  let leftovers: Element[] | null = null;
  let elementCount = 0;
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
      const first = slots[slot * 3 + 1] ?? 0;
      if (first !== 0) {
        leftovers ??= [];
        leftovers.push(former(bytes, slots, slot, nameEnd - nameStart));
      }
      slots[slot * 3] = type;
      slots[slot * 3 + 1] = start;
      slots[slot * 3 + 2] = end;
    }
    elementCount += 1;
    at = end;
  }
  const renamed: Map<number, Renamed> = new Map();
  for (const { name, slot, present, isLink } of formerNames) {
    const type = slots[slot * 3] ?? 0;
    if (type === 0) continue;
    const hasValue = !isNothing(type);
    if (hasValue && isLink) continue;
    const presentType = slots[present * 3] ?? 0;
    if (hasValue && (presentType === 0 || isNothing(presentType))) {
      for (let part = 0; part < 3; part += 1) slots[present * 3 + part] = slots[slot * 3 + part] ?? 0;
      renamed.set(present, { from: name, hasNull: presentType !== 0 });
    } else {
      leftovers ??= [];
      leftovers.push(former(bytes, slots, slot, Buffer.byteLength(name)));
      slots[slot * 3] = 0;
    }
  }
  return identified({
    bytes,
    formerName,
    leftovers: leftovers ?? noLeftovers,
    elementCount,
    renamed: renamed.size === 0 ? null : renamed,
    slots,
  });
}

function isNothing(type: number): boolean {
  return type === bson.null || type === bson.undefined;
}

/** The element that a repeated field had before. Its name ends one byte before its value. */
function former(bytes: Buffer, slots: Int32Array, slot: number, nameLength: number): Element {
  const start = slots[slot * 3 + 1] ?? 0;
  const nameEnd = start - 1;
  return { type: slots[slot * 3] ?? 0, bytes, nameStart: nameEnd - nameLength, nameEnd, start, end: slots[slot * 3 + 2] ?? 0 };
}

function identified(
  document: Pick<SourceDocument, 'bytes' | 'formerName' | 'leftovers' | 'elementCount' | 'renamed' | 'slots'>,
): SourceDocument {
  const { bytes, slots } = document;
  const type = slots[0] ?? 0;
  const id: Value =
    type === 0 ? { type: bson.null, bytes, start: 4, end: 4 } : { type, bytes, start: slots[1] ?? 0, end: slots[2] ?? 0 };
  return {
    ...document,
    corrections: null,
    sourceId: type === 0 ? missingSourceId : sourceIdOf(id),
    id: uuidOfDocument(id),
    hashed: id.type !== bson.objectId,
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
