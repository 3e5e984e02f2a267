import type { Releases } from '../releases/subject.ts';
import type { Naming } from '../target/naming.ts';
import type { Structure } from '../target/structure.ts';

/** What a target column takes. `uuid` is a reference or a bare id; the primary key is not listed, every table has it. */
export type Kind = 'uuid' | 'text' | 'integer' | 'bigint' | 'boolean' | 'timestamp' | 'enum' | 'jsonb' | 'text[]' | 'uuid[]';

/** What a required column holds where the document has no value for it (recorded as `DEFAULTED`). */
export type WhenMissing =
  | { readonly value: string | number | boolean }
  /** The time inside the ObjectId, else the stored start of the migration. */
  | 'creation time'
  /** The value of another column of the row, as converted. */
  | { readonly sameAs: string };

/** Words in lower case. */
export interface BooleanWords {
  readonly true: string;
  readonly false: string;
}

/**
 * 'label': a text of nothing but blanks becomes NULL (`BLANK_TO_NULL`). 'currency': a text that means an ISO 4217 code becomes that
 * code (`CURRENCY_NORMALIZED`). A range, decimal: a whole number beyond it becomes the nearest bound (`NUMBER_CLAMPED`).
 */
export type Normalize = 'label' | 'currency' | { readonly min: string; readonly max: string };

/** One column of the target, filled from the field of the same name, or from one of an older release. */
export interface ColumnSpec {
  readonly kind: Kind;
  /**
   * Names that older releases gave to the field, the first that has a value wins. They count where the present name is absent or null;
   * else they are leftovers.
   */
  readonly formerly?: readonly string[];
  /** Of a time that the application sets by itself: when the row was created, or last updated. */
  readonly role?: 'created' | 'updated';
  /** NOT NULL in the final target. */
  readonly required?: true;
  /** Only with `required`; without it a missing value rejects the document. */
  readonly whenMissing?: WhenMissing;
  /** The collection whose table the foreign key points to. */
  readonly references?: string;
  /** Of a column of ids without a foreign key: the collection whose documents it names. */
  readonly names?: string;
  /**
   * With `references`: a value that names a document of the collection that the column `redirect` references, and none of its own,
   * moves to that column where it is free.
   */
  readonly redirect?: string;
  /**
   * With `references`, of a nullable column: where the field is absent or null, the id in the column `copiedFrom` of the same row, if that
   * document exists. The other column keeps it too.
   */
  readonly copiedFrom?: string;
  /** No two rows have the same value. */
  readonly unique?: true;
  /** True is a right of a person: told where the document is rejected for another one that keeps its unique value. */
  readonly isRight?: true;
  /** What else means true or false in a boolean column, beside the words that do so everywhere. */
  readonly words?: BooleanWords;
  /** The labels of an enum column. */
  readonly labels?: readonly string[];
  /** What the column takes of a value that was converted: later releases cannot keep all that the column itself could hold. */
  readonly normalize?: Normalize;
}

/** An array of ids that fills one side of a junction table. */
export interface LinkSpec {
  readonly junction: string;
  readonly side: 'left' | 'right';
  /** The collection that the elements name. */
  readonly partner: string;
  /** Fields of older releases that name partners too: each one more source of the junction, beside the array. */
  readonly formerly?: readonly string[];
}

/** One collection of the source and the table of the same name in the target. */
export interface CollectionSpec {
  readonly collection: string;
  /** Names that older releases gave to the collection: a document there is one of this collection where its `_id` is free here. */
  readonly formerly?: readonly string[];
  /** Fields of older releases that no later one needed: leftovers that nobody has to look at. */
  readonly obsolete?: readonly string[];
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

/** A collection of older releases that has no table. */
export interface DroppedCollection {
  readonly collection: string;
  /** Secrets in clear text, of what kind; absent where it has none. */
  readonly secrets?: string;
}

/** One of the Prisma migrations that create the tables: a folder of prisma/migrations. */
export interface Migration {
  readonly name: string;
  /** True in SQL when the migration's effect is in the database. Each is one transaction: the last of its effects tells. */
  readonly probe: string;
}

/** The migrations of this program, and how the app's own history continues from them. */
export interface Migrations {
  /** In the order in which Prisma applies them. The first makes the tables that the app's own first makes, and has its name. */
  readonly ours: readonly Migration[];
  /** SHA-256 of the app's own first migration. */
  readonly appInitChecksum: string;
  /** A migration of the app that one of its releases records, and a later one deletes from the record again. */
  readonly forgottenByApp: string | null;
}

/** What is migrated, and into what: a value that is passed on, so that the engine knows no application. */
export interface Catalog {
  readonly naming: Naming;
  /** Every collection that has a table, in the order in which they are loaded. */
  readonly collections: readonly CollectionSpec[];
  readonly junctions: readonly JunctionSpec[];
  /** Tables that the migrations create and fill, and no collection feeds. */
  readonly lookupTables: readonly string[];
  readonly migrations: Migrations;
  /** What the migrations create in `public`. */
  readonly structure: Structure;
  /** What later releases of the app do. */
  readonly releases: Releases;
  /** Each of their documents is a leftover that nobody has to look at. */
  readonly dropped?: readonly DroppedCollection[];
}
