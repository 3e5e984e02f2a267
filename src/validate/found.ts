/** Gathers what validation finds: one finding for each code, collection and field, with its count and its first source ids. */
import { adviceFor } from '../findings/advice.ts';
import type { CheckCode } from '../findings/codes.ts';
import { type Finding, type Layer, sourceIdLengthMax, sourceIdsMax } from '../findings/finding.ts';
import { idBits, idsHashOf } from '../findings/ids-hash.ts';

interface Group {
  readonly code: CheckCode;
  readonly layer: Layer;
  readonly collection: string | null;
  readonly field: string | null;
  count: number;
  /** How many of these rows were modified after the migration, by their own update time. */
  modified: number;
  readonly sourceIds: string[];
  /** Over all source ids, and what was found without any. */
  idsSum: bigint;
}

export class Findings {
  readonly #groups = new Map<string, Group>();
  /** What people have modified, where that is no finding. */
  readonly #modified = new Map<string, Group>();
  readonly #isUpgraded: boolean;

  /** `upgraded`: what was modified after the migration, by its own time, is no finding in a database that NextCRM has upgraded. */
  constructor({ upgraded = false } = {}) {
    this.#isUpgraded = upgraded;
  }

  add(
    layer: Layer,
    code: CheckCode,
    at: {
      readonly collection?: string;
      readonly field?: string | null;
      readonly sourceId?: string;
      /** What was found, where that is about no document: another content is another finding to whoever has accepted this one. */
      readonly content?: string;
      readonly count?: number;
      /** The row has an update time after the end of the migration. */
      readonly modified?: boolean;
    },
  ): void {
    const key = JSON.stringify([layer, code, at.collection, at.field]);
    const groups = this.#isUpgraded && at.modified === true ? this.#modified : this.#groups;
    let group = groups.get(key);
    if (group === undefined) {
      group = {
        code,
        layer,
        collection: at.collection ?? null,
        field: at.field ?? null,
        count: 0,
        modified: 0,
        sourceIds: [],
        idsSum: 0n,
      };
      groups.set(key, group);
    }
    group.count += at.count ?? 1;
    if (at.modified === true) group.modified += 1;
    group.idsSum = BigInt.asIntN(64, group.idsSum + idBits(at.sourceId ?? at.content ?? ''));
    const sourceId = at.sourceId?.slice(0, sourceIdLengthMax);
    if (sourceId !== undefined && group.sourceIds.length < sourceIdsMax && !group.sourceIds.includes(sourceId))
      group.sourceIds.push(sourceId);
  }

  /** Leaves out what was found about a collection: nothing is left to compare it with. */
  forget(collection: string): void {
    for (const [key, group] of this.#groups) if (group.collection === collection) this.#groups.delete(key);
  }

  hasOf(collection: string): boolean {
    return [...this.#groups.values(), ...this.#modified.values()].some((group) => group.collection === collection);
  }

  has(layer: Layer): boolean {
    return this.#groups.values().some((group) => group.layer === layer);
  }

  /** `finishedAt`: when the migration ended; null while it runs. */
  list(finishedAt: Date | null = null): Finding[] {
    return this.#groups
      .values()
      .map(({ modified, idsSum, ...finding }) => {
        const { what, next } = adviceFor(finding.code);
        const note =
          modified === 0 || finishedAt === null
            ? ''
            : ` Modified after the migration (${finishedAt.toISOString()}), by their own update time: ${modified} of these rows.`;
        return {
          ...finding,
          sourceIds: [...finding.sourceIds],
          idsHash: idsHashOf(idsSum),
          what: what + note,
          next,
        };
      })
      .toArray();
  }

  /** One line for each collection and field that people have modified. */
  modified(): readonly string[] {
    const places = Map.groupBy(this.#modified.values(), ({ collection, field }) =>
      [collection, field].filter((part) => part !== null).join('.'),
    );
    return [...places].map(([place, groups]) => {
      const count = Math.max(...groups.map((group) => group.count));
      const ids = [...new Set(groups.flatMap(({ sourceIds }) => sourceIds))].slice(0, sourceIdsMax);
      return `${place}: ${count} ${count === 1 ? 'row' : 'rows'} modified after the migration (${ids.join(', ')}).`;
    });
  }
}
