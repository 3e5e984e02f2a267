/**
 * Gathers what validation finds: one finding a code, collection and field, with its count and its first source ids. What bears a
 * sign of NextCRM's own work is a finding of its own.
 */
import { type Finding, type Layer, sourceIdsMax } from '../report/model.ts';
import { idBits, idsHashOf } from '../state/ids-hash.ts';
import { type FindingCode, findingTexts } from './finding-texts.ts';
import { laterWords } from './later-words.ts';
import type { Later, Sign } from './later-work.ts';

/** A source id may be a whole compound `_id`. */
const sourceIdLengthMax = 200;

interface Group {
  readonly code: FindingCode;
  readonly layer: Layer;
  readonly collection: string | null;
  readonly field: string | null;
  readonly sign: Sign | null;
  count: number;
  readonly sourceIds: string[];
  /** Over all source ids. */
  idsSum: bigint;
}

export class Findings {
  readonly #groups = new Map<string, Group>();

  add(
    layer: Layer,
    code: FindingCode,
    at: {
      readonly collection?: string;
      readonly field?: string | null;
      readonly sourceId?: string;
      readonly count?: number;
      readonly sign?: Sign | null;
    },
  ): void {
    const sign = at.sign ?? null;
    const key = JSON.stringify([layer, code, at.collection, at.field, sign]);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = {
        code,
        layer,
        collection: at.collection ?? null,
        field: at.field ?? null,
        sign,
        count: 0,
        sourceIds: [],
        idsSum: 0n,
      };
      this.#groups.set(key, group);
    }
    group.count += at.count ?? 1;
    if (at.sourceId !== undefined) group.idsSum = BigInt.asIntN(64, group.idsSum + idBits(at.sourceId));
    const sourceId = at.sourceId?.slice(0, sourceIdLengthMax);
    if (sourceId !== undefined && group.sourceIds.length < sourceIdsMax && !group.sourceIds.includes(sourceId))
      group.sourceIds.push(sourceId);
  }

  has(layer: Layer): boolean {
    return this.#groups.values().some((group) => group.layer === layer);
  }

  /** `later` adds to each finding what it has to do with NextCRM's own work since. */
  list(later: Later | null = null): Finding[] {
    const groups = [...this.#groups.values()];
    const wordsOf = laterWords(groups, later);
    return groups.map((group) => {
      const { sign: _, idsSum, ...finding } = group;
      const { what, next } = findingTexts(group);
      const words = wordsOf(group);
      return {
        ...finding,
        sourceIds: [...group.sourceIds],
        ...(group.sourceIds.length === 0 ? {} : { idsHash: idsHashOf(idsSum) }),
        what: words === null ? what : `${what} ${words.what}`,
        next: words === null ? next : `${words.next}${next}`,
      };
    });
  }
}
