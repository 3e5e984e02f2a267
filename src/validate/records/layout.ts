/** What the documents of one collection are looked through for, by the catalog. */
import type { CollectionSpec, LinkSpec } from '../../catalog/index.ts';
import { FieldTable } from './field-table.ts';

/** `spec` null: a collection without a table. */
export interface Layout {
  readonly collection: string;
  readonly spec: CollectionSpec | null;
  /** `_id`, the columns in the order of the table, then the link arrays. */
  readonly table: FieldTable;
  readonly links: readonly LinkPlace[];
  readonly formerNames: readonly FormerPlace[];
}

/** A field under a name of an older release, and the slot of the present name. */
interface FormerPlace {
  readonly name: string;
  readonly slot: number;
  readonly present: number;
  readonly isLink: boolean;
}

/** A link array and its slot. */
export interface LinkPlace {
  /** Slots of the fields of older releases that name partners too, with their names. */
  readonly former: readonly { readonly name: string; readonly slot: number }[];
  readonly field: string;
  readonly link: LinkSpec;
  readonly slot: number;
}

export function layoutOf(collection: string, spec: CollectionSpec | null): Layout {
  if (spec === null) return { collection, spec, table: new FieldTable(['_id']), links: [], formerNames: [] };
  const columns = ['_id', ...Object.keys(spec.columns)];
  const names = [...columns, ...Object.keys(spec.links)];
  const formerOf = (entries: readonly (readonly [string, { readonly formerly?: readonly string[] }])[], isLink: boolean) =>
    entries.flatMap(([field, { formerly = [] }]) => formerly.map((name) => ({ name, present: names.indexOf(field), isLink })));
  const formerNames = [...formerOf(Object.entries(spec.columns), false), ...formerOf(Object.entries(spec.links), true)].map(
    (former, index) => ({ ...former, slot: names.length + index }),
  );
  return {
    collection,
    spec,
    table: new FieldTable([...names, ...formerNames.map(({ name }) => name)]),
    links: Object.entries(spec.links).map(([field, link], index) => {
      const slot = columns.length + index;
      return { field, link, slot, former: formerNames.filter(({ present }) => present === slot) };
    }),
    formerNames,
  };
}
