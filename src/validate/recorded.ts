/** Whether the ledger says of a value what it must say: no more, no less, nothing else. */
import type { FindingCode } from './finding-texts.ts';
import type { Change } from './rules/rule.ts';

/** Null where both hold the same records, in any order. */
export function compareChanges(expected: readonly Change[], recorded: readonly Change[]): FindingCode | null {
  const missing = without(expected, recorded).length;
  const extra = without(recorded, expected).length;
  if (missing === 0 && extra === 0) return null;
  if (missing === 0) return 'CHANGE_EXTRA';
  return extra === 0 ? 'CHANGE_MISSING' : 'CHANGE_WRONG';
}

/** The items of `list` that are left when each item of `taken` takes one away. */
function without(list: readonly Change[], taken: readonly Change[]): readonly Change[] {
  const left = [...list];
  for (const { code, original } of taken) {
    const index = left.findIndex((item) => item.code === code && item.original === original);
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}
