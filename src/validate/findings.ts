/** Gathers what validation finds: one finding a code, collection and field, with its count and its first source ids. */
import type { Finding, Layer } from '../report/model.ts';
import { type FindingCode, findingTexts } from './finding-texts.ts';

/** As many as a report names; the whole is a query away. */
const sourceIdsMax = 20;
/** A source id may be a whole compound `_id`. */
const sourceIdLengthMax = 200;

interface Group {
  readonly code: FindingCode;
  readonly layer: Layer;
  readonly collection: string | null;
  readonly field: string | null;
  count: number;
  readonly sourceIds: string[];
}

export class Findings {
  readonly #groups = new Map<string, Group>();

  add(
    layer: Layer,
    code: FindingCode,
    at: { readonly collection?: string; readonly field?: string | null; readonly sourceId?: string; readonly count?: number },
  ): void {
    const key = JSON.stringify([layer, code, at.collection, at.field]);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { code, layer, collection: at.collection ?? null, field: at.field ?? null, count: 0, sourceIds: [] };
      this.#groups.set(key, group);
    }
    group.count += at.count ?? 1;
    const sourceId = at.sourceId?.slice(0, sourceIdLengthMax);
    if (sourceId !== undefined && group.sourceIds.length < sourceIdsMax && !group.sourceIds.includes(sourceId))
      group.sourceIds.push(sourceId);
  }

  has(layer: Layer): boolean {
    return this.#groups.values().some((group) => group.layer === layer);
  }

  list(): Finding[] {
    return [...this.#groups.values()].map((group) => ({ ...group, sourceIds: [...group.sourceIds], ...findingTexts(group) }));
  }
}
