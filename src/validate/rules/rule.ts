/**
 * What a rule of conversion says about one value of the source and what the row holds for it. Written independently from the table of
 * conversions, without a look at how the load does it: the rule is shown both sides and judges.
 */
import type { Value } from '../bson/types.ts';
import { canonicalForm } from '../json/extended.ts';
import type { UuidHex } from '../records/identity.ts';

/** A record that must stand in the ledger. */
export interface Change {
  readonly code: string;
  /** Canonical Extended JSON (the hex digits of the bytes for INVALID_UTF8), null for a field that was absent. */
  readonly original: string | null;
}

/** Something that must be so elsewhere in the target for the verdict to hold. */
export interface Condition {
  /** The collections where the document would be; null: any. */
  readonly partners: readonly string[] | null;
  readonly id: UuidHex;
  /** How the ledger may name that document. */
  readonly sourceIds: readonly string[];
  readonly exists: boolean;
  /** The condition does not matter where this document exists. */
  readonly unless?: UuidHex;
  /** That the document does not exist is no dangling reference: nothing refers to it by this field. */
  readonly isNoReference?: true;
  /** Instead: the document was merged into the one with this id. */
  readonly merged?: UuidHex;
  /** Instead: the document was not merged into another. */
  readonly unmerged?: true;
}

export interface Match {
  readonly changes: readonly Change[];
  readonly conditions: readonly Condition[];
}

/**
 * A match: the row holds what the rule says, provided that the changes are recorded and the conditions are so. 'differs': it
 * holds something else. 'cannot': no rule converts this value.
 */
export type Verdict = Match | 'differs' | 'cannot';

/**
 * `value` is not null; `actual` is the field of the row in PostgreSQL's binary form, null for NULL; `recorded` is what the
 * ledger holds for the field, to choose by where the outcome depends on documents elsewhere.
 */
export type Rule = (value: Value, actual: Buffer | null, recorded: readonly Change[]) => Verdict;

export const carried: Match = { changes: [], conditions: [] };

export function changed(...changes: readonly Change[]): Match {
  return { changes, conditions: [] };
}

/**
 * The records of a value that is not carried, once a code. Its canonical form cannot hold bytes that are no UTF-8: where there
 * are some, the value's bytes are recorded as well.
 */
export function recordsOf(value: Value, ...codes: readonly string[]): readonly Change[] {
  const { text, invalid } = canonicalForm(value);
  const changes = codes.map((code) => ({ code, original: text }));
  return invalid
    ? [...changes, { code: 'INVALID_UTF8', original: value.bytes.toString('hex', value.start, value.end) }]
    : changes;
}
