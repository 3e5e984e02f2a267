/** Dirt as real databases have it, laid over clean documents: exact numbers, spread evenly, never two kinds on one field of a document. */
import type { Dataset } from './dataset.ts';
import { type DirtTable, rejectedDirt, usualDirt } from './dirt-table.ts';
import type { Draft, Fields } from './draft.ts';
import { type Fault, FormerName } from './faults.ts';
import { hashOfName } from './random.ts';

export type DirtLevel = 'none' | 'usual' | 'rejected too';

interface Stain {
  readonly field: string;
  /** How many documents of the collection it hits. */
  readonly total: number;
  readonly kinds: readonly { readonly end: number; readonly make: Fault }[];
  readonly offset: number;
}

/** Adds faults to the documents of one collection in place. */
export function dirtOf(dataset: Dataset, collection: string, level: DirtLevel): (draft: Draft, fields: Fields) => void {
  const tables = level === 'none' ? [] : level === 'usual' ? [usualDirt] : [usualDirt, rejectedDirt];
  const stains = stainsOf(dataset, collection, tables);
  const count = dataset.count(collection);
  return (draft, fields) => {
    for (const { field, total, kinds, offset } of stains) {
      const at = (draft.index + offset) % count;
      const before = Math.floor((at * total) / count);
      if (Math.floor(((at + 1) * total) / count) === before) continue;
      const kind = kinds.find(({ end }) => before < end);
      if (kind === undefined) continue;
      const made = kind.make(fields[field], draft);
      fields[field] = made instanceof FormerName ? undefined : made;
      if (made instanceof FormerName) fields[made.name] = made.value;
    }
  };
}

function stainsOf(dataset: Dataset, collection: string, tables: readonly DirtTable[]): Stain[] {
  const count = dataset.count(collection);
  const scale = count / (dataset.plan.typical.get(collection) ?? count);
  const kindsOfField = new Map<string, { end: number; make: Fault }[]>();
  for (const [place, kinds] of tables.flatMap((table) => Object.entries(table))) {
    const [owner, field] = place.split('.');
    if (owner !== collection || field === undefined) continue;
    const known = kindsOfField.get(field) ?? [];
    for (const [documents, make] of kinds) {
      known.push({ end: (known.at(-1)?.end ?? 0) + Math.max(1, Math.round(documents * scale)), make });
    }
    kindsOfField.set(field, known);
  }
  return [...kindsOfField].map(([field, kinds]) => ({
    field,
    kinds,
    total: Math.min(kinds.at(-1)?.end ?? 0, count),
    // Each field begins elsewhere, so that the dirt of a collection is not heaped on the same documents.
    offset: hashOfName(field) % count,
  }));
}
