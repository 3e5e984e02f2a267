/** Whether the ledger says of a value what it must say: no more, no less, nothing else. */
import type { CheckCode } from '../../findings/codes.ts';
import type { Change } from '../rules/rule.ts';

/** Null where both hold the same records, in any order. */
export function compareChanges(expected: readonly Change[], recorded: readonly Change[]): CheckCode | null {
  if (expected.length === 0 && recorded.length === 0) return null;
  // Counted: an array of a hundred thousand elements has as many records.
  const surplus = new Map<string, number>();
  for (const change of expected) count(surplus, change, 1);
  for (const change of recorded) count(surplus, change, -1);
  const counts = [...surplus.values()];
  const isMissing = counts.some((n) => n > 0);
  const isExtra = counts.some((n) => n < 0);
  if (isMissing) return isExtra ? 'CHANGE_WRONG' : 'CHANGE_MISSING';
  return isExtra ? 'CHANGE_EXTRA' : null;
}

function count(surplus: Map<string, number>, { code, original }: Change, by: number): void {
  const key = original === null ? code : `${code} ${original}`;
  surplus.set(key, (surplus.get(key) ?? 0) + by);
}
