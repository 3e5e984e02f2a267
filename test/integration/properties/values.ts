/** What happens to one value in one kind of column: the table of docs/errors.md and the conversions, written independently for the test. */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  EJSON,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import type { ColumnSpec } from '../../../src/catalog/index.ts';

/** Code and original, as text of normalised JSON; null where there was no value. */
export type Recorded = readonly [code: string, original: string | null];

/** An id that only the program knows. */
export const anyId: unique symbol = Symbol('any id');

/** What the row holds: text, null, elements of an array, or JSON. */
export type Cell = string | null | typeof anyId | readonly string[] | { readonly json: unknown };

export interface Outcome {
  readonly cell: Cell;
  readonly records: readonly Recorded[];
}

/** JSON of a value as the ledger keeps it, without regard to how JSON is spaced and escaped. */
export function original(value: unknown): string {
  return normalised(EJSON.stringify(value, { relaxed: false }));
}

export function normalised(json: string): string {
  return JSON.stringify(JSON.parse(json));
}

/** Null: it cannot be converted. References and arrays are judged elsewhere. */
export function scalarOutcome({ kind, labels = [], words }: ColumnSpec, value: unknown): Outcome | null {
  switch (kind) {
    case 'text':
      return textOutcome(value);
    case 'integer':
      return integerOutcome(value, 31n);
    case 'bigint':
      return integerOutcome(value, 63n);
    case 'boolean':
      return booleanOutcome(value, words);
    case 'timestamp':
      return dateOutcome(value);
    case 'enum':
      return labelOutcome(value, labels);
    case 'jsonb':
      return jsonOutcome(value);
    case 'text[]':
    case 'uuid':
    case 'uuid[]':
      throw new Error(`${kind} is no scalar kind`);
  }
}

/** js-bson makes its Timestamp a Long. */
export function isNumber(value: unknown): value is Int32 | Long | Double | Decimal128 {
  const isLong = value instanceof Long && !(value instanceof Timestamp);
  return isLong || value instanceof Int32 || value instanceof Double || value instanceof Decimal128;
}

const carried = (cell: Cell): Outcome => ({ cell, records: [] });
const changed = (cell: Cell, value: unknown, ...codes: string[]): Outcome => ({
  cell,
  records: codes.map((code) => [code, original(value)]),
});

export function textOutcome(value: unknown): Outcome | null {
  if (typeof value === 'string') {
    return value.includes('\0') ? changed(value.replaceAll('\0', ''), value, 'NUL_REMOVED') : carried(value);
  }
  if (value instanceof BSONSymbol) {
    const cut = value.value.includes('\0') ? ['NUL_REMOVED'] : [];
    return changed(value.value.replaceAll('\0', ''), value, 'TEXT_FROM_VALUE', ...cut);
  }
  const text = writtenOut(value);
  return text === null ? null : changed(text, value, 'TEXT_FROM_VALUE');
}

function writtenOut(value: unknown): string | null {
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Double) return Object.is(value.value, -0) ? '-0' : String(value.value);
  if (isNumber(value)) return value.toString();
  if (value instanceof ObjectId) return value.toHexString();
  return value instanceof Date ? value.toISOString() : null;
}

interface Exact {
  readonly whole: bigint;
  readonly isRounded: boolean;
}

function integerOutcome(value: unknown, bits: bigint): Outcome | null {
  const exact = exactOf(value);
  if (exact === null) return null;
  const limit = 1n << bits;
  if (exact.whole < -limit || exact.whole >= limit) return null;
  const rounded = exact.isRounded ? ['ROUNDED'] : [];
  const cell = String(exact.whole);
  if (typeof value === 'string') return changed(cell, value, 'NUMBER_FROM_STRING', ...rounded);
  if (value instanceof Decimal128 && !exact.isRounded) return changed(cell, value, 'NUMBER_FROM_DECIMAL');
  return changed(cell, value, ...rounded);
}

const decimal = /^(?<sign>[+-]?)(?<digits>\d*)(?:\.(?<fraction>\d*))?(?:[eE](?<exponent>[+-]?\d+))?$/;

const trimmed = (text: string): string => text.replace(/^[ \t\r\n\u00a0\u202f]+|[ \t\r\n\u00a0\u202f]+$/g, '');

/** `1 000 000` without its blanks. */
function ungrouped(text: string): string {
  return /^[+-]?\d{1,3}([ \u00a0\u202f]\d{3})+(\.\d*)?$/.test(text) ? text.replaceAll(/[ \u00a0\u202f]/g, '') : text;
}

/** Rounded half to even; null for what is no finite number. */
function exactOf(value: unknown): Exact | null {
  if (typeof value === 'string') return fromText(ungrouped(trimmed(value)));
  if (!isNumber(value)) return null;
  if (value instanceof Int32) return { whole: BigInt(value.value), isRounded: false };
  if (value instanceof Long) return { whole: value.toBigInt(), isRounded: false };
  if (value instanceof Double) {
    if (!Number.isFinite(value.value)) return null;
    if (Number.isInteger(value.value)) return { whole: BigInt(value.value), isRounded: false };
    return { whole: fromText(value.value.toFixed(60))?.whole ?? 0n, isRounded: true };
  }
  return fromText(value.toString());
}

function fromText(text: string): Exact | null {
  const { sign = '', digits = '', fraction = '', exponent = '0' } = decimal.exec(text)?.groups ?? {};
  if (digits + fraction === '') return null;
  const coefficient = BigInt(sign === '-' ? `-${digits}${fraction}` : digits + fraction);
  const power = Number(exponent) - fraction.length;
  // Far beyond any range, on either side of it.
  if (power > 100) return coefficient === 0n ? { whole: 0n, isRounded: false } : null;
  if (power >= 0) return { whole: coefficient * 10n ** BigInt(power), isRounded: false };
  const unit = 10n ** BigInt(Math.min(-power, 7000));
  const rest = coefficient % unit;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const down = coefficient / unit;
  const away = twice > unit || (twice === unit && down % 2n !== 0n);
  return { whole: away ? down + (coefficient < 0n ? -1n : 1n) : down, isRounded: rest !== 0n };
}

const wordsOf = { true: ['true', 'yes', '1', 'on'], false: ['false', 'no', '0', 'off'] };

function booleanOutcome(value: unknown, own: ColumnSpec['words']): Outcome | null {
  if (typeof value === 'boolean') return carried(String(value));
  if (typeof value === 'string') {
    const word = trimmed(value).toLowerCase();
    const found = (['true', 'false'] as const).find((one) => wordsOf[one].includes(word) || own?.[one] === word);
    return found === undefined ? null : changed(found, value, 'BOOL_FROM_VALUE');
  }
  const exact = exactOf(value);
  if (exact === null || exact.isRounded || (exact.whole !== 0n && exact.whole !== 1n)) return null;
  return changed(String(exact.whole === 1n), value, 'BOOL_FROM_VALUE');
}

/** PostgreSQL's: from 24 November 4714 before Christ, up to the end of 294276. */
const [dateMin, dateLimit] = [-210_866_803_200_000n, 9_224_318_016_000_000n];

/** The cell is the milliseconds since 1970. */
function dateOutcome(value: unknown): Outcome | null {
  if (value instanceof Date) return inRange(BigInt(value.getTime())) ? carried(String(value.getTime())) : null;
  if (value instanceof Timestamp)
    return changed(String(BigInt(value.getHighBitsUnsigned()) * 1000n), value, 'DATE_FROM_TIMESTAMP');
  if (typeof value === 'string') {
    const ms = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{3})?Z)?$/.test(value) ? Date.parse(value) : Number.NaN;
    const day = Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10);
    return day !== '' && day === value.slice(0, 10) ? changed(String(ms), value, 'DATE_FROM_STRING') : null;
  }
  const exact = exactOf(value);
  if (exact === null || exact.isRounded || !inRange(exact.whole)) return null;
  return changed(String(exact.whole), value, 'DATE_FROM_NUMBER');
}

function inRange(milliseconds: bigint): boolean {
  return milliseconds >= dateMin && milliseconds < dateLimit;
}

function labelOutcome(value: unknown, labels: readonly string[]): Outcome | null {
  if (typeof value !== 'string') return null;
  if (labels.includes(value)) return carried(value);
  const label = labels.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
  return label === undefined ? null : changed(label, value, 'ENUM_CASE');
}

function jsonOutcome(value: unknown): Outcome {
  const json = relaxed(value);
  const text = JSON.stringify(json);
  if (!text.includes('\\u0000')) return carried({ json });
  return changed({ json: JSON.parse(text.replaceAll('\\u0000', '')) }, value, 'NUL_REMOVED');
}

/** Relaxed Extended JSON that rounds nothing. */
function relaxed(value: unknown): unknown {
  if (value instanceof Int32) return value.value;
  if (value instanceof Long && isNumber(value))
    return Number.isSafeInteger(value.toNumber()) ? value.toNumber() : { $numberLong: value.toString() };
  if (value instanceof Double) {
    return Number.isFinite(value.value) && !Object.is(value.value, -0) ? value.value : JSON.parse(original(value));
  }
  if (value instanceof Date) {
    const year = value.getUTCFullYear();
    return year >= 1970 && year <= 9999 ? { $date: value.toISOString().replace('.000Z', 'Z') } : JSON.parse(original(value));
  }
  if (Array.isArray(value)) return value.map(relaxed);
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, relaxed(inner)]));
  return JSON.parse(original(value));
}

const scalars = [
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  Date,
];

/** A BSON object, and no scalar of js-bson's own. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !scalars.some((type) => value instanceof type);
}
