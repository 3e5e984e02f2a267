/** Judges one generated document by what happened to it: each field carried, changed with its original kept, unmapped, or all of it rejected. */
import { BSONSymbol, DBRef, type Document, deserialize, ObjectId } from 'bson';
import { currencyNames } from '../../../src/catalog/currency-names.ts';
import type { CollectionSpec, ColumnSpec, LinkSpec } from '../../../src/catalog/index.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { isExtendedJsonId, meaningsOf, type World } from './references.ts';
import { type Held, sourceIdOf } from './target.ts';
import {
  anyId,
  type Cell,
  isNumber,
  isPlain,
  normalised,
  type Outcome,
  original,
  type Recorded,
  scalarOutcome,
  textOutcome,
} from './values.ts';

const { collections } = nextcrm;

export interface Judged {
  /** What is not as the rules say; never more than a field's name and codes. */
  readonly wrong: readonly string[];
  readonly fate: 'loaded' | 'rejected';
}

/** Stands in an array for an id that only the program knows. */
const anyElement = 'any id';

const everywhere = collections.map(({ collection }) => collection);

export class Judge {
  readonly #spec: CollectionSpec;
  readonly #held: Held;
  readonly #world: World;
  readonly #startedAtMs: number;
  /** By junction table, the pairs that the documents ask for: "left right". */
  readonly pairs = new Map<string, Set<string>>();

  constructor(spec: CollectionSpec, held: Held, world: World, startedAtMs: number) {
    this.#spec = spec;
    this.#held = held;
    this.#world = world;
    this.#startedAtMs = startedAtMs;
  }

  judge(value: Document, bytes: Uint8Array): Judged {
    const sourceId = sourceIdOf(value['_id']);
    const rejects = this.#held.rejects.get(sourceId) ?? [];
    const uuid = this.#held.ids.get(sourceId);
    const row = uuid === undefined ? undefined : this.#held.rows.get(uuid);
    const changes = this.#held.changes.get(sourceId) ?? new Map<string, readonly Recorded[]>();
    const leftovers = this.#held.leftovers.get(sourceId) ?? [];
    if (rejects.length > 0 || row === undefined || uuid === undefined) {
      const [reject, ...more] = rejects;
      const wrong = [
        ...(reject === undefined ? ['is neither loaded nor rejected'] : this.#rejection(value, reject.code, reject.field)),
        ...(reject !== undefined && Buffer.compare(reject.bson, bytes) !== 0 ? ['its bytes are not kept'] : []),
        ...(row !== undefined || more.length > 0 ? ['is rejected and more'] : []),
        ...(changes.size > 0 || leftovers.length > 0 ? ['is rejected and has records'] : []),
      ];
      return { fate: 'rejected', wrong };
    }
    const wrong = [
      ...this.#identity(value['_id'], changes.get('_id') ?? []),
      ...Object.entries(this.#spec.columns).flatMap(([name, column]) =>
        this.#column(value, name, column, row, changes.get(name) ?? []),
      ),
      ...Object.keys(this.#spec.links).flatMap((name) => this.#links(value, uuid, name, changes.get(name) ?? [])),
      ...this.#leftovers(value, leftovers),
      ...[...changes.keys()].filter((name) => !this.#isKnown(name)).map((name) => `${name}: a change of an unknown field`),
    ];
    return { fate: 'loaded', wrong };
  }

  #isKnown(name: string): boolean {
    return name === '_id' || Object.hasOwn(this.#spec.columns, name) || Object.hasOwn(this.#spec.links, name);
  }

  #identity(id: unknown, records: readonly Recorded[]): string[] {
    const expected: readonly Recorded[] = id instanceof ObjectId ? [] : [['ID_HASHED', original(id)]];
    return same(records, expected) ? [] : ['_id: records'];
  }

  #column(
    value: Document,
    name: string,
    column: ColumnSpec,
    row: Readonly<Record<string, Cell>>,
    records: readonly Recorded[],
  ): string[] {
    const former = takenName(value, name, column.formerly);
    if (former !== null) {
      const record = records.find(([code, from]) => code === 'RENAMED_FIELD' && from === original(former));
      const others = records.filter((one) => one !== record);
      if (record === undefined) return [`${name}: no record of the former name`];
      return this.#column({ ...value, [name]: value[former] }, name, { ...column, formerly: [] }, row, others);
    }
    const outcomes = this.#outcomes(value, name, column, row, records);
    if (outcomes.some((outcome) => sameCell(row[name] ?? null, outcome.cell) && same(records, outcome.records))) return [];
    return [`${name} (${column.kind}): ${records.map(([code]) => code).join(' ') || 'carried'}, expected ${codesOf(outcomes)}`];
  }

  /** All that the rules allow. */
  #outcomes(
    document: Document,
    name: string,
    column: ColumnSpec,
    row: Readonly<Record<string, Cell>>,
    records: readonly Recorded[],
  ): readonly Outcome[] {
    const value: unknown = Object.hasOwn(document, name) ? document[name] : undefined;
    if (value === undefined || value === null) return [this.#missing(document, column, value, row, name)];
    const outcomes = this.#converted(name, column, value, records);
    if (outcomes.length > 0) return outcomes.map((outcome) => this.#redirected(document, name, outcome));
    if (column.required) return [{ cell: this.#default(document, column, row), records: [['DEFAULTED', original(value)]] }];
    return [this.#redirected(document, name, { cell: null, records: [['UNCONVERTIBLE', original(value)]] })];
  }

  #converted(name: string, column: ColumnSpec, value: unknown, records: readonly Recorded[] = []): readonly Outcome[] {
    if (column.kind === 'uuid') return this.#references(name, column, value);
    if (column.kind === 'uuid[]' || column.kind === 'text[]') {
      if (
        (isPlain(value) && !(column.kind === 'uuid[]' && isExtendedJsonId(value))) ||
        (column.kind === 'text[]' && value instanceof DBRef)
      )
        return [];
      return [this.#array(value, column, records)];
    }
    const outcome = scalarOutcome(column, value);
    return outcome === null ? [] : [normalizedOutcome(column, value, outcome)];
  }

  #missing(
    document: Document,
    column: ColumnSpec,
    value: null | undefined,
    row: Readonly<Record<string, Cell>>,
    name: string,
  ): Outcome {
    if (column.kind === 'text[]' || column.kind === 'uuid[]') return { cell: [], records: [] };
    if (!column.required) return this.#redirected(document, name, this.#copied(column, row) ?? { cell: null, records: [] });
    return { cell: this.#default(document, column, row), records: [['DEFAULTED', value === null ? 'null' : null]] };
  }

  /** Where the field is absent or null: what the row has in another column, if that document exists. */
  #copied({ copiedFrom, references }: ColumnSpec, row: Readonly<Record<string, Cell>>): Outcome | null {
    const id = copiedFrom === undefined ? null : row[copiedFrom];
    if (copiedFrom === undefined || references === undefined || typeof id !== 'string') return null;
    if (!this.#hasRow(references, id)) return null;
    return { cell: id, records: [['RENAMED_FIELD', original(copiedFrom)]] };
  }

  #default(document: Document, { whenMissing }: ColumnSpec, row: Readonly<Record<string, Cell>>): Cell {
    if (whenMissing === undefined) return 'a required column without a default, and yet a row';
    if (typeof whenMissing === 'object' && 'value' in whenMissing) return String(whenMissing.value);
    if (typeof whenMissing === 'object') return row[whenMissing.sameAs] ?? null;
    const id: unknown = document['_id'];
    return String(id instanceof ObjectId ? id.getTimestamp().getTime() : this.#startedAtMs);
  }

  #references(name: string, { references, names }: ColumnSpec, value: unknown): readonly Outcome[] {
    const isTask = this.#spec.collection === 'tasksComments' && name === 'task';
    const partners = isTask ? ['Tasks', 'crm_Accounts_Tasks'] : references === undefined ? everywhere : [references];
    const meanings = meaningsOf(value, partners, this.#world);
    if (meanings === 'empty') return [{ cell: null, records: [['ID_EMPTY', original(value)]] }];
    return meanings.flatMap(({ uuid, code, sourceId }): Outcome[] => {
      const survivor = this.#survivor(references ?? names, sourceId);
      if (survivor !== null) return [{ cell: survivor, records: [['REFERENCE_MERGED', original(value)]] }];
      const records: readonly Recorded[] = code === null ? [] : [[code, original(value)]];
      const cannot: Outcome = { cell: null, records: [['UNCONVERTIBLE', original(value)]] };
      const dangling: Outcome = { cell: null, records: [['DANGLING_REFERENCE', original(value)]] };
      if (uuid === null) return references === undefined ? [cannot, { cell: anyId, records }] : [cannot, dangling];
      if (references === undefined || this.#hasRow(references, uuid)) return [{ cell: uuid, records }];
      if (isTask && this.#hasRow('crm_Accounts_Tasks', uuid))
        return [{ cell: null, records: [['TASK_REDIRECTED', original(value)]] }];
      return [dangling];
    });
  }

  /** An account task that a comment names in `task` fills `assigned_crm_account_task`, where that names none. */
  #redirected(document: Document, name: string, outcome: Outcome): Outcome {
    if (this.#spec.collection !== 'tasksComments' || name !== 'assigned_crm_account_task' || outcome.cell !== null)
      return outcome;
    const meanings = meaningsOf(document['task'], ['Tasks', 'crm_Accounts_Tasks'], this.#world);
    if (meanings === 'empty') return outcome;
    const named = meanings.find(
      ({ uuid }) => uuid !== null && !this.#hasRow('Tasks', uuid) && this.#hasRow('crm_Accounts_Tasks', uuid),
    );
    return named === undefined ? outcome : { cell: named.uuid, records: outcome.records };
  }

  #hasRow(collection: string, uuid: string): boolean {
    return this.#world.held.get(collection)?.rows.has(uuid) === true;
  }

  #array(value: unknown, column: ColumnSpec, records: readonly Recorded[]): Outcome {
    const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
    const judged = elements.filter((element) => element !== null).map((element) => this.#element(element, column, records));
    const whole: Recorded[] = Array.isArray(value) ? [] : [['ARRAY_FROM_VALUE', original(value)]];
    if (elements.includes(null)) whole.push(['ARRAY_NULL_DROPPED', original(value)]);
    return {
      cell: judged.flatMap(({ cell }) => (typeof cell === 'string' ? [cell] : [])),
      records: [...whole, ...judged.flatMap(({ records }) => records)],
    };
  }

  #element(element: unknown, { kind, names }: ColumnSpec, records: readonly Recorded[]): Outcome {
    const asIs = original(element);
    if (kind === 'text[]') return textOutcome(element) ?? { cell: asIs, records: [['TEXT_FROM_VALUE', asIs]] };
    const meanings = meaningsOf(element, everywhere, this.#world);
    // Of several that are allowed, the one that was recorded.
    const allowed = meanings === 'empty' ? [] : meanings;
    for (const { sourceId } of allowed) {
      const survivor = this.#survivor(names, sourceId);
      if (survivor !== null) return { cell: survivor, records: [['REFERENCE_MERGED', asIs]] };
    }
    const meaning = allowed.find(
      ({ code }) => code === null || records.some((record) => record[0] === code && record[1] === asIs),
    );
    if (meaning === undefined) return { cell: null, records: [['ARRAY_ELEMENT_DROPPED', asIs]] };
    return { cell: meaning.uuid ?? anyElement, records: meaning.code === null ? [] : [[meaning.code, asIs]] };
  }

  /** As sets: an element that comes twice to nobody is one record or two. */
  #links(document: Document, uuid: string, name: string, records: readonly Recorded[]): string[] {
    const value: unknown = document[name];
    const own: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
    const former = (this.#spec.links[name]?.formerly ?? []).filter((one) => isSomething(document[one]));
    const elements = [...own, ...former.flatMap((one) => document[one] as unknown)];
    const expected: Recorded[] = former.map((one) => ['RENAMED_FIELD', original(one)]);
    for (const element of elements) {
      const isNobody = element === null || element === '' || (element instanceof BSONSymbol && element.value === '');
      if (!isNobody) expected.push(...this.#link(uuid, name, element));
    }
    const [got, wanted] = [new Set(records.map(String)), new Set(expected.map(String))];
    return got.symmetricDifference(wanted).size === 0
      ? []
      : [`${name} (link): ${[...got.symmetricDifference(wanted)].map((x) => x.split(',')[0])}`];
  }

  #link(uuid: string, name: string, element: unknown): readonly Recorded[] {
    const link = this.#spec.links[name];
    if (link === undefined) return [];
    const meanings = meaningsOf(element, [link.partner], this.#world);
    const only: unknown = Array.isArray(element) && element.length === 1 ? element[0] : element;
    const text: unknown = only instanceof BSONSymbol ? only.value : only;
    const isText = (typeof text === 'string' && text !== '') || isNumber(only);
    const [meaning] = meanings === 'empty' ? [] : meanings;
    if (meaning === undefined && !isText && !(only instanceof DBRef)) return [['ARRAY_ELEMENT_DROPPED', original(element)]];
    const partner =
      meanings === 'empty' ? undefined : meanings.find((one) => one.uuid !== null && this.#hasRow(link.partner, one.uuid));
    if (partner === undefined) {
      const survivors = (meanings === 'empty' ? [] : meanings).map(({ sourceId }) => this.#survivor(link.partner, sourceId));
      const survivor = survivors.find((one) => one !== null);
      if (survivor === undefined || survivor === null) return [['LINK_DANGLING', original(element)]];
      this.#pair(link, uuid, survivor);
      return [['REFERENCE_MERGED', original(element)]];
    }
    this.#pair(link, uuid, partner.uuid ?? '');
    return partner.code === null ? [] : [[partner.code, original(element)]];
  }

  #pair({ junction, side }: LinkSpec, own: string, partner: string): void {
    const pairs = this.pairs.get(junction) ?? new Set<string>();
    this.pairs.set(junction, pairs.add(side === 'left' ? `${own} ${partner}` : `${partner} ${own}`));
  }

  /** The row that keeps the unique value for which the document was rejected; null for any other document. */
  #survivor(collection: string | undefined, sourceId: string | null): string | null {
    const held = collection === undefined ? undefined : this.#world.held.get(collection);
    const reject = sourceId === null ? undefined : held?.rejects.get(sourceId)?.find(({ code }) => code === 'DUPLICATE_KEY');
    if (held === undefined || reject === undefined) return null;
    const field = reject.field ?? '';
    const value = textOutcome(deserialize(reject.bson, { promoteValues: false, bsonRegExp: true })[field])?.cell;
    const row = held.rows.entries().find(([, cells]) => cells[field] === value);
    return row?.[0] ?? null;
  }

  #leftovers(document: Document, held: readonly (readonly [string, string])[]): string[] {
    const { columns, links } = this.#spec;
    const taken = new Set([
      ...Object.entries(columns).flatMap(([name, { formerly }]) => takenName(document, name, formerly) ?? []),
      ...Object.values(links).flatMap(({ formerly = [] }) => formerly.filter((name) => isSomething(document[name]))),
    ]);
    const expected = Object.entries(document).flatMap(([name, value]) =>
      this.#isKnown(name) || taken.has(name) ? [] : [[name, original(value)]],
    );
    return same(held, expected) ? [] : ['leftovers'];
  }

  /** Only the codes that reject, and only for the reason that they name. */
  #rejection(document: Document, code: string, field: string | null): string[] {
    const column = field === null ? undefined : this.#spec.columns[field];
    const value: unknown = field === null || document[field] === undefined ? null : document[field];
    const isStrict = column?.required === true && column.whenMissing === undefined;
    const reasons: Readonly<Record<string, () => boolean>> = {
      MISSING_REQUIRED: () => isStrict && (value === null || isEmptyNumber(column, value)),
      UNCONVERTIBLE_REQUIRED: () => isStrict && value !== null && this.#fails(field ?? '', column, value, 'UNCONVERTIBLE'),
      DANGLING_REQUIRED: () => isStrict && value !== null && this.#fails(field ?? '', column, value, 'DANGLING_REFERENCE'),
      DUPLICATE_KEY: () =>
        this.#spec.collection === 'Users' && field === 'email' && this.#isTaken(textOutcome(value)?.cell ?? null),
    };
    return reasons[code]?.() === true ? [] : [`${field}: rejected by ${code} without that reason`];
  }

  #fails(name: string, column: ColumnSpec, value: unknown, code: string): boolean {
    const outcomes = this.#converted(name, column, value);
    if (outcomes.length === 0) return code === 'UNCONVERTIBLE';
    return outcomes.some(
      ({ cell, records }) => cell === null && records.some(([found]) => found === code || found === 'ID_EMPTY'),
    );
  }

  #isTaken(email: Cell): boolean {
    return typeof email === 'string' && this.#held.rows.values().some((row) => row['email'] === email);
  }
}

/** What the column takes of a value that was converted. */
function normalizedOutcome({ normalize }: ColumnSpec, value: unknown, outcome: Outcome): Outcome {
  const { cell, records } = outcome;
  if (normalize === undefined || typeof cell !== 'string') return outcome;
  const becomes = (taken: string | null, code: string): Outcome =>
    taken === cell ? outcome : { cell: taken, records: [...records, [code, original(value)]] };
  if (normalize === 'label') return /[^\s\u0085]/.test(cell) ? outcome : becomes(null, 'BLANK_TO_NULL');
  if (normalize === 'currency') {
    const name = cell.replace(/^[\s\u0085]+|[\s\u0085]+$/g, '').normalize();
    const isCode = name.length === 3 && [...name].every((letter) => /[A-Za-z]/.test(letter));
    return becomes(currencyNames[name.toLowerCase()] ?? (isCode ? name.toUpperCase() : cell), 'CURRENCY_NORMALIZED');
  }
  const number = BigInt(cell);
  const [min, max] = [BigInt(normalize.min), BigInt(normalize.max)];
  return becomes(String(number < min ? min : number > max ? max : number), 'NUMBER_CLAMPED');
}

/** An empty text where a number belongs counts as missing. */
function isEmptyNumber({ kind }: ColumnSpec, value: unknown): boolean {
  return (kind === 'integer' || kind === 'bigint') && typeof value === 'string' && /^[ \t\r\n\u00a0\u202f]*$/.test(value);
}

const isSomething = (value: unknown): boolean => value !== undefined && value !== null;

/** The former name under which the value of a column stands; null where the present one has a value, or none has. */
function takenName(document: Document, name: string, formerly: readonly string[] = []): string | null {
  const isFree = !Object.hasOwn(document, name) || !isSomething(document[name]);
  return isFree ? (formerly.find((one) => isSomething(document[one])) ?? null) : null;
}

function same(got: readonly (readonly unknown[])[], expected: readonly (readonly unknown[])[]): boolean {
  const sorted = (list: readonly (readonly unknown[])[]) => list.map((item) => JSON.stringify(item)).sort();
  return JSON.stringify(sorted(got)) === JSON.stringify(sorted(expected));
}

function sameCell(got: Cell, expected: Cell): boolean {
  if (expected === anyId) return got !== null;
  if (!isTexts(got) || !isTexts(expected)) return ordered(got) === ordered(expected);
  // An element that became the text of its JSON may be spaced and escaped otherwise.
  return (
    got.length === expected.length &&
    got.every((text, n) => text === expected[n] || expected[n] === anyElement || sameJson(text, expected[n] ?? ''))
  );
}

function isTexts(cell: Cell): cell is readonly string[] {
  return Array.isArray(cell);
}

function sameJson(got: string, expected: string): boolean {
  try {
    return normalised(got) === expected;
  } catch {
    return false;
  }
}

/** JSON whose keys are in order. */
function ordered(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    isPlain(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

function codesOf(outcomes: readonly Outcome[]): string {
  return outcomes.map(({ records }) => records.map(([code]) => code).join(' ') || 'carried').join(' or ');
}
