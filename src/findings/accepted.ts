/** What a person has accepted, and the verdict on what is found beside it. */
import { type ExitCode, exitCodes } from '../failure.ts';
import { type Finding, sourceIdLengthMax, type Verdict } from './finding.ts';
import { addedUp, type IdsHash } from './ids-hash.ts';

/** What of a finding counts when another one is compared with it. */
export type FoundBefore = Pick<Finding, 'code' | 'layer' | 'collection' | 'field' | 'count' | 'sourceIds' | 'idsHash'>;

export function foundBefore({ code, layer, collection, field, count, sourceIds, idsHash }: Finding): FoundBefore {
  return { code, layer, collection, field, count, sourceIds, ...(idsHash === undefined ? {} : { idsHash }) };
}

export function verdictOver(
  findings: readonly FoundBefore[],
  accepted: readonly FoundBefore[],
): { readonly verdict: Verdict; readonly exitCode: ExitCode } {
  if (findings.length === 0) return { verdict: 'success', exitCode: exitCodes.success };
  if (isAccepted(findings, accepted)) return { verdict: 'accepted', exitCode: exitCodes.success };
  return { verdict: 'findings', exitCode: exitCodes.findings };
}

/** Nothing more than what was accepted: neither another kind nor another place, neither a greater number nor another document. */
export function isAccepted(findings: readonly FoundBefore[], accepted: readonly FoundBefore[]): boolean {
  const before = merged(accepted);
  return merged(findings)
    .entries()
    .every(([key, now]) => {
      const was = before.get(key);
      return was !== undefined && now.count <= was.count && (isSame(now, was) || isAmong(now, was));
    });
}

interface Merged {
  count: number;
  /** Those that are named. */
  readonly sourceIds: Set<string>;
  /** Where there may be others, or none is named, the hash of all that was found tells whether something is new. */
  isEachNamed: boolean;
  /** Null where one of the parts has none (as of 0.1.0, where it is about no documents). */
  idsHash: IdsHash | null;
}

function isSame(now: Merged, was: Merged): boolean {
  return now.count === was.count && now.idsHash !== null && now.idsHash === was.idsHash;
}

function isAmong(now: Merged, was: Merged): boolean {
  return now.isEachNamed && [...now.sourceIds].every((id) => was.sourceIds.has(id));
}

/** Findings of the same place count together. */
function merged(findings: readonly FoundBefore[]): Map<string, Merged> {
  const byPlace = new Map<string, Merged>();
  for (const { code, layer, collection, field, count, sourceIds, idsHash } of findings) {
    const key = JSON.stringify([code, layer, collection, field]);
    const found = byPlace.get(key) ?? { count: 0, sourceIds: new Set(), isEachNamed: true, idsHash: addedUp([]) };
    byPlace.set(key, found);
    found.count += count;
    found.isEachNamed &&= sourceIds.length === count && sourceIds.every(({ length }) => length < sourceIdLengthMax);
    found.idsHash = found.idsHash === null || idsHash === undefined ? null : addedUp([found.idsHash, idsHash]);
    for (const id of sourceIds) found.sourceIds.add(id);
  }
  return byPlace;
}
