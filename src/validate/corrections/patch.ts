/**
 * A correction applied to a document of the source, by rules of validation's own: a JSON merge patch (RFC 7396, section 2) whose values are
 * MongoDB Extended JSON v2.
 */
import { EJSON, serialize } from 'bson';
import type { CollectionSpec } from '../../catalog/index.ts';
import { bson, type Value } from '../bson/types.ts';
import { type Element, elements } from '../bson/walk.ts';

export interface Corrected {
  readonly bytes: Buffer;
  /** By field that the patch names: what the source has, null where it has none. */
  readonly originals: ReadonlyMap<string, Value | null>;
}

type Json = Readonly<Record<string, unknown>>;

/** Null where the text is no patch that may be applied. Throws `Malformed` where the document cannot be walked. */
export function correctedBy(text: string, document: Buffer, { columns, links }: CollectionSpec): Corrected | null {
  const patch = parsed(text);
  if (patch === null || levelsOf(patch, 0) > levelsMax || isUnfilled(patch)) return null;
  const names = Object.keys(patch);
  if (!names.every((name) => Object.hasOwn(columns, name) || Object.hasOwn(links, name))) return null;
  try {
    const bytes = patched([...elements(document, 0, document.length)], patch);
    const originals = new Map<string, Value | null>(names.map((name) => [name, null]));
    for (const element of elements(document, 0, document.length)) {
      const name = nameOf(element);
      if (originals.has(name)) originals.set(name, element);
    }
    return { bytes, originals };
  } catch (error) {
    if (error instanceof NoValue) return null;
    throw error;
  }
}

/** A value of the patch that is no Extended JSON. */
class NoValue extends Error {}

function parsed(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const levelsMax = 200;

/** Of objects and arrays inside one another; what is too many is not counted to its end. */
function levelsOf(value: unknown, above: number): number {
  if (typeof value !== 'object' || value === null || above > levelsMax) return above;
  return Object.values(value).reduce((most: number, member) => Math.max(most, levelsOf(member, above + 1)), above + 1);
}

/** Somebody ran a statement of the report as it was printed. */
function isUnfilled(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === '…';
  return [...Object.keys(value), ...Object.values(value)].some(isUnfilled);
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object of the patch that stands for a single value rather than for members to be merged. */
const isTyped = (value: unknown): boolean => isObject(value) && Object.keys(value).some((key) => key.startsWith('$'));

/** The elements of the target in their order, then those that it did not have. */
function patched(target: readonly Element[], patch: Json): Buffer {
  const lastPlaces = new Map(target.map((element) => [nameOf(element), element.nameStart]));
  const pieces: Buffer[] = target.flatMap((element) => {
    const name = nameOf(element);
    const isNamed = Object.hasOwn(patch, name) && lastPlaces.get(name) === element.nameStart;
    return isNamed ? pieceOf(name, patch[name], element) : [element.bytes.subarray(element.nameStart - 1, element.end)];
  });
  for (const [name, value] of Object.entries(patch)) if (!lastPlaces.has(name)) pieces.push(...pieceOf(name, value, null));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 5);
  const head = Buffer.alloc(4);
  head.writeInt32LE(length);
  return Buffer.concat([head, ...pieces, Buffer.alloc(1)], length);
}

function pieceOf(name: string, value: unknown, target: Element | null): readonly Buffer[] {
  if (value === null) return [];
  if (!isObject(value) || isTyped(value)) return [elementOf(name, value)];
  const members = target?.type === bson.object ? [...elements(target.bytes, target.start, target.end)] : [];
  return [Buffer.concat([Buffer.of(bson.object), Buffer.from(name), Buffer.alloc(1), patched(members, value)])];
}

function elementOf(name: string, value: unknown): Buffer {
  if (!isOfItsType(value)) throw new NoValue();
  try {
    const read: unknown = EJSON.parse(JSON.stringify([value]), { relaxed: false });
    const decoded: unknown = Array.isArray(read) ? read[0] : undefined;
    if (isTyped(decoded) && Object.getPrototypeOf(decoded) === Object.prototype) throw new NoValue();
    const document = serialize(Object.fromEntries([[name, decoded]]), { ignoreUndefined: false });
    return Buffer.from(document.buffer, document.byteOffset + 4, document.length - 5);
  } catch {
    throw new NoValue();
  }
}

/** Dates and numbers whose text says no such thing, at any depth. */
function isOfItsType(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const members: readonly [string, unknown][] = Object.entries(value);
  return members.every(([name, member]) => {
    const text = String(member);
    if (name === '$date' && typeof member === 'string') return !Number.isNaN(new Date(text).getTime());
    if (name === '$numberInt' || name === '$numberLong') return /^-?[0-9]{1,19}$/.test(text);
    if (name === '$numberDouble') return text === 'NaN' || (text.trim() !== '' && !Number.isNaN(Number(text)));
    return isOfItsType(member);
  });
}

const nameOf = ({ bytes, nameStart, nameEnd }: Element): string => bytes.toString('utf8', nameStart, nameEnd);
