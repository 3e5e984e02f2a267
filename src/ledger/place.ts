/** Where the documents of a collection are written to. */
import type { CollectionSpec } from '../catalog/index.ts';

export interface Place {
  readonly collection: string;
  /** Null: it has no table, and each of its documents is a leftover. */
  readonly spec: CollectionSpec | null;
}

/** The columns of a row, in the order in which conversion writes them. */
export function columnsOf({ columns }: CollectionSpec): readonly string[] {
  return ['id', ...Object.keys(columns)];
}
