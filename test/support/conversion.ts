/** Converts documents and reads the streams back, as plain objects. */
import { type Document, serialize } from 'bson';
import type { CollectionSpec, ColumnSpec, Kind } from '../../src/catalog/index.ts';
import { collectionConverter } from '../../src/convert/collection.ts';
import type { EncodedBatch } from '../../src/convert/encoded-batch.ts';
import { type Cell, decoded } from './copy-decoder.ts';

export const startedAt = new Date('2024-05-06T07:08:09.010Z');

export interface Converted {
  readonly batch: EncodedBatch;
  readonly rows: { readonly [column: string]: Cell }[];
  /** `field code original`, without collection and source id. */
  readonly changes: { readonly id: Cell; readonly field: Cell; readonly code: Cell; readonly original: Cell }[];
  readonly leftovers: { readonly id: Cell; readonly field: Cell; readonly value: Cell }[];
  readonly rejects: {
    readonly id: Cell;
    readonly code: Cell;
    readonly field: Cell;
    readonly document: Cell;
    readonly bson: Cell;
  }[];
  readonly links: { readonly field: Cell; readonly id: Cell; readonly partner: Cell; readonly original: Cell }[];
  readonly ids: { readonly sourceId: Cell; readonly id: Cell }[];
  readonly lookups: {
    readonly id: Cell;
    readonly field: Cell;
    readonly original: Cell;
    readonly taken: Cell;
    readonly hashed: Cell;
  }[];
}

export function convert(spec: CollectionSpec, ...documents: readonly (Document | Uint8Array)[]): Converted {
  const raw = documents.map((document) =>
    document instanceof Uint8Array ? document : serialize(document, { ignoreUndefined: false }),
  );
  return read(spec, collectionConverter(spec, { startedAt })(raw));
}

export function read(spec: CollectionSpec, batch: EncodedBatch): Converted {
  const columns = Object.entries(spec.columns);
  const kinds: Kind[] = ['uuid', ...columns.map(([, { kind }]) => kind)];
  const names = ['id', ...columns.map(([name]) => name)];
  const ours = (data: EncodedBatch['rows'], ...rest: (Kind | 'bytea')[]) =>
    decoded(data, ['text', ...rest]).map(([collection, ...cells]) => {
      if (collection !== spec.collection) throw new Error('a row of another collection');
      return cells as [Cell, Cell, Cell, Cell, Cell, Cell];
    });
  return {
    batch,
    rows: decoded(batch.rows, kinds).map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null]))),
    changes: ours(batch.changes, 'text', 'text', 'text', 'text').map(([id, field, code, original]) => ({
      id,
      field,
      code,
      original,
    })),
    leftovers: ours(batch.leftovers, 'text', 'text', 'text').map(([id, field, value]) => ({ id, field, value })),
    rejects: ours(batch.rejects, 'text', 'text', 'text', 'text', 'bytea', 'text', 'text').map(
      ([id, code, field, document, bson]) => ({
        id,
        code,
        field,
        document,
        bson,
      }),
    ),
    links: ours(batch.links, 'text', 'uuid', 'uuid', 'text').map(([field, id, partner, original]) => ({
      field,
      id,
      partner,
      original,
    })),
    ids: ours(batch.ids, 'text', 'uuid').map(([sourceId, id]) => ({ sourceId, id })),
    lookups: ours(batch.lookups, 'uuid', 'text', 'text', 'uuid', 'uuid').map(([id, field, original, taken, hashed]) => ({
      id,
      field,
      original,
      taken,
      hashed,
    })),
  };
}

/** A collection of one column `v`, and one link `friends`. */
export function oneColumn(column: ColumnSpec): CollectionSpec {
  return { collection: 'things', columns: { v: column }, links: { friends: { junction: 'F', side: 'left', partner: 'things' } } };
}
