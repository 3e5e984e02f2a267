/** Turns the raw documents of one collection into the COPY streams of its table and of the ledger. */
import { elementType, isNullish } from '../bson/element-type.ts';
import { elementsOf } from '../bson/walk.ts';
import type { CollectionSpec } from '../catalog/spec.ts';
import { invariant } from '../failure.ts';
import type { RejectCode } from './codes.ts';
import type { Column } from './column.ts';
import { batchConverter, type Converter, type StreamTurns } from './converter.ts';
import type { Corrected, Corrections } from './corrections.ts';
import { DocumentScope } from './document-scope.ts';
import { FormerNames } from './former-names.ts';
import { uuidBytes } from './identity.ts';
import { encoders } from './kinds/encoders.ts';
import { normalized } from './kinds/normalized.ts';
import { stageLinks } from './links.ts';
import { encodeMissing, encodeUnconvertible, type RowSoFar } from './missing.ts';
import { PlacedFields } from './placed-fields.ts';
import { writeReject } from './reject.ts';
import { Streams } from './stream.ts';
import { unknownCollectionConverter } from './unknown-collection.ts';

export { type Converter, StreamTurns } from './converter.ts';

export interface ConversionContext {
  /** The stored start of the migration. */
  readonly startedAt: Date;
  /** Given where converters of several collections work one after the other. */
  readonly turns?: StreamTurns;
  /** Of rejected documents that are loaded again. */
  readonly corrections?: Corrections;
}

export function collectionConverter(spec: CollectionSpec, { startedAt, turns, corrections }: ConversionContext): Converter {
  const conversion = new DocumentConversion(spec, startedAt.getTime(), corrections ?? null);
  return batchConverter((bytes, streams) => conversion.convert(bytes, streams), turns);
}

/** For a collection with a table, or without one (`spec` null). */
export function converterOf(name: string, spec: CollectionSpec | null, context: ConversionContext): Converter {
  return spec === null ? unknownCollectionConverter(name, context.turns) : collectionConverter(spec, context);
}

interface Refusal {
  readonly code: RejectCode;
  readonly field: string;
}

const idName = Buffer.from('_id');

/** Made once a collection and used for one document after the other. */
class DocumentConversion implements RowSoFar {
  readonly startedAtMs: number;
  readonly #collection: string;
  readonly #columns: readonly Column[];
  readonly #links: readonly Buffer[];
  readonly #former: FormerNames;
  readonly #idField: number;
  readonly #placed: PlacedFields;
  readonly #document: DocumentScope;
  /** By column, where it begins in the row under way. */
  readonly #starts: Float64Array;
  readonly #columnIndex: ReadonlyMap<string, number>;
  readonly #corrections: Corrections | null;

  constructor(spec: CollectionSpec, startedAtMs: number, corrections: Corrections | null) {
    this.#corrections = corrections;
    this.startedAtMs = startedAtMs;
    this.#collection = spec.collection;
    this.#columns = columnsOf(spec);
    this.#links = Object.keys(spec.links).map((name) => Buffer.from(name));
    this.#former = new FormerNames(spec);
    // Known fields are numbered: the columns, the links, the former names of both, the `_id`.
    const names = [...this.#columns.map(({ name }) => name), ...this.#links, ...this.#former.names, idName];
    this.#idField = names.length - 1;
    this.#placed = new PlacedFields(names);
    this.#document = new DocumentScope(spec.collection, new Streams());
    this.#starts = new Float64Array(this.#columns.length);
    this.#columnIndex = new Map(Object.keys(spec.columns).map((name, index) => [name, index]));
  }

  /** Returns the number of fields, or -1 where the document was rejected. Throws MalformedBson. */
  convert(bytes: Buffer, streams: Streams): number {
    const corrected = this.#corrections?.of(bytes) ?? null;
    const document = this.#document;
    document.begin(corrected?.result?.bytes ?? bytes, streams);
    const count = this.#placed.place(document.bytes);
    if (this.#former.names.length > 0) this.#former.take(this.#placed);
    const refusal = this.#encode(document);
    if (refusal === null) return corrected === null ? count : recordCorrection(document, bytes, corrected);
    // A rejected document is kept whole: what was written of it so far would be a second, partial record.
    streams.rollBack();
    const { code, field } = refusal;
    const sourceId = document.sourceId().toString();
    writeReject(streams.rejects, bytes, sourceId, {
      collection: this.#collection,
      code,
      field,
      reason: corrected?.reason ?? null,
      correction: corrected?.text ?? null,
    });
    return -1;
  }

  #encode(document: DocumentScope): Refusal | null {
    if (!this.#identify(document)) return { code: 'MISSING_REQUIRED', field: '_id' };
    const refusal = this.#encodeRow(document);
    if (refusal !== null) return refusal;
    this.#stageLinks(document);
    this.#former.record(document);
    for (const field of this.#placed.stray) document.leftover(field);
    return null;
  }

  #identify(document: DocumentScope): boolean {
    const { types, offsets, lengths } = this.#placed;
    const type = types[this.#idField] as number;
    if (type === 0) return false;
    const offset = offsets[this.#idField] as number;
    const length = lengths[this.#idField] as number;
    if (type === elementType.objectId) document.identifyByObjectId(offset, length);
    else document.identify({ type, offset, length });
    return true;
  }

  #encodeRow(document: DocumentScope): Refusal | null {
    const { rows } = document.streams;
    const { out } = rows;
    rows.tuple(this.#columns.length + 1);
    out.int32(uuidBytes);
    out.copy(document.uuid, 0, uuidBytes);
    for (let index = 0; index < this.#columns.length; index++) {
      const column = this.#columns[index] as Column;
      this.#starts[index] = out.length;
      const code = this.#encodeColumn(document, column, index);
      if (code !== null) return { code, field: column.name.toString() };
    }
    return null;
  }

  #encodeColumn(document: DocumentScope, column: Column, index: number): RejectCode | null {
    const { types, offsets, lengths } = this.#placed;
    const type = types[index] as number;
    if (type === 0) return encodeMissing(document, column, null, this);
    const offset = offsets[index] as number;
    const length = lengths[index] as number;
    if (isNullish(type)) return encodeMissing(document, column, { type, offset, length }, this);
    if (column.encode(document, column, type, offset, length)) return null;
    return encodeUnconvertible(document, column, { type, offset, length }, this);
  }

  #stageLinks(document: DocumentScope): void {
    const { types, offsets, lengths } = this.#placed;
    const first = this.#columns.length;
    // By index: the pairs of an iterator were a quarter of what the load left to the garbage collector.
    for (let field = first; field < first + this.#links.length; field++) {
      const type = types[field] as number;
      if (type === 0) continue;
      stageLinks(document, this.#links[field - first] as Buffer, type, offsets[field] as number, lengths[field] as number);
    }
  }

  startOf(column: string): number {
    return this.#starts[this.#columnIndex.get(column) ?? -1] as number;
  }
}

/** Returns how many fields the document has in the source. */
function recordCorrection(document: DocumentScope, bytes: Buffer, { result }: Corrected): number {
  for (const { field, original } of result?.fields ?? []) document.corrected(field, bytes, original);
  return [...elementsOf(bytes)].length;
}

function columnsOf(spec: CollectionSpec): Column[] {
  const names = Object.keys(spec.columns);
  return Object.entries(spec.columns).map(([name, column], index) => {
    const { whenMissing } = column;
    if (typeof whenMissing === 'object' && 'sameAs' in whenMissing) {
      const other = names.indexOf(whenMissing.sameAs);
      invariant(other >= 0 && other < index, `${spec.collection}.${name}: the column that it copies must stand before it`);
    }
    return {
      name: Buffer.from(name),
      spec: column,
      required: column.required === true,
      labels: (column.labels ?? []).map((label) => Buffer.from(label)),
      encode: normalized(encoders[column.kind], column.normalize),
    };
  });
}
