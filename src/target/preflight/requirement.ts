/** What a target must be before the first write: one small question each, with the SQL that helps where the answer is no. */
import type { Naming } from '../naming.ts';
import type { Session } from '../session.ts';

export interface Unmet {
  /** As in docs/errors.md. */
  readonly code: string;
  readonly what: string;
  /** What to do, with the line of SQL. */
  readonly next: string;
}

/** What the migration creates in `public`. */
export interface Own extends Naming {
  readonly tables: readonly string[];
  readonly enums: readonly string[];
  readonly indexes: readonly string[];
  readonly functions: readonly string[];
  readonly extensions: readonly string[];
  /** The names under which its migrations are recorded, first the one whose tables the application makes too. */
  readonly migrations: readonly string[];
}

/** Asks; nothing is changed, and a trial is rolled back. Empty where it is met. */
export type Requirement = (session: Session, own: Own) => Promise<readonly Unmet[]>;

export const met: readonly Unmet[] = [];
