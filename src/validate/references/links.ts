/** Layer "references", links: each element of the source's arrays is a pair in its junction table, or recorded as dangling. */
import { junctionOf, type LinkSpec } from '../../catalog/index.ts';
import { readTuples } from '../../target/copy-reader.ts';
import { quoted } from '../../target/quoted.ts';
import { hasValue } from '../bson/scalar.ts';
import { bson, isNothing, type Value } from '../bson/types.ts';
import type { Context } from '../context.ts';
import { canonical } from '../json/extended.ts';
import type { RecordedChange } from '../ledger/ledger.ts';
import { compareChanges } from '../ledger/recorded.ts';
import { type SourceDocument, valueAt } from '../records/documents.ts';
import type { UuidHex } from '../records/identity.ts';
import type { Layout } from '../records/layout.ts';
import { itemsOf } from '../rules/array.ts';
import { type Candidate, candidatesOf, conditionsOf } from '../rules/reference.ts';
import { type Change, recordsOf } from '../rules/rule.ts';
import type { PairSets } from './pair-sets.ts';
import type { References } from './references.ts';

/** A link array of a document that has a row. */
export interface LinkField {
  readonly field: string;
  readonly link: LinkSpec;
  readonly document: SourceDocument;
  /** The id of the document's row. */
  readonly own: UuidHex;
  readonly value: Value | null;
  /** What fields of older releases hold for the same junction, with their names. */
  readonly former: readonly { readonly name: string; readonly value: Value }[];
  readonly recorded: readonly RecordedChange[];
}

export interface Item {
  readonly value: Value;
  /** Empty where no rule makes an id of the value. */
  readonly candidates: readonly Candidate[];
  /** The documents into which those that the value means were merged. */
  readonly survivors: readonly UuidHex[];
}

/** The link arrays of `document`, with the ledger's records of each; not those that are absent and of which nothing is recorded. */
export function linkFieldsOf(
  document: SourceDocument,
  { links }: Layout,
  recorded: readonly RecordedChange[],
): readonly LinkField[] {
  const fields: LinkField[] = [];
  const own = document.id;
  for (const { field, link, slot, former: places } of links) {
    const value = valueAt(document, slot);
    const former = places.flatMap((place) => {
      const held = valueAt(document, place.slot);
      return held === null ? [] : [{ name: place.name, value: held }];
    });
    const ofField = recorded.length === 0 ? recorded : recorded.filter((record) => record.field === field);
    const isCorrected = document.corrections?.has(field) === true;
    if (value === null && former.length === 0 && ofField.length === 0 && !isCorrected) continue;
    fields.push({ field, link, document, own, value, former, recorded: ofField });
  }
  return fields;
}

/** How many link arrays there are where none has an element, as in most documents; null where one has. */
function countEmpty({ slots, firstSlot }: SourceDocument, { links }: Layout): number | null {
  let count = 0;
  for (const { slot, former } of links) {
    const at = firstSlot + slot * 3;
    const type = slots[at] as number;
    if (type === bson.array ? (slots[at + 2] as number) - (slots[at + 1] as number) > emptyArrayBytes : !isNothing(type))
      return null;
    if (former.some((place) => slots[firstSlot + place.slot * 3] !== 0)) return null;
    if (type !== 0) count += 1;
  }
  return count;
}

const emptyArrayBytes = 5;

/** As many link arrays, and bytes of the source in which they stand, as are looked up together. */
const heldMax = { fields: 1000, bytes: 4 * 1024 * 1024 };

export class Links {
  readonly #context: Context;
  readonly #layout: Layout;
  readonly #references: References;
  readonly #pairs: PairSets;
  /** To be looked up. */
  #fields: LinkField[] = [];
  #bytes = 0;
  /** How many link arrays are the same on both sides. */
  carried = 0;

  constructor(context: Context, layout: Layout, references: References, pairs: PairSets) {
    this.#context = context;
    this.#layout = layout;
    this.#references = references;
    this.#pairs = pairs;
  }

  /** Takes the link arrays of a document that has a row. */
  add(document: SourceDocument, recorded: readonly RecordedChange[]): void {
    const empty = recorded.length === 0 && document.corrections === null ? countEmpty(document, this.#layout) : null;
    if (empty === null) this.#fields.push(...linkFieldsOf(document, this.#layout, recorded));
    else this.carried += empty;
  }

  /** To be called after each batch, with the size of its documents. */
  async settle(bytes: number): Promise<void> {
    this.#bytes += bytes;
    if (this.#fields.length >= heldMax.fields || this.#bytes >= heldMax.bytes) await this.finish();
  }

  async finish(): Promise<void> {
    const fields = this.#fields;
    this.#fields = [];
    this.#bytes = 0;
    const items = await linkItems(this.#context, fields);
    const existing = await existingPairs(this.#context, fields, items);
    for (const [index, field] of fields.entries()) {
      const isWhole = this.#checkField(field, items[index] ?? [], existing);
      // A former field counts as changed, once with all that its array has, unless a person has corrected that.
      const isCorrected = field.document.corrections?.has(field.field) === true;
      if (isInSource(field) && (isWhole || (field.former.length > 0 && !isCorrected))) this.carried += 1;
    }
  }

  /** Nothing is recorded of the array, and each of its elements is an ObjectId whose pair exists. */
  #isCarried(field: LinkField, items: readonly Item[], existing: ReadonlySet<string>): boolean {
    if (field.recorded.length > 0 || field.former.length > 0 || field.document.corrections !== null) return false;
    for (const { value, candidates } of items) {
      const [only] = candidates;
      if (value.type !== bson.objectId || only === undefined || !existing.has(pairKey(field, only.id))) return false;
    }
    this.#references.compared += items.length;
    for (const { candidates } of items) for (const { id } of candidates) this.#pairs.add(field.link, field.own, id);
    return true;
  }

  #checkField(field: LinkField, items: readonly Item[], existing: ReadonlySet<string>): boolean {
    if (this.#isCarried(field, items, existing)) return true;
    const { link, document, own, recorded } = field;
    const at = { collection: this.#layout.collection, field: field.field, sourceId: document.sourceId };
    const expected: Change[] = [
      ...field.former.map(({ name }) => ({ code: 'RENAMED_FIELD', original: JSON.stringify(name) })),
      ...(document.corrections?.get(field.field) ?? []),
    ];
    const dangling = new Set<UuidHex>();
    const recordedDangling = new Set(recorded.flatMap(({ code, original }) => (code === 'LINK_DANGLING' ? [original] : [])));
    let isMissing = false;
    const merged = new Set<UuidHex>();
    for (const { value: item, candidates, survivors } of items) {
      this.#references.compared += 1;
      if (candidates.length === 0) {
        expected.push(...recordsOf(item, 'ARRAY_ELEMENT_DROPPED'));
        continue;
      }
      const taken = candidates.find(({ id }) => existing.has(pairKey(field, id)));
      if (taken !== undefined) {
        this.#pairs.add(link, own, taken.id);
        if (taken.code !== null) expected.push(...recordsOf(item, taken.code));
        for (const condition of conditionsOf(taken, candidates, [link.partner])) this.#references.add(condition, at);
        continue;
      }
      const [first] = candidates;
      const survivor = survivors.find((id) => existing.has(pairKey(field, id)));
      if (survivor !== undefined) {
        this.#pairs.add(link, own, survivor);
        // An ObjectId twice in one array is one pair, recorded once.
        if (first?.code === null && merged.has(first.id)) continue;
        if (first?.code === null) merged.add(first.id);
        expected.push(...recordsOf(item, 'REFERENCE_MERGED'));
        continue;
      }
      // An ObjectId twice in one array is one pair that dangles, recorded once.
      if (first?.code === null && dangling.has(first.id)) continue;
      if (first?.code === null) dangling.add(first.id);
      const records = recordsOf(item, 'LINK_DANGLING');
      const original = canonical(item);
      if (!recordedDangling.has(original) || survivors.length > 0) {
        this.#context.findings.add('references', 'LINK_MISSING', at);
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

/** A correction may have added or removed the array. */
function isInSource({ field, value, document }: LinkField): boolean {
  const [correction] = document.corrections?.get(field) ?? [];
  return correction === undefined ? value !== null : correction.original !== null;
}

/** By field, the elements that count, with the documents that those were merged into which they mean. */
export async function linkItems(
  { merges }: Pick<Context, 'merges'>,
  fields: readonly LinkField[],
): Promise<readonly (readonly Item[])[]> {
  const items = fields.map(itemsOfField);
  for (const partner of new Set(fields.map(({ link }) => link.partner))) {
    if (!merges.has(partner)) continue;
    const named = fields.flatMap(({ link }, index) => (link.partner === partner ? (items[index] ?? []) : []));
    const sourceIds = named.flatMap(({ candidates }) => candidates.flatMap((candidate) => candidate.sourceIds));
    const survivors = await merges.survivorsOf(partner, sourceIds);
    if (survivors.size === 0) continue;
    for (const [index, { link }] of fields.entries()) {
      if (link.partner !== partner) continue;
      items[index] = (items[index] ?? []).map((item) => ({
        ...item,
        survivors: item.candidates.flatMap((candidate) =>
          candidate.sourceIds.flatMap((sourceId) => survivors.get(sourceId) ?? []),
        ),
      }));
    }
  }
  return items;
}

/** The elements that count: null and empty ones name nobody. */
function itemsOfField({ value, former }: LinkField): readonly Item[] {
  const items: Item[] = [];
  for (const array of [value, ...former.map((one) => one.value)]) {
    if (!hasValue(array)) continue;
    for (const item of itemsOf(array)) {
      const found = hasValue(item) ? candidatesOf(item) : 'empty';
      if (found !== 'empty') items.push({ value: item, candidates: found === 'none' ? [] : found, survivors: [] });
    }
  }
  return items;
}

/** The partners that the elements mean, by the pairs that exist. */
export function* takenPairs(field: LinkField, items: readonly Item[], existing: ReadonlySet<string>): Generator<UuidHex> {
  for (const { candidates, survivors } of items) {
    const taken = [...candidates.map(({ id }) => id), ...survivors].find((id) => existing.has(pairKey(field, id)));
    if (taken !== undefined) yield taken;
  }
}

function pairKey({ link, own }: LinkField, partner: UuidHex): string {
  return link.side === 'left' ? `${link.junction}${own}${partner}` : `${link.junction}${partner}${own}`;
}

/** Which of the pairs that the arrays may mean are in the junction tables. */
export async function existingPairs(
  { catalog, target, relations }: Pick<Context, 'catalog' | 'target' | 'relations'>,
  fields: readonly LinkField[],
  items: readonly (readonly Item[])[],
): Promise<ReadonlySet<string>> {
  const wanted = new Map<string, { readonly left: UuidHex[]; readonly right: UuidHex[] }>();
  for (const [index, { link, own }] of fields.entries()) {
    const lists = wanted.get(link.junction) ?? { left: [], right: [] };
    wanted.set(link.junction, lists);
    for (const { candidates, survivors } of items[index] ?? []) {
      for (const id of [...candidates.map((candidate) => candidate.id), ...survivors]) {
        lists.left.push(link.side === 'left' ? own : id);
        lists.right.push(link.side === 'left' ? id : own);
      }
    }
  }
  const existing = new Set<string>();
  for (const [junction, { left, right }] of wanted) {
    const spec = junctionOf(catalog, junction);
    if (spec === undefined || left.length === 0) continue;
    const [leftColumn, rightColumn] = [quoted(spec.left.column), quoted(spec.right.column)];
    // LIMIT keeps the planner from scanning the whole table for each batch: one probe of the primary key a pair.
    const text = `
      select wanted.l, wanted.r from unnest('{${left.join(',')}}'::uuid[], '{${right.join(',')}}'::uuid[]) as wanted (l, r)
      cross join lateral (select from ${relations(junction)} j where j.${leftColumn} = wanted.l and j.${rightColumn} = wanted.r limit 1) as pair`;
    for await (const pair of readTuples(target.copyOut(text))) existing.add(`${junction}${pair.hex(0)}${pair.hex(1)}`);
  }
  return existing;
}
