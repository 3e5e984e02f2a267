/**
 * What NextCRM's later releases do to one kind of value, as data: what has to be prepared before their migrations run, what is restored
 * after them, how that is proved, and what a person is reported. Docs: docs/decisions/releases.md.
 */
import type { Session } from '../target/session.ts';

/** SQL for a boolean, about the catalog of the server: never about the name or the number of a release. */
export type Condition = string;

/** What a subject is about. The comparison of everything else before and after an upgrade leaves exactly this out. */
export interface Place {
  readonly table: string;
  /** 'all': the table as a whole, with its rows. */
  readonly columns: readonly string[] | 'all';
}

/**
 * A value that a subject changes or a release rewrites, in a form that is the same before and after: SQL of a row `t` of `table`. What
 * has one is compared like any other column, by these two expressions.
 */
export interface Invariant {
  readonly table: string;
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

/** A table of `nextcrm_archive`: the rows of a table that a release drops or rewrites, whole or the key and some columns. */
export interface ArchivedTable {
  /** The name in `public` and in the archive. */
  readonly table: string;
  /** What identifies a row: the id, or both ends of a link. */
  readonly key: readonly string[];
  /** Beside the key; 'all' for a table that is dropped as a whole. */
  readonly columns: readonly string[] | 'all';
  /** No release so far changes the table: where an earlier version has made no copy, it can still be made after an upgrade. */
  readonly isLeftBehind?: true;
  /** Its rows hold secrets, so that people are told to drop the copy. */
  readonly hasSecrets?: true;
}

/** A value of ours that `restore` writes over. The record of it has the former one, as the migration left it. */
export interface Overwritten {
  readonly table: string;
  readonly column: string;
  /** SQL of a row `t` and its record `r`: what is there is still what was restored. */
  readonly isAsRestored: string;
}

/**
 * Common table expressions, comma-separated, the last of them named `changed (table_name, row_id, column_name, former)`, all text: one
 * row a value that the statement has changed. `column_name` NULL: the row was inserted, or deleted where `former` holds it as JSON.
 */
export interface Change {
  readonly sql: string;
  /** Left out where this does not hold: a copy that a person has dropped, say. */
  readonly when?: Condition;
  /** The code under which the change of a value of ours is recorded while the migration itself is under way. */
  readonly code?: string;
}

/** One thing after the other; `script`: statements that change no value of anybody (temporary tables, a value on its way to another). */
export type Statement = Change | { readonly script: string; readonly when?: Condition };

/**
 * A query of the rows that are not as they must be: `row_id text, modified boolean`; `modified` where the row's own time says that people
 * have worked with it since. It shares nothing with what restores. `compared`: a query of how many were looked at (`n`).
 */
export interface Proof {
  readonly table: string;
  readonly column: string | null;
  readonly wrong: string;
  readonly compared: string;
  readonly when?: Condition;
}

/** A query of what is not prepared as it must be at the hand-over: `row_id text`. It shares nothing with what prepares. */
export interface Preparedness {
  readonly table: string;
  readonly column: string;
  readonly wrong: string;
}

/** A kind of value in the report, by a query that counts it (`n`), the same before the upgrade and after it. */
export interface Told {
  /** In the words of the person who runs a small company. */
  readonly what: string;
  /** Where it is in the release, or that it has no place there. */
  readonly where: string;
  readonly home: boolean;
  readonly count: string;
  /** SQL that shows it, for psql. */
  readonly query: string;
  readonly when?: Condition;
  /** Whether its rows hold secrets in clear text. */
  readonly secrets?: true;
}

/** A line for an administrator; `count` 0 leaves it out. `ids`: a query of ids (`id`) to name. */
export interface Advice {
  readonly section: 'first sign-in' | 'look at';
  /** `{n}` is the count. */
  readonly text: string;
  readonly count: string;
  readonly ids?: string;
  readonly when?: Condition;
}

export interface Subject {
  readonly name: string;
  readonly places: readonly Place[];
  readonly invariants?: readonly Invariant[];
  readonly archives?: readonly ArchivedTable[];
  readonly overwrites?: readonly Overwritten[];
  /** Times of update that the release adds to tables of ours. */
  readonly updateTimes?: readonly { readonly table: string; readonly column: string }[];
  /** The release has done its part, so that this subject can be restored. */
  readonly applied: Condition;
  /** Before the hand-over, and again at each start while the subject is not applied and no upgrade is complete. */
  readonly prepare?: readonly Statement[];
  /** What SQL alone cannot compute, after `prepare`. */
  readonly prepareRows?: (session: Session) => Promise<void>;
  /** Proved before the hand-over, when nobody but us has written. */
  readonly prepared?: readonly Preparedness[];
  /** After the upgrade, once. */
  readonly restore?: readonly Statement[];
  readonly proofs?: readonly Proof[];
  readonly reported?: readonly Told[];
  readonly advice?: readonly Advice[];
}

/** What an application's later releases do. */
export interface Releases {
  /** In the order in which they are prepared and restored. */
  readonly subjects: readonly Subject[];
  /**
   * What a later release puts into an empty database at its first start (its migrations and its seed): by table, how many rows at most,
   * null for any number. Rows beyond that were entered by people.
   */
  readonly seeded: Readonly<Record<string, number | null>>;
}
