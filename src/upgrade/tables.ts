/** The tables that hold migrated rows, by the keys that tell them. */
import type { Catalog } from '../catalog/index.ts';
import type { KeyedTable } from './fingerprint.ts';

export function keyedTables({ collections, junctions }: Catalog): readonly KeyedTable[] {
  return [
    ...collections.map(({ collection }) => ({ table: collection, key: [{ column: 'id', collection }] })),
    ...junctions.map(({ table, left, right }) => ({ table, key: [left, right] })),
  ];
}
