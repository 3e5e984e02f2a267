/** Where the elements of a BSON document lie. Nothing is decoded, nothing nested is entered. */
import { bson, Malformed, type Value } from './types.ts';

/** Bytes of the value of each fixed-size type. */
const fixedSizes: { readonly [type: number]: number } = {
  [bson.double]: 8,
  [bson.undefined]: 0,
  [bson.objectId]: 12,
  [bson.boolean]: 1,
  [bson.date]: 8,
  [bson.null]: 0,
  [bson.int32]: 4,
  [bson.timestamp]: 8,
  [bson.int64]: 8,
  [bson.decimal]: 16,
  [bson.maxKey]: 0,
  [bson.minKey]: 0,
};
const fixedSizeOf = Int8Array.from({ length: 256 }, (_, type) => fixedSizes[type] ?? -1);

/** The end of the value that begins at `start`; `limit` is where its document's closing zero stands. */
export function valueEnd(bytes: Buffer, type: number, start: number, limit: number): number {
  const fixed = fixedSizeOf[type] ?? -1;
  const end = fixed >= 0 ? start + fixed : start + variableSize(bytes, type, start, limit);
  if (end > limit) throw new Malformed('a value exceeds the end of its document');
  if (type === bson.boolean && (bytes[start] ?? 2) > 1) throw new Malformed('a boolean is neither 0 nor 1');
  if ((type === bson.string || type === bson.code || type === bson.symbol) && bytes[end - 1] !== 0)
    throw new Malformed('a string is not terminated');
  return end;
}

function variableSize(bytes: Buffer, type: number, start: number, limit: number): number {
  switch (type) {
    case bson.string:
    case bson.code:
    case bson.symbol:
      return 4 + lengthAt(bytes, start, limit, 1);
    case bson.binary:
      return 5 + lengthAt(bytes, start, limit, 0);
    case bson.dbPointer:
      return 16 + lengthAt(bytes, start, limit, 1);
    case bson.object:
    case bson.array:
      return lengthAt(bytes, start, limit, 5);
    case bson.codeWithScope:
      return lengthAt(bytes, start, limit, 14);
    case bson.regex: {
      const pattern = cstringEnd(bytes, start, limit);
      return cstringEnd(bytes, pattern + 1, limit) + 1 - start;
    }
    default:
      throw new Malformed(`unknown BSON type 0x${type.toString(16)}`);
  }
}

function lengthAt(bytes: Buffer, at: number, limit: number, lengthMin: number): number {
  if (at + 4 > limit) throw new Malformed('a length is truncated');
  const length = bytes.readInt32LE(at);
  if (length < lengthMin) throw new Malformed('a length is too small');
  return length;
}

/** The position of the zero that ends the C string at `start`. */
export function cstringEnd(bytes: Buffer, start: number, limit: number): number {
  let at = start;
  while (at < limit && bytes[at] !== 0) at += 1;
  if (at >= limit) throw new Malformed('a field name is not terminated');
  return at;
}

/** Where the closing zero of the document at `start` stands, once its length has been checked against `end`. */
export function documentLimit(bytes: Buffer, start: number, end: number): number {
  const length = lengthAt(bytes, start, end, 5);
  if (start + length !== end || bytes[end - 1] !== 0) throw new Malformed('the length of a document does not match');
  return end - 1;
}

export interface Element extends Value {
  readonly nameStart: number;
  readonly nameEnd: number;
}

/** The elements of an object, an array or a whole document, in their order. */
export function* elements(bytes: Buffer, start: number, end: number): Generator<Element> {
  const limit = documentLimit(bytes, start, end);
  let at = start + 4;
  while (at < limit) {
    const type = bytes[at] ?? 0;
    if (type === 0) throw new Malformed('a document is shorter than its length');
    const nameEnd = cstringEnd(bytes, at + 1, limit);
    const valueStart = nameEnd + 1;
    const valueStop = valueEnd(bytes, type, valueStart, limit);
    yield { type, bytes, nameStart: at + 1, nameEnd, start: valueStart, end: valueStop };
    at = valueStop;
  }
}

/** The document inside a value that holds one, null for other types. */
export function inner(value: Value): { readonly start: number; readonly end: number } | null {
  if (value.type === bson.object || value.type === bson.array) return { start: value.start, end: value.end };
  if (value.type !== bson.codeWithScope) return null;
  const scope = value.start + 8 + lengthAt(value.bytes, value.start + 4, value.end, 1);
  if (scope + 5 > value.end) throw new Malformed('a scope is truncated');
  return { start: scope, end: value.end };
}

/** Walks everything below a value, to any depth; throws `Malformed` where that cannot be done. */
export function checkNested(value: Value): void {
  const { bytes } = value;
  /** Where the documents around the one under way end: at their closing zeros. */
  const around: number[] = [];
  let { at, limit } = entered(value);
  for (;;) {
    if (at === limit) {
      const outer = around.pop();
      if (outer === undefined) return;
      at = limit + 1;
      limit = outer;
      continue;
    }
    const type = bytes[at] as number;
    if (type === 0) throw new Malformed('a document is shorter than its length');
    const start = cstringEnd(bytes, at + 1, limit) + 1;
    const end = valueEnd(bytes, type, start, limit);
    if (isNested(type)) {
      around.push(limit);
      ({ at, limit } = entered({ type, bytes, start, end }));
    } else at = end;
  }
}

/** Whether a value of this type holds a document. */
export function isNested(type: number): boolean {
  return type === bson.object || type === bson.array || type === bson.codeWithScope;
}

/** Its first element, and its closing zero. */
function entered(value: Value): { at: number; limit: number } {
  const document = inner(value) ?? value;
  return { at: document.start + 4, limit: documentLimit(value.bytes, document.start, document.end) };
}
