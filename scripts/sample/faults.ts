/** Faults of a value, each as real databases have shown it. */
import { DBRef, Decimal128, Double, Long, ObjectId, Timestamp } from 'bson';
import type { Draft } from './draft.ts';

/** The value that takes the place of the clean one; `undefined` takes the field away. */
export type Fault = (value: unknown, draft: Draft) => unknown;

/** The value stands under a name that an older release gave to the field. */
export class FormerName {
  readonly name: string;
  readonly value: unknown;

  constructor(name: string, value: unknown) {
    this.name = name;
    this.value = value;
  }
}

/** `otherwise` makes a value where the field has none. */
export const formerly =
  (name: string, otherwise: Fault): Fault =>
  (value, draft) =>
    new FormerName(name, value ?? otherwise(value, draft));

/** The id of a document that existed once. */
const goneId = ({ random }: Draft) => new ObjectId(`5c0ffee0${random.digits(16)}`);
const someId = (draft: Draft) => draft.staff() ?? draft.id;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const missing: Fault = () => undefined;
export const emptyString: Fault = () => '';
export const gone: Fault = (_, draft) => goneId(draft);
export const hexString: Fault = (value, draft) => String(value ?? someId(draft));
export const reference =
  (collection: string): Fault =>
  (value, draft) =>
    new DBRef(collection, value instanceof ObjectId ? value : (draft.ref(collection) ?? draft.id));

export const isoString: Fault = (value, { updated }) => (value instanceof Date ? value : updated).toISOString();
export const milliseconds: Fault = (value, { updated }) => new Double((value instanceof Date ? value : updated).getTime());
export const timestamp: Fault = (value, { updated }) =>
  new Timestamp({ t: Math.floor((value instanceof Date ? value : updated).getTime() / 1000), i: 1 });
export const before1970: Fault = (_, { random }) => new Date(Date.UTC(1969, 6, 20, 20, 17, 40, random.below(1000)));
/** A year typed with one digit too many. */
export const farBeyond: Fault = () => new Date('+020233-05-01T08:30:00.000Z');

export const int: Fault = (_, { random }) => random.between(1, 90_000);
export const date: Fault = (_, { created }) => created;
export const objectId: Fault = (_, draft) => someId(draft);
export const numeric: Fault = (_, { random }) => String(random.between(1, 900));
/** Whole and half numbers: the halves are rounded. */
export const half: Fault = (_, { random }) => random.between(1, 400) + 0.5;
export const wholeDouble: Fault = (_, { random }) => new Double(random.between(1, 40));
export const long: Fault = (_, { random }) => Long.fromNumber(random.between(3_000_000_000, 90_000_000_000));
export const largeDouble: Fault = (_, { random }) => new Double(random.between(3_000_000_000, 90_000_000_000));
export const decimal: Fault = (_, { random }) => Decimal128.fromString(`${random.between(1, 99)}E+4`);
export const notANumber: Fault = () => Number.NaN;
export const yesInWords: Fault = (value) => String(value);
export const yesAsNumber: Fault = (value) => (value === true ? 1 : 0);
export const otherCase =
  (fallback: string): Fault =>
  (value) =>
    (typeof value === 'string' ? value : fallback).toLowerCase();
export const nul: Fault = (value) => `${value ?? ''}\u0000`;
export const value =
  (constant: unknown): Fault =>
  () =>
    constant;

export const withNull: Fault = (list) => [...listOf(list), null];
export const withGone: Fault = (list, draft) => [...listOf(list), goneId(draft)];
export const withHex: Fault = (list, draft) => [...listOf(list), String(someId(draft))];
export const withId: Fault = (list, draft) => [...listOf(list), draft.id];
export const linkAs =
  (partner: string, change: (id: ObjectId) => unknown): Fault =>
  (list, draft) => [...listOf(list), change(draft.ref(partner) ?? draft.id)];
export const withEmpty: Fault = (list) => [...listOf(list), ''];
/** An id of that collection, whatever the field should hold. */
export const idOf =
  (partner: string): Fault =>
  (_, draft) =>
    draft.ref(partner) ?? undefined;
export const listOfOne =
  (partner: string): Fault =>
  (_, draft) => [draft.ref(partner) ?? draft.id];
