/** The rule for `uuid`, and which documents an element of an array of ids may mean. */
import { decodeText, objectIdHex, textBytes } from '../bson/scalar.ts';
import { bson, type Value } from '../bson/types.ts';
import { elements } from '../bson/walk.ts';
import { sourceIdOf, type UuidHex, uuidBinary, uuidOfDocument, uuidOfObjectId } from '../records/identity.ts';
import { type Condition, carried, changed, type Rule, recordsOf, type Verdict } from './rule.ts';

/** A document that a value may mean. */
export interface Candidate {
  readonly id: UuidHex;
  /** How the ledger names it. */
  readonly sourceIds: readonly string[];
  /** The code under which the value is taken as this id; null: carried. */
  readonly code: string | null;
  /** Only the id of a document that exists is taken. */
  readonly onlyIfExists: boolean;
}

/** 'empty': an empty string. 'none': no rule makes an id of this value. Else in the order of preference. */
export function candidatesOf(value: Value): readonly Candidate[] | 'empty' | 'none' {
  switch (value.type) {
    case bson.objectId:
      return [byObjectId(objectIdHex(value), null)];
    case bson.dbPointer:
      return [byObjectId(value.bytes.toString('hex', value.end - 12, value.end), 'ID_FROM_DBREF')];
    case bson.string:
    case bson.symbol:
      // To MongoDB both are the same `_id`.
      return fromString(value);
    case bson.int32:
    case bson.int64:
    case bson.double:
    case bson.decimal:
      return [byHash(value)];
    case bson.binary:
      return uuidBinary(value) === null
        ? 'none'
        : [{ id: uuidOfDocument(value), sourceIds: [sourceIdOf(value)], code: null, onlyIfExists: false }];
    case bson.object:
      return fromExtendedJson(value) ?? fromDbRef(value);
    case bson.array:
      return fromArray(value);
    default:
      return 'none';
  }
}

function byObjectId(hex: string, code: string | null): Candidate {
  return { id: uuidOfObjectId(hex), sourceIds: [hex], code, onlyIfExists: false };
}

function byHash(value: Value): Candidate {
  return { id: uuidOfDocument(value), sourceIds: equalSourceIds(value), code: 'ID_HASHED', onlyIfExists: true };
}

/** To MongoDB numbers of different types are the same `_id`; the ledger names the one that the document has. */
function equalSourceIds(value: Value): readonly string[] {
  const own = sourceIdOf(value);
  const [, digits] = /^\{"\$number\w+":"(-?\d+)(?:\.0)?"\}$/.exec(own) ?? [];
  if (digits === undefined) return [own];
  return [...new Set([own, `{"$numberInt":"${digits}"}`, `{"$numberLong":"${digits}"}`, `{"$numberDouble":"${digits}.0"}`])];
}

function fromString(value: Value): readonly Candidate[] | 'empty' {
  const text = decodeText(textBytes(value));
  if (text === '') return 'empty';
  if (!/^[0-9a-f]{24}$/i.test(text)) return [byHash(value)];
  return [byObjectId(text.toLowerCase(), 'ID_FROM_STRING'), byHash(value)];
}

/** An array of one id. */
function fromArray(value: Value): readonly Candidate[] | 'none' {
  const [only, ...others] = elements(value.bytes, value.start, value.end);
  if (only === undefined || others.length > 0 || only.type === bson.array) return 'none';
  const candidates = candidatesOf(only);
  if (typeof candidates === 'string') return 'none';
  return candidates.map((candidate) => ({ ...candidate, code: 'ID_FROM_VALUE' }));
}

/** An ObjectId as its Extended JSON: an object whose one field `$oid` is a string of 24 hex digits. */
function fromExtendedJson(value: Value): readonly Candidate[] | null {
  const [only, ...others] = elements(value.bytes, value.start, value.end);
  if (only?.type !== bson.string || others.length > 0) return null;
  if (only.bytes.toString('utf8', only.nameStart, only.nameEnd) !== '$oid') return null;
  const hex = decodeText(textBytes(only));
  return /^[0-9a-f]{24}$/i.test(hex) ? [byObjectId(hex.toLowerCase(), 'ID_FROM_VALUE')] : null;
}

/** A DBRef is an object with a `$ref` and a `$id`. */
function fromDbRef(value: Value): readonly Candidate[] | 'empty' | 'none' {
  let hasRef = false;
  let id: Value | null = null;
  for (const element of elements(value.bytes, value.start, value.end)) {
    const name = element.bytes.toString('utf8', element.nameStart, element.nameEnd);
    if (name === '$ref') hasRef = element.type === bson.string;
    if (name === '$id') id = element;
  }
  if (!hasRef || id === null || id.type === bson.object || id.type === bson.array) return 'none';
  const candidates = candidatesOf(id);
  if (typeof candidates === 'string') return 'none';
  return candidates.map((candidate) => ({ ...candidate, code: 'ID_FROM_DBREF' }));
}

/** That the document which the candidates mean was merged into the one with the id `into`. */
export function mergedCondition(candidates: readonly Candidate[], partners: readonly string[], into: UuidHex): Condition {
  return { partners, id: into, sourceIds: candidates.flatMap(({ sourceIds }) => sourceIds), exists: true, merged: into };
}

export interface ReferenceOptions {
  readonly required?: boolean;
  /** Of a column without a foreign key: the collection whose documents it names. */
  readonly names?: string | undefined;
}

/** `partners`: the collections whose documents the column may name; null: it has no foreign key and keeps whatever id it is given. */
export function referenceRule(partners: readonly string[] | null, { required = false, names }: ReferenceOptions = {}): Rule {
  return (value, actual, recorded) => {
    const candidates = candidatesOf(value);
    if (candidates === 'none' || (candidates === 'empty' && required)) return 'cannot';
    if (candidates === 'empty') return actual === null ? changed(...recordsOf(value, 'ID_EMPTY')) : 'differs';
    if (actual === null) return emptied(value, candidates, partners, recorded);
    const held = actual.toString('hex');
    const taken = candidates.find(({ id }) => id === held);
    if (taken === undefined) {
      const named = partners ?? (names === undefined ? null : [names]);
      if (named === null || !recorded.some(({ code }) => code === 'REFERENCE_MERGED')) return 'differs';
      return { changes: recordsOf(value, 'REFERENCE_MERGED'), conditions: [mergedCondition(candidates, named, held)] };
    }
    const conditions = conditionsOf(taken, candidates, partners);
    if (taken.code === null) return conditions.length === 0 ? carried : { changes: [], conditions };
    return { changes: recordsOf(value, taken.code), conditions };
  };
}

/** NULL is right where none of the documents that the value may mean exists. */
function emptied(
  value: Value,
  candidates: readonly Candidate[],
  partners: readonly string[] | null,
  recorded: readonly { readonly code: string }[],
): Verdict {
  const isLookedUp = candidates.every(({ onlyIfExists }) => onlyIfExists);
  if (partners === null && !isLookedUp) return 'differs';
  const [own, ...others] = partners ?? [];
  const redirected = others.length > 0 && recorded.some(({ code }) => code === 'TASK_REDIRECTED');
  // A document that was there when the text or number was looked up, and was rejected later, leaves a dangling reference.
  const dangles = !isLookedUp || (partners !== null && recorded.some(({ code }) => code === 'DANGLING_REFERENCE'));
  const code = redirected ? 'TASK_REDIRECTED' : dangles ? 'DANGLING_REFERENCE' : 'UNCONVERTIBLE';
  const absentFrom = redirected && own !== undefined ? [own] : partners;
  const conditions = candidates.map(({ id, sourceIds }): Condition => ({ partners: absentFrom, id, sourceIds, exists: false }));
  // Which of two documents the text means is seen where the reference now stands.
  const [only, second] = candidates;
  if (redirected && only !== undefined && second === undefined) {
    conditions.push({ partners: others, id: only.id, sourceIds: only.sourceIds, exists: true });
  }
  return { changes: recordsOf(value, code), conditions };
}

/** What must be so for a value to be taken as this document rather than another. */
export function conditionsOf(
  taken: Candidate,
  candidates: readonly Candidate[],
  partners: readonly string[] | null,
): Condition[] {
  const conditions: Condition[] = [];
  const [preferred, other] = candidates;
  if (taken.onlyIfExists) {
    conditions.push({ partners, id: taken.id, sourceIds: taken.sourceIds, exists: true });
    if (preferred !== undefined && preferred !== taken)
      conditions.push({ partners, id: preferred.id, sourceIds: preferred.sourceIds, exists: false });
  } else if (other !== undefined) {
    conditions.push({ partners, id: other.id, sourceIds: other.sourceIds, exists: false, unless: taken.id });
  }
  return conditions;
}
