/** Ways to spoil a value, each as real databases have shown it. */
import { DBRef, Decimal128, Double, Long, ObjectId, Timestamp } from 'bson';
import type { Draft } from './draft.ts';

/** The value that takes the place of the clean one; `undefined` takes the field away. */
export type Spoil = (value: unknown, draft: Draft) => unknown;

/** The id of a document that existed once. */
const goneId = ({ random }: Draft) => new ObjectId(`5c0ffee0${random.digits(16)}`);
const someId = (draft: Draft) => draft.staff() ?? draft.id;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const missing: Spoil = () => undefined;
export const emptyString: Spoil = () => '';
export const gone: Spoil = (_, draft) => goneId(draft);
export const hexString: Spoil = (value, draft) => String(value ?? someId(draft));
export const reference =
  (collection: string): Spoil =>
  (value, draft) =>
    new DBRef(collection, value instanceof ObjectId ? value : (draft.ref(collection) ?? draft.id));

export const isoString: Spoil = (value, { updated }) => (value instanceof Date ? value : updated).toISOString();
export const milliseconds: Spoil = (value, { updated }) => new Double((value instanceof Date ? value : updated).getTime());
export const timestamp: Spoil = (value, { updated }) =>
  new Timestamp({ t: Math.floor((value instanceof Date ? value : updated).getTime() / 1000), i: 1 });
export const before1970: Spoil = (_, { random }) => new Date(Date.UTC(1969, 6, 20, 20, 17, 40, random.below(1000)));
/** A year typed with one digit too many. */
export const farBeyond: Spoil = () => new Date('+020233-05-01T08:30:00.000Z');

export const int: Spoil = (_, { random }) => random.between(1, 90_000);
export const date: Spoil = (_, { created }) => created;
export const objectId: Spoil = (_, draft) => someId(draft);
export const numeric: Spoil = (_, { random }) => String(random.between(1, 900));
/** Whole and half numbers: the halves are rounded. */
export const half: Spoil = (_, { random }) => random.between(1, 400) + 0.5;
export const wholeDouble: Spoil = (_, { random }) => new Double(random.between(1, 40));
export const long: Spoil = (_, { random }) => Long.fromNumber(random.between(3_000_000_000, 90_000_000_000));
export const largeDouble: Spoil = (_, { random }) => new Double(random.between(3_000_000_000, 90_000_000_000));
export const decimal: Spoil = (_, { random }) => Decimal128.fromString(`${random.between(1, 99)}E+4`);
export const notANumber: Spoil = () => Number.NaN;
export const yesInWords: Spoil = (value) => String(value);
export const yesAsNumber: Spoil = (value) => (value === true ? 1 : 0);
export const otherCase =
  (fallback: string): Spoil =>
  (value) =>
    (typeof value === 'string' ? value : fallback).toLowerCase();
export const nul: Spoil = (value) => `${value ?? ''}\u0000`;
export const value =
  (constant: unknown): Spoil =>
  () =>
    constant;

export const withNull: Spoil = (list) => [...listOf(list), null];
export const withGone: Spoil = (list, draft) => [...listOf(list), goneId(draft)];
export const withHex: Spoil = (list, draft) => [...listOf(list), String(someId(draft))];
export const withId: Spoil = (list, draft) => [...listOf(list), draft.id];
export const linkAs =
  (partner: string, change: (id: ObjectId) => unknown): Spoil =>
  (list, draft) => [...listOf(list), change(draft.ref(partner) ?? draft.id)];
export const withEmpty: Spoil = (list) => [...listOf(list), ''];
/** An id of that collection, whatever the field should hold. */
export const idOf =
  (partner: string): Spoil =>
  (_, draft) =>
    draft.ref(partner) ?? undefined;
export const listOfOne =
  (partner: string): Spoil =>
  (_, draft) => [draft.ref(partner) ?? draft.id];
