/**
 * Finds what deviates from the catalog in documents, by its own rules and without the generator's table:
 * kind of deviation -> `Collection.field` -> number of documents.
 */
import { DBRef, Decimal128, type Document, Double, Int32, Long, ObjectId, Timestamp } from 'bson';
import { type CollectionSpec, type ColumnSpec, type Kind, presentNameOf, specOf } from '../../../src/catalog/index.ts';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';

const { collections } = nextcrm;

export type Deviations = ReadonlyMap<string, ReadonlyMap<string, number>>;

interface Known {
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
}

export function deviationsIn(dump: ReadonlyMap<string, readonly Document[]>): Deviations {
  const ids = new Map([...dump].map(([name, documents]) => [name, new Set(documents.map(({ _id }) => String(_id)))]));
  const found = new Map<string, Map<string, number>>();
  const specs = new Map(collections.map((spec) => [spec.collection, spec]));
  for (const [name, documents] of dump) {
    const spec = specs.get(name);
    for (const document of documents) {
      const stranger = presentNameOf(nextcrm, name) === null ? 'unknown collection' : 'collection of a former name';
      for (const [kind, field] of spec === undefined ? [[stranger, '*'] as const] : inDocument(spec, document, { ids })) {
        add(found, kind, `${name}.${field}`);
      }
    }
  }
  const addresses = (dump.get('Users') ?? []).map(({ email }) => String(email));
  for (const count of repeated(addresses).values()) {
    for (let more = 1; more < count; more++) add(found, 'duplicate e-mail address (rejected)', 'Users.email');
  }
  return found;
}

function add(found: Map<string, Map<string, number>>, kind: string, place: string): void {
  const places = found.get(kind) ?? new Map<string, number>();
  places.set(place, (places.get(place) ?? 0) + 1);
  found.set(kind, places);
}

function repeated(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function* inDocument(spec: CollectionSpec, document: Document, known: Known): Generator<readonly [kind: string, field: string]> {
  for (const [field, column] of Object.entries(spec.columns)) {
    const former = (column.formerly ?? []).find((name) => (document[name] ?? null) !== null);
    const isFormer = former !== undefined && (document[field] ?? null) === null;
    if (isFormer) yield ['value under a former name', field];
    const value: unknown = (isFormer ? document[former] : document[field]) ?? null;
    const kind = value === null ? whenNothing(column) : inColumn(spec, field, column, value, known);
    if (kind !== null) yield [kind, field];
  }
  for (const [field, { partner, formerly = [] }] of Object.entries(spec.links)) {
    if (formerly.some((name) => (document[name] ?? null) !== null)) yield ['link in a former field', field];
    const value: unknown = document[field] ?? null;
    if (value === null) continue;
    const elements = Array.isArray(value) ? value : [value];
    if (!Array.isArray(value)) yield ['bare value for an array', field];
    for (const kind of new Set(elements.map((element) => inLink(partner, element, known))))
      if (kind !== null) yield [kind, field];
  }
  const former = [...Object.values(spec.columns), ...Object.values(spec.links)].flatMap(({ formerly = [] }) => formerly);
  for (const field of Object.keys(document)) {
    if (field === '_id' || field in spec.columns || field in spec.links || former.includes(field)) continue;
    yield [spec.obsolete?.includes(field) === true ? 'obsolete field' : 'field that the catalog does not know', field];
  }
}

function whenNothing({ kind, required, whenMissing }: ColumnSpec): string | null {
  if (required !== true || kind.endsWith('[]')) return null;
  return whenMissing === undefined ? 'missing where required (rejected)' : 'missing where required';
}

function inColumn(
  { collection }: CollectionSpec,
  field: string,
  column: ColumnSpec,
  value: unknown,
  { ids }: Known,
): string | null {
  const kind = byKind[column.kind](value, column);
  if (kind === cannot && column.required === true && column.whenMissing === undefined) return `${cannot} (rejected)`;
  if (kind !== null || column.references === undefined) return kind;
  const names = [column.references, ...(specOf(nextcrm, column.references)?.formerly ?? [])];
  if (names.some((name) => ids.get(name)?.has(String(value)) === true)) return null;
  if (collection === 'tasksComments' && field === 'task' && ids.get('crm_Accounts_Tasks')?.has(String(value)))
    return "comment on an account's task";
  return column.required === true ? 'dangling reference (rejected)' : 'dangling reference';
}

function inLink(partner: string, element: unknown, { ids }: Known): string | null {
  if (element === null) return 'null in an array';
  const kind = byKind.uuid(element);
  if (kind !== null) return kind;
  return ids.get(partner)?.has(String(element)) === true ? null : 'dangling link';
}

const cannot = 'value that cannot be converted';

type Judge = (value: unknown, column?: ColumnSpec) => string | null;

const number =
  (largest: number): Judge =>
  (value) => {
    if (typeof value === 'string') return /^[\d\s]+$/.test(value) ? 'number as a string' : 'amount in a form of its own';
    if (value instanceof Decimal128) return 'number as Decimal128';
    if (!(value instanceof Int32 || value instanceof Double || value instanceof Long)) return cannot;
    const plain = Number(value);
    if (!(Math.abs(plain) <= largest)) return cannot;
    if (!Number.isInteger(plain)) return 'number with a fraction';
    if (Math.abs(plain) > 0x7fffffff) return `beyond 32 bits (${value instanceof Long ? 'int64' : 'double'})`;
    return value instanceof Double ? 'whole number as a double' : null;
  };

const text: Judge = (value) => {
  if (typeof value === 'string') return value.includes('\u0000') ? 'NUL in a text' : null;
  if (value instanceof ObjectId || value instanceof Date) return 'id or date for a text';
  return value instanceof Object && 'valueOf' in value && typeof value.valueOf() === 'number' ? 'number for a text' : cannot;
};

const elements =
  (judge: Judge): Judge =>
  (value) => {
    if (!Array.isArray(value)) return 'bare value for an array';
    if (value.includes(null)) return 'null in an array';
    return value.map((element) => judge(element)).find((kind) => kind !== null) ?? null;
  };

const uuid: Judge = (value) => {
  if (value instanceof ObjectId) return null;
  if (value instanceof DBRef) return 'DBRef';
  if (value === '') return 'empty string for a reference';
  if (Array.isArray(value) && value.length === 1 && value[0] instanceof ObjectId) return 'array of one id';
  return typeof value === 'string' && /^[0-9a-f]{24}$/.test(value) ? 'reference as 24 hex digits' : cannot;
};

const byKind: Readonly<Record<Kind, Judge>> = {
  uuid,
  text,
  integer: number(0x7fffffff),
  bigint: number(Number.MAX_SAFE_INTEGER),
  boolean: (value) => (typeof value === 'boolean' ? null : 'boolean as a string or number'),
  timestamp: (value) => {
    if (typeof value === 'string') return 'date as an ISO string';
    if (value instanceof Timestamp) return 'BSON timestamp for a date';
    if (!(value instanceof Date)) return 'date as milliseconds';
    if (value.getTime() < 0) return 'before 1970';
    return value.getUTCFullYear() > 9999 ? 'beyond the year 9999' : null;
  },
  enum: (value, column) => {
    if (typeof value !== 'string') return cannot;
    if (column?.labels?.includes(value)) return null;
    return column?.labels?.includes(value.toUpperCase()) ? 'label in another case' : 'unknown label';
  },
  jsonb: () => null,
  'text[]': elements(text),
  'uuid[]': elements(uuid),
};
