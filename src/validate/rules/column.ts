/** What a column must hold for a field, with all that the conversions say about missing values and those that cannot be converted. */
import type { CollectionSpec, ColumnSpec, Kind } from '../../catalog/index.ts';
import { hasValue } from '../bson/scalar.ts';
import type { Value } from '../bson/types.ts';
import { canonical } from '../json/extended.ts';
import { arrayElements, textArrayRule, uuidArrayRule } from './array.ts';
import { enumRule } from './enum.ts';
import { jsonbRule } from './jsonb.ts';
import { currencyRule, labelRule } from './normalized.ts';
import { bigintRule, booleanRule, boundedRule, integerRule } from './number.ts';
import { referenceRule } from './reference.ts';
import { type Change, carried, changed, type Match, type Rule, recordsOf, type Verdict } from './rule.ts';
import { textRule } from './text.ts';
import { microsecondsOf, timestampRule } from './timestamp.ts';

export interface Column {
  readonly field: string;
  readonly spec: ColumnSpec;
  readonly rule: Rule;
}

export function columnOf(collection: CollectionSpec, field: string, spec: ColumnSpec): Column {
  return { field, spec, rule: ruleOf(collection, spec) };
}

const rules: { readonly [K in Exclude<Kind, 'uuid' | 'uuid[]' | 'enum' | 'boolean'>]: Rule } = {
  text: textRule,
  integer: integerRule,
  bigint: bigintRule,
  timestamp: timestampRule,
  jsonb: jsonbRule,
  'text[]': textArrayRule,
};

function ruleOf(
  { columns }: CollectionSpec,
  { kind, labels, words, references, names, redirect, required, normalize }: ColumnSpec,
): Rule {
  if (kind === 'uuid[]') return uuidArrayRule(names);
  if (kind === 'boolean') return booleanRule(words);
  if (kind === 'enum') return enumRule(labels ?? []);
  if (normalize === 'label') return labelRule(textRule);
  if (normalize === 'currency') return currencyRule(textRule);
  if (normalize !== undefined) return boundedRule(BigInt(normalize.min), BigInt(normalize.max));
  if (kind !== 'uuid') return rules[kind];
  const redirected = redirect === undefined ? undefined : columns[redirect]?.references;
  const partners = [references, redirected].filter((partner) => partner !== undefined);
  return referenceRule(partners.length === 0 ? null : partners, { required: required === true, names });
}

/** What a default may be computed from. */
export interface Circumstances {
  /** Milliseconds since 1970: the time inside the document's ObjectId, else the stored start of the migration. */
  readonly creationMs: () => bigint;
  /** The row's own field, as it is. */
  readonly rowField: (name: string) => Buffer | null;
}

/** 'cannot' here: the document should have been rejected. */
export function judge(
  column: Column,
  value: Value | null,
  actual: Buffer | null,
  recorded: readonly Change[],
  at: Circumstances,
): Verdict {
  if (!hasValue(value)) return judgeMissing(column, value, actual, at);
  const verdict = column.rule(value, actual, recorded);
  if (verdict === 'differs') return tooLarge(column, value, actual, recorded);
  if (verdict !== 'cannot') return verdict;
  if (column.spec.required !== true) return actual === null ? changed(...recordsOf(value, 'UNCONVERTIBLE')) : 'differs';
  return judgeDefault(column, value, actual, at);
}

function judgeMissing(column: Column, value: Value | null, actual: Buffer | null, at: Circumstances): Verdict {
  if (column.spec.required === true) return judgeDefault(column, value, actual, at);
  const isArray = column.spec.kind === 'text[]' || column.spec.kind === 'uuid[]';
  if (!isArray) return actual === null ? carried : 'differs';
  return actual !== null && arrayElements(actual)?.length === 0 ? carried : 'differs';
}

function judgeDefault(
  { spec }: Column,
  value: Value | null,
  actual: Buffer | null,
  at: Circumstances,
): Match | 'differs' | 'cannot' {
  const { whenMissing } = spec;
  if (whenMissing === undefined) return 'cannot';
  const expected = defaultBytes(spec.kind, whenMissing, at);
  if (actual === null || expected === null || !actual.equals(expected)) return 'differs';
  return changed(...(value === null ? [{ code: 'DEFAULTED', original: null }] : recordsOf(value, 'DEFAULTED')));
}

function defaultBytes(kind: Kind, whenMissing: NonNullable<ColumnSpec['whenMissing']>, at: Circumstances): Buffer | null {
  if (whenMissing === 'creation time') {
    const microseconds = microsecondsOf(at.creationMs());
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(microseconds ?? 0n);
    return bytes;
  }
  if ('sameAs' in whenMissing) return at.rowField(whenMissing.sameAs);
  const { value } = whenMissing;
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
  const bytes = Buffer.alloc(kind === 'bigint' ? 8 : 4);
  if (kind === 'bigint') bytes.writeBigInt64BE(BigInt(value));
  else bytes.writeInt32BE(value);
  return bytes;
}

/** Nothing shorter is too much for a B-tree index (nbtree: 2,704 bytes an entry), beside what else the index holds. */
const largeBytesMin = 2000;

/** A text that no index can hold is NULL; what else was recorded of it stays recorded. */
function tooLarge({ spec, rule }: Column, value: Value, actual: Buffer | null, recorded: readonly Change[]): Verdict {
  const record = recorded.find(({ code }) => code === 'INDEX_TOO_LARGE');
  const isLarge = spec.kind === 'text' && value.end - value.start > largeBytesMin;
  if (record === undefined || !isLarge || actual !== null || spec.required === true) return 'differs';
  const without = rule(value, Buffer.from(textHeld(value)), recorded);
  const others = typeof without === 'string' ? [] : without.changes;
  const originals = [canonical(value), ...others.map(({ original }) => original)];
  return originals.includes(record.original)
    ? changed(...others, record)
    : changed(...others, { code: 'INDEX_TOO_LARGE', original: canonical(value) });
}

/** What the column held before it was emptied. */
function textHeld(value: Value): string {
  return value.bytes.toString('utf8', value.start + 4, value.end - 1).replaceAll('\0', '');
}
