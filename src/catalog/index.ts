/** Questions to a catalog, and the types that it is made of. */
import type { Catalog, CollectionSpec, JunctionSpec } from './spec.ts';

export type { Catalog, CollectionSpec, ColumnSpec, JunctionSpec, Kind, LinkSpec, Migrations, Normalize } from './spec.ts';

/** The tables that documents are loaded into: first those of the collections, then the junctions. */
export function tableNamesOf({ collections, junctions }: Catalog): readonly string[] {
  return [...collections.map(({ collection }) => collection), ...junctions.map(({ table }) => table)];
}

/** The names of collections that a source may have, those of older releases too. */
export function sourceNamesOf({ collections }: Catalog): readonly string[] {
  return collections.flatMap(({ collection, formerly = [] }) => [collection, ...formerly]);
}

/** The present name of a collection that an older release named `name`; null for any other. */
export function presentNameOf({ collections }: Catalog, name: string): string | null {
  return collections.find(({ formerly }) => formerly?.includes(name) === true)?.collection ?? null;
}

/** Undefined for a collection that has no table. */
export function specOf({ collections }: Catalog, name: string): CollectionSpec | undefined {
  return collections.find(({ collection }) => collection === name);
}

export function junctionOf({ junctions }: Catalog, name: string): JunctionSpec | undefined {
  return junctions.find(({ table }) => table === name);
}
