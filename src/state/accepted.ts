/** What a person took as it is, and the verdict over what is found beside it. */
import { type ExitCode, exitCodes } from '../failure.ts';
import type { Finding, Report } from '../report/model.ts';

/** What of a finding counts when another one is compared with it. */
export type FoundBefore = Pick<Finding, 'code' | 'layer' | 'collection' | 'field' | 'count' | 'sourceIds'>;

export function foundBefore({ code, layer, collection, field, count, sourceIds }: Finding): FoundBefore {
  return { code, layer, collection, field, count, sourceIds };
}

export function verdictOver(
  findings: readonly FoundBefore[],
  accepted: readonly FoundBefore[],
): { readonly verdict: NonNullable<Report['verdict']>; readonly exitCode: ExitCode } {
  if (findings.length === 0) return { verdict: 'success', exitCode: exitCodes.success };
  if (isAccepted(findings, accepted)) return { verdict: 'accepted', exitCode: exitCodes.success };
  return { verdict: 'findings', exitCode: exitCodes.findings };
}

/** A finding names this many of its source ids; of one that has more, the number alone tells whether there is a new one. */
const sourceIdsMax = 20;

/** Nothing more than what was accepted: neither another kind nor another place, neither a greater number nor another document. */
export function isAccepted(findings: readonly FoundBefore[], accepted: readonly FoundBefore[]): boolean {
  const before = merged(accepted);
  return merged(findings)
    .entries()
    .every(([key, { count, sourceIds }]) => {
      const was = before.get(key);
      if (was === undefined || count > was.count) return false;
      return was.sourceIds.size >= sourceIdsMax || [...sourceIds].every((id) => was.sourceIds.has(id));
    });
}

interface Merged {
  count: number;
  readonly sourceIds: Set<string>;
}

/** The same may be found twice, with and without a sign of NextCRM's own work. */
function merged(findings: readonly FoundBefore[]): Map<string, Merged> {
  const byPlace = new Map<string, Merged>();
  for (const { code, layer, collection, field, count, sourceIds } of findings) {
    const key = JSON.stringify([code, layer, collection, field]);
    const found = byPlace.get(key) ?? { count: 0, sourceIds: new Set() };
    byPlace.set(key, found);
    found.count += count;
    for (const id of sourceIds) found.sourceIds.add(id);
  }
  return byPlace;
}
