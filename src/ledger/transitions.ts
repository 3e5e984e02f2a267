/**
 * How the code of a recorded change may be replaced: the load records how it read a reference, and a later step learns that it refers
 * to another document or to none. The record keeps its original. docs/errors.md shows this table.
 */
import type { ChangeCode } from '../findings/codes.ts';

const toNone = ['DANGLING_REFERENCE', 'LINK_DANGLING'] as const;
/** No document has this string or number as its `_id`. */
const unknown = ['UNCONVERTIBLE', 'ARRAY_ELEMENT_DROPPED'] as const;

export const transitions = {
  ID_FROM_STRING: ['ID_HASHED', 'TASK_REDIRECTED', 'REFERENCE_MERGED', ...toNone],
  ID_HASHED: ['TASK_REDIRECTED', 'REFERENCE_MERGED', ...unknown, ...toNone],
  ID_FROM_DBREF: ['TASK_REDIRECTED', 'REFERENCE_MERGED', ...unknown, ...toNone],
  ID_FROM_VALUE: ['TASK_REDIRECTED', 'REFERENCE_MERGED', ...unknown, ...toNone],
} as const satisfies { readonly [C in ChangeCode]?: readonly ChangeCode[] };

/** A code that a later step gives to a record of the load. */
export type LaterCode = (typeof transitions)[keyof typeof transitions][number];

/** The codes that may be replaced by `code`. */
export function codesBefore(code: LaterCode): readonly ChangeCode[] {
  const all: readonly (readonly [string, readonly ChangeCode[]])[] = Object.entries(transitions);
  return all.filter(([, later]) => later.includes(code)).map(([before]) => before as ChangeCode);
}
