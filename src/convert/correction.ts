/**
 * A person's correction of a rejected document: a JSON merge patch (RFC 7396) in MongoDB Extended JSON v2. What it does not name keeps its
 * very bytes.
 */
import { EJSON, serialize } from 'bson';
import { elementType, type RawValue } from '../bson/element-type.ts';
import { ElementCursor } from '../bson/walk.ts';
import type { CollectionSpec } from '../catalog/spec.ts';

/** By field: null removes it, a map merges into an object, bytes (of an element: its type, its name, its value) replace it. */
export type Patch = ReadonlyMap<string, PatchValue>;
type PatchValue = null | Patch | Buffer;

export interface CorrectedField {
  readonly field: Buffer;
  /** What the source has; null where the document lacks the field. */
  readonly original: RawValue | null;
}

/** As many as MongoDB itself stores. */
const levelsMax = 200;
const noValue = 'The correction contains a value that is not valid Extended JSON, or is nested too deeply.';

/** `problem`: why it cannot be applied, as a sentence. */
export function parseCorrection(
  text: string,
  { collection, columns, links }: CollectionSpec,
): { readonly patch: Patch } | { readonly problem: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { problem: 'The correction is not JSON.' };
  }
  if (!isObject(parsed)) return { problem: 'The correction is not a JSON object.' };
  if (Object.hasOwn(parsed, '_id')) return { problem: 'The correction names _id, which cannot be changed.' };
  if (isDeeper(parsed, levelsMax)) return { problem: noValue };
  if (hasPlaceholder(parsed)) return { problem: 'The correction still has … in place of a value.' };
  const unknown = Object.keys(parsed).find((name) => !Object.hasOwn(columns, name) && !Object.hasOwn(links, name));
  if (unknown !== undefined)
    return { problem: `The correction names a field that ${collection} does not have: ${unknown.slice(0, 100)}.` };
  try {
    return { patch: patchOf(parsed) };
  } catch {
    return { problem: noValue };
  }
}

/** The corrected document, and what the source has in each field that the patch names. */
export function applyCorrection(
  bytes: Buffer,
  patch: Patch,
): { readonly bytes: Buffer; readonly fields: readonly CorrectedField[] } {
  const last = lastOf(bytes, 0, bytes.length, patch);
  return {
    bytes: merged(bytes, 0, bytes.length, patch),
    fields: [...patch.keys()].map((name) => ({ field: Buffer.from(name), original: last.get(name) ?? null })),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws where a value is not valid Extended JSON. */
function patchOf(object: Record<string, unknown>): Patch {
  return new Map(Object.entries(object).map(([name, value]) => [name, patchValueOf(name, value)]));
}

function patchValueOf(name: string, value: unknown): PatchValue {
  if (name.includes('\0')) throw new TypeError('Expected a name without NUL');
  if (value === null) return null;
  if (isObject(value) && !isExtendedJson(value)) return patchOf(value);
  const document = serialize({ [name]: decoded(value) }, { ignoreUndefined: false });
  return Buffer.from(document.subarray(4, -1));
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** What the statements of the report have where a person writes the value, or the name of the field. */
function hasPlaceholder(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasPlaceholder);
  if (isObject(value)) return Object.entries(value).flat().some(hasPlaceholder);
  return value === '…';
}

/** `{"$oid": …}` and the like stand for one value. */
function isExtendedJson(value: Record<string, unknown>): boolean {
  return Object.keys(value).some((key) => key.startsWith('$'));
}

function decoded(value: unknown): unknown {
  if (!isSound(value)) throw new TypeError('Expected a value of its type');
  const { value: result } = EJSON.parse(JSON.stringify({ value }), { relaxed: false }) as { readonly value: unknown };
  const isLeft = isObject(result) && Object.getPrototypeOf(result) === Object.prototype && isExtendedJson(result);
  if (isLeft) throw new TypeError('Expected a type of Extended JSON');
  return result;
}

/** The parser takes a date or number that is none for 1970, or for 0. */
function isSound(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isSound);
  if (!isObject(value)) return true;
  const { $date, $numberInt, $numberLong, $numberDouble } = value;
  if (typeof $date === 'string' && Number.isNaN(Date.parse($date))) return false;
  if ([$numberInt, $numberLong].some((digits) => digits !== undefined && !/^-?\d{1,19}$/.test(String(digits)))) return false;
  const isNumber = /^(NaN|-?Infinity|-?\d+(\.\d*)?(e[-+]?\d+)?)$/i;
  return ($numberDouble === undefined || isNumber.test(String($numberDouble))) && Object.values(value).every(isSound);
}

/** Of a repeated field the last counts. */
function lastOf(bytes: Buffer, offset: number, length: number, patch: Patch): Map<string, RawValue> {
  const last = new Map<string, RawValue>();
  const cursor = new ElementCursor(bytes, offset, length);
  while (cursor.next()) {
    const name = nameAt(bytes, cursor);
    if (patch.has(name)) last.set(name, { type: cursor.type, offset: cursor.offset, length: cursor.length });
  }
  return last;
}

function merged(bytes: Buffer, offset: number, length: number, patch: Patch): Buffer {
  const last = lastOf(bytes, offset, length, patch);
  const parts: Buffer[] = [];
  const cursor = new ElementCursor(bytes, offset, length);
  while (cursor.next()) {
    const name = nameAt(bytes, cursor);
    const value = last.get(name)?.offset === cursor.offset ? patch.get(name) : undefined;
    if (value === undefined) parts.push(bytes.subarray(cursor.nameOffset - 1, cursor.offset + cursor.length));
    else parts.push(...elementOf(name, value, bytes, { type: cursor.type, offset: cursor.offset, length: cursor.length }));
  }
  for (const [name, value] of patch) if (!last.has(name)) parts.push(...elementOf(name, value, bytes, null));
  return documentOf(parts);
}

function elementOf(name: string, value: PatchValue, bytes: Buffer, present: RawValue | null): readonly Buffer[] {
  if (value === null) return [];
  if (Buffer.isBuffer(value)) return [value];
  const isMerged = present?.type === elementType.object;
  const object = isMerged ? merged(bytes, present.offset, present.length, value) : merged(emptyDocument, 0, 5, value);
  return [Buffer.of(elementType.object), Buffer.from(`${name}\0`), object];
}

const emptyDocument = Buffer.of(5, 0, 0, 0, 0);

function documentOf(parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const document = Buffer.alloc(body.length + 5);
  document.writeInt32LE(document.length, 0);
  body.copy(document, 4);
  return document;
}

function nameAt(bytes: Buffer, { nameOffset, nameLength }: ElementCursor): string {
  return bytes.toString('utf8', nameOffset, nameOffset + nameLength);
}
