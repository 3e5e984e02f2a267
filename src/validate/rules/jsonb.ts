/** The rule for `jsonb`: the same value in relaxed Extended JSON, numbers exact, keys in any order. */
import type { Value } from '../bson/types.ts';
import { sameJson } from '../json/compare.ts';
import { canonical, relaxedForJsonb } from '../json/extended.ts';
import { NotJson, type Parsed, parseJson } from '../json/parse.ts';
import { type Change, carried, changed, type Verdict } from './rule.ts';

/** The version byte of jsonb's binary form. */
const jsonbVersion = 1;
/** A MongoDB server stores 200 levels, and every PostgreSQL takes them: what is no deeper has no excuse. */
const deepMin = 200;

export function jsonbRule(value: Value, actual: Buffer | null): Verdict {
  const held = actual === null || actual[0] !== jsonbVersion ? null : parsed(actual.toString('utf8', 1, actual.length));
  if (held === null) return 'differs';
  const { text, nul, invalid } = relaxedForJsonb(value);
  const expected = parseJson(text);
  const changes: Change[] = [];
  if (invalid) changes.push({ code: 'INVALID_UTF8', original: value.bytes.toString('hex', value.start, value.end) });
  if (nul) changes.push({ code: 'NUL_REMOVED', original: canonical(value) });
  if (expected.repeatedKey) changes.push({ code: 'JSON_DUPLICATE_KEY', original: canonical(value) });
  if (!sameJson(held.node, expected.node)) {
    // Too deep for the server: the text of the JSON, as a JSON string.
    const inside = typeof held.node === 'string' && expected.depth > deepMin ? parsed(held.node) : null;
    if (inside === null || !sameJson(inside.node, expected.node)) return 'differs';
    changes.push({ code: 'JSON_TOO_DEEP', original: canonical(value) });
  }
  return changes.length === 0 ? carried : changed(...changes);
}

function parsed(text: string): Parsed | null {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof NotJson || error instanceof SyntaxError) return null;
    throw error;
  }
}
