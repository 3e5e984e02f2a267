/** What a target column takes. `uuid` is a reference or a bare id; the primary key is not listed, every table has it. */
export type Kind = 'uuid' | 'text' | 'integer' | 'bigint' | 'boolean' | 'timestamp' | 'enum' | 'jsonb' | 'text[]' | 'uuid[]';

/** What a required column holds where the document has no value for it (recorded as `DEFAULTED`). */
export type WhenMissing =
  | { readonly value: string | number | boolean }
  /** The time inside the ObjectId, else the stored start of the migration. */
  | 'creation time'
  /** The value of another column of the row, as converted. */
  | { readonly sameAs: string };

/** One column of the target, filled from the field of the same name. */
export interface ColumnSpec {
  readonly kind: Kind;
  /** NOT NULL in the final target. */
  readonly required?: true;
  /** Only with `required`; without it a missing value rejects the document. */
  readonly whenMissing?: WhenMissing;
  /** The collection whose table the foreign key points to. */
  readonly references?: string;
  /** The labels of an enum column. */
  readonly labels?: readonly string[];
}

/** An array of ids that fills one side of a junction table. */
export interface LinkSpec {
  readonly junction: string;
  readonly side: 'left' | 'right';
  /** The collection that the elements name. */
  readonly partner: string;
}

/** One collection of the source and the table of the same name in the target. */
export interface CollectionSpec {
  readonly collection: string;
  /** In the order of the table's columns, which starts with `id`. */
  readonly columns: { readonly [field: string]: ColumnSpec };
  readonly links: { readonly [field: string]: LinkSpec };
}

/** A many-to-many table of two columns, both of its primary key. */
export interface JunctionSpec {
  readonly table: string;
  readonly left: { readonly column: string; readonly collection: string };
  readonly right: { readonly column: string; readonly collection: string };
}
