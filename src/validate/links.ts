/** Layer "references", links: each element of the source's arrays is a pair in its junction table, or recorded as dangling. */
import { junctions, type LinkSpec } from '../catalog/index.ts';
import { readTuples } from '../target/copy-reader.ts';
import { quoted } from '../target/quoted.ts';
import { hasValue } from './bson/scalar.ts';
import type { Value } from './bson/types.ts';
import type { Context } from './context.ts';
import { type Layout, type SourceDocument, valueAt } from './documents.ts';
import type { UuidHex } from './identity.ts';
import { canonical } from './json/extended.ts';
import type { Sign } from './later-work.ts';
import type { RecordedChange } from './ledger.ts';
import type { PairSets } from './pair-sets.ts';
import { compareChanges } from './recorded.ts';
import type { References } from './references.ts';
import { itemsOf } from './rules/array.ts';
import { type Candidate, candidatesOf, conditionsOf } from './rules/reference.ts';
import { type Change, recordsOf } from './rules/rule.ts';

/** A link array of a document that has a row. */
export interface LinkField {
  readonly field: string;
  readonly link: LinkSpec;
  readonly document: SourceDocument;
  readonly value: Value | null;
  readonly recorded: readonly RecordedChange[];
  /** Of the document's row. */
  readonly sign: Sign | null;
}

export interface Item {
  readonly value: Value;
  /** Empty where no rule makes an id of the value. */
  readonly candidates: readonly Candidate[];
}

/** The link arrays of `document`; `recorded` gives the ledger's records of a field. */
export function linkFieldsOf(
  document: SourceDocument,
  { links }: Layout,
  recorded: (field: string) => readonly RecordedChange[],
  sign: Sign | null = null,
): readonly LinkField[] {
  let found: LinkField[] | null = null;
  for (const { field, link, slot } of links) {
    const [value, records] = [valueAt(document, slot), recorded(field)];
    if (value === null && records.length === 0) continue;
    found ??= [];
    found.push({ field, link, document, value, recorded: records, sign });
  }
  return found ?? noFields;
}

const noFields: readonly LinkField[] = [];

export class Links {
  readonly #context: Context;
  readonly #references: References;
  readonly #pairs: PairSets;

  constructor(context: Context, references: References, pairs: PairSets) {
    this.#context = context;
    this.#references = references;
    this.#pairs = pairs;
  }

  /** Checks the link arrays of a batch; returns how many of these fields were carried whole. */
  async check(collection: string, fields: readonly LinkField[]): Promise<number> {
    const items = fields.map((field) => linkItems(field));
    const existing = await existingPairs(this.#context, fields, items);
    let carried = 0;
    for (const [index, field] of fields.entries()) {
      if (this.#checkField(collection, field, items[index] ?? [], existing) && field.value !== null) carried += 1;
    }
    return carried;
  }

  #checkField(collection: string, field: LinkField, items: readonly Item[], existing: ReadonlySet<string>): boolean {
    const { link, document, recorded } = field;
    const at = { collection, field: field.field, sourceId: document.sourceId };
    const expected: Change[] = [];
    const dangling = new Set<UuidHex>();
    const recordedDangling = new Set(recorded.flatMap(({ code, original }) => (code === 'LINK_DANGLING' ? [original] : [])));
    let isMissing = false;
    for (const { value: item, candidates } of items) {
      this.#references.compared += 1;
      if (candidates.length === 0) {
        expected.push(...recordsOf(item, 'ARRAY_ELEMENT_DROPPED'));
        continue;
      }
      const taken = candidates.find(({ id }) => existing.has(pairKey(field, id)));
      if (taken !== undefined) {
        this.#pairs.add(link, document.id, taken.id);
        if (taken.code !== null) expected.push(...recordsOf(item, taken.code));
        for (const condition of conditionsOf(taken, candidates, [link.partner])) this.#references.add(condition, at);
        continue;
      }
      const [first] = candidates;
      // An ObjectId twice in one array is one pair that dangles, recorded once.
      if (first?.code === null && dangling.has(first.id)) continue;
      if (first?.code === null) dangling.add(first.id);
      const records = recordsOf(item, 'LINK_DANGLING');
      const original = canonical(item);
      if (!recordedDangling.has(original)) {
        // A pair has no times, and is gone with its partner.
        this.#context.findings.add('references', 'LINK_MISSING', { ...at, sign: field.sign ?? 'gone' });
        isMissing = true;
        continue;
      }
      expected.push(...records);
      for (const { id, sourceIds } of candidates)
        this.#references.add({ partners: [link.partner], id, sourceIds, exists: false }, at);
    }
    const difference = compareChanges(expected, recorded);
    if (difference !== null) this.#context.findings.add('records', difference, at);
    return !isMissing && expected.length === 0 && difference === null;
  }
}

/** The elements that count: null and empty ones name nobody. */
export function linkItems({ value }: LinkField): readonly Item[] {
  if (!hasValue(value)) return [];
  return itemsOf(value)
    .filter(hasValue)
    .map((item) => ({ item, found: candidatesOf(item) }))
    .filter(({ found }) => found !== 'empty')
    .map(({ item, found }) => ({ value: item, candidates: typeof found === 'string' ? [] : found }));
}

/** The partners that the elements mean, by the pairs that exist. */
export function* takenPairs(field: LinkField, items: readonly Item[], existing: ReadonlySet<string>): Generator<UuidHex> {
  for (const { candidates } of items) {
    const taken = candidates.find(({ id }) => existing.has(pairKey(field, id)));
    if (taken !== undefined) yield taken.id;
  }
}

function pairKey({ link, document }: LinkField, partner: UuidHex): string {
  return link.side === 'left' ? `${link.junction} ${document.id} ${partner}` : `${link.junction} ${partner} ${document.id}`;
}

/** Which of the pairs that the arrays may mean are in the junction tables. */
export async function existingPairs(
  { target, relations }: Pick<Context, 'target' | 'relations'>,
  fields: readonly LinkField[],
  items: readonly (readonly Item[])[],
): Promise<ReadonlySet<string>> {
  const wanted = new Map<string, { readonly left: UuidHex[]; readonly right: UuidHex[] }>();
  for (const [index, { link, document }] of fields.entries()) {
    const lists = wanted.get(link.junction) ?? { left: [], right: [] };
    wanted.set(link.junction, lists);
    for (const { candidates } of items[index] ?? []) {
      for (const { id } of candidates) {
        lists.left.push(link.side === 'left' ? document.id : id);
        lists.right.push(link.side === 'left' ? id : document.id);
      }
    }
  }
  const existing = new Set<string>();
  for (const [junction, { left, right }] of wanted) {
    const spec = junctions.find(({ table }) => table === junction);
    if (spec === undefined || left.length === 0) continue;
    const [leftColumn, rightColumn] = [quoted(spec.left.column), quoted(spec.right.column)];
    // LIMIT keeps the planner from scanning the whole table for each batch: one probe of the primary key a pair.
    const text = `
      select wanted.l, wanted.r from unnest('{${left.join(',')}}'::uuid[], '{${right.join(',')}}'::uuid[]) as wanted (l, r)
      cross join lateral (select from ${relations(junction)} j where j.${leftColumn} = wanted.l and j.${rightColumn} = wanted.r limit 1) as pair`;
    for await (const pair of readTuples(target.copyOut(text))) existing.add(`${junction} ${pair.hex(0)} ${pair.hex(1)}`);
  }
  return existing;
}
