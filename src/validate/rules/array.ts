/** The rules for `text[]` and `uuid[]`: element by element, in order. */
import { hasValue } from '../bson/scalar.ts';
import { bson, type Value } from '../bson/types.ts';
import { elements } from '../bson/walk.ts';
import { canonical } from '../json/extended.ts';
import { candidatesOf, conditionsOf, mergedCondition } from './reference.ts';
import { type Change, type Condition, carried, type Rule, recordsOf, type Verdict } from './rule.ts';
import { textOf } from './text.ts';

/** The elements of a one-dimensional array in PostgreSQL's binary form (arrayfuncs.c), null for anything else. */
export function arrayElements(bytes: Buffer): readonly Buffer[] | null {
  const dimensions = bytes.readInt32BE(0);
  if (dimensions === 0) return [];
  if (dimensions !== 1 || bytes.readInt32BE(16) !== 1) return null;
  const items: Buffer[] = [];
  let at = 20;
  for (let left = bytes.readInt32BE(12); left > 0; left -= 1) {
    const length = bytes.readInt32BE(at);
    if (length < 0) return null;
    items.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return items;
}

/** The elements of an array; anything else is an array of one. */
export function itemsOf(value: Value): readonly Value[] {
  return value.type === bson.array ? [...elements(value.bytes, value.start, value.end)] : [value];
}

/** What is recorded of the value as a whole: that it was no array, that there were nulls among its elements. */
function wholeChanges(value: Value, items: readonly Value[]): readonly Change[] {
  if (value.type !== bson.array) return recordsOf(value, 'ARRAY_FROM_VALUE');
  return items.every(hasValue) ? [] : recordsOf(value, 'ARRAY_NULL_DROPPED');
}

/** The bytes of one bare value are recorded once. */
function withElements(value: Value, whole: readonly Change[], ofElements: readonly Change[]): readonly Change[] {
  const isRecorded = value.type !== bson.array && whole.some(({ code }) => code === 'INVALID_UTF8');
  return [...whole, ...(isRecorded ? ofElements.filter(({ code }) => code !== 'INVALID_UTF8') : ofElements)];
}

export function textArrayRule(value: Value, actual: Buffer | null): Verdict {
  if (value.type === bson.object) return 'cannot';
  const held = actual === null ? null : arrayElements(actual);
  if (held === null) return 'differs';
  const items = itemsOf(value);
  const ofElements: Change[] = [];
  let at = 0;
  for (const item of items.filter(hasValue)) {
    const expected = textOf(item) ?? { bytes: Buffer.from(canonical(item)), changes: recordsOf(item, 'TEXT_FROM_VALUE') };
    if (held[at]?.equals(expected.bytes) !== true) return 'differs';
    ofElements.push(...expected.changes);
    at += 1;
  }
  if (at !== held.length) return 'differs';
  const changes = withElements(value, wholeChanges(value, items), ofElements);
  return changes.length === 0 ? carried : { changes, conditions: [] };
}

/** `names`: the collection whose documents the elements name, where that is known. */
export function uuidArrayRule(names?: string): Rule {
  return (value, actual, recorded) => judgeIds(value, actual, recorded, names);
}

function judgeIds(value: Value, actual: Buffer | null, recorded: readonly Change[], names: string | undefined): Verdict {
  if (value.type === bson.object && candidatesOf(value) === 'none') return 'cannot';
  const held = actual === null ? null : arrayElements(actual);
  if (held === null) return 'differs';
  const items = itemsOf(value);
  const ofElements: Change[] = [];
  const conditions: Condition[] = [];
  const merged = new Set(recorded.flatMap(({ code, original }) => (code === 'REFERENCE_MERGED' ? [original] : [])));
  let at = 0;
  for (const item of items.filter(hasValue)) {
    const found = candidatesOf(item);
    const candidates = typeof found === 'string' ? [] : found;
    const taken = candidates.find(({ id }) => id === held[at]?.toString('hex'));
    if (taken !== undefined) {
      at += 1;
      if (taken.code !== null) ofElements.push(...recordsOf(item, taken.code));
      conditions.push(...conditionsOf(taken, candidates, null));
      continue;
    }
    const into = held[at]?.toString('hex');
    if (names !== undefined && into !== undefined && candidates.length > 0 && merged.has(canonical(item))) {
      at += 1;
      ofElements.push(...recordsOf(item, 'REFERENCE_MERGED'));
      conditions.push(mergedCondition(candidates, [names], into));
      continue;
    }
    if (candidates.some(({ onlyIfExists }) => !onlyIfExists)) return 'differs';
    for (const { id, sourceIds } of candidates) conditions.push({ partners: null, id, sourceIds, exists: false });
    ofElements.push(...recordsOf(item, 'ARRAY_ELEMENT_DROPPED'));
  }
  if (at !== held.length) return 'differs';
  const changes = withElements(value, wholeChanges(value, items), ofElements);
  return changes.length === 0 && conditions.length === 0 ? carried : { changes, conditions };
}
