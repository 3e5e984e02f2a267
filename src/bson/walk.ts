/** Walks raw BSON element by element, checking what it steps over, without recursion and without decoding values. */
import { BSONError, onDemand } from 'bson';
import { byteAt, int32At } from './bytes.ts';
import { elementType } from './element-type.ts';
import { MalformedBson } from './malformed-bson.ts';

/** `[type, nameOffset, nameLength, offset, length]`, as `onDemand.parseToElements` of `bson` gives them. */
export type Element = readonly [type: number, nameOffset: number, nameLength: number, offset: number, length: number];

/** Bytes of the smallest document: its length and its end. */
const documentBytesMin = 5;

/** The elements of a whole document, in their order; the values' own insides are not checked. Throws MalformedBson. */
export function elementsOf(document: Uint8Array): Iterable<Element> {
  if (document.length < documentBytesMin || int32At(document, 0) !== document.length) {
    throw new MalformedBson('the length of the document does not match');
  }
  try {
    return onDemand.parseToElements(document);
  } catch (cause) {
    // The messages of `bson` name lengths and type bytes, not values.
    if (cause instanceof BSONError) throw new MalformedBson(cause.message);
    throw cause;
  }
}

/** Steps through the direct elements of an object or array that begins at `offset` and is `length` bytes long. */
export class ElementCursor {
  readonly bytes: Uint8Array;
  type = 0;
  nameOffset = 0;
  nameLength = 0;
  offset: number;
  length = 0;
  readonly #last: number;

  constructor(bytes: Uint8Array, offset: number, length: number) {
    checkContainer(bytes, offset, offset + length, length);
    this.bytes = bytes;
    this.offset = offset + 4;
    this.#last = offset + length - 1;
  }

  /** Moves to the next element; false at the end. */
  next(): boolean {
    const { bytes } = this;
    let at = this.offset + this.length;
    const type = byteAt(bytes, at);
    if (type === 0) {
      if (at !== this.#last) throw new MalformedBson('an object or array is shorter than its length');
      return false;
    }
    this.nameOffset = ++at;
    at = cstringEnd(bytes, at, this.#last);
    this.nameLength = at - this.nameOffset;
    this.type = type;
    this.offset = at + 1;
    this.length = valueLength(bytes, type, this.offset, this.#last);
    return true;
  }
}

/** The offset of the NUL that ends the C string at `offset`, which must stand before `end`. */
export function cstringEnd(bytes: Uint8Array, offset: number, end: number): number {
  let at = offset;
  while (at < end && byteAt(bytes, at) !== 0) at++;
  if (at >= end) throw new MalformedBson('a field name is not terminated');
  return at;
}

/** Bytes of a value of this type; -1 where they depend on the value. */
const fixedLengths = new Int8Array(256).fill(-1);
for (const type of [elementType.double, elementType.date, elementType.timestamp, elementType.int64]) fixedLengths[type] = 8;
for (const type of [elementType.null, elementType.undefined, elementType.minKey, elementType.maxKey]) fixedLengths[type] = 0;
fixedLengths[elementType.int32] = 4;
fixedLengths[elementType.objectId] = 12;
fixedLengths[elementType.decimal128] = 16;
fixedLengths[elementType.boolean] = 1;

/** Bytes of the value at `offset`, which must end at or before `end`. Checks the value's frame, not its elements. */
export function valueLength(bytes: Uint8Array, type: number, offset: number, end: number): number {
  if (type === elementType.string) return stringLength(bytes, offset, end);
  const fixed = fixedLengths[type] as number;
  const length = fixed >= 0 ? fixed : measured(bytes, type, offset, end);
  if (offset + length > end) throw new MalformedBson('a value exceeds the end of its object');
  if (fixed < 0 || type === elementType.boolean) checkValue(bytes, type, offset, length);
  return length;
}

/** Most values are strings: measured and checked in one go. */
function stringLength(bytes: Uint8Array, offset: number, end: number): number {
  const length = 4 + sizeAt(bytes, offset, end);
  if (offset + length > end) throw new MalformedBson('a value exceeds the end of its object');
  if (length === 4) throw new MalformedBson('a string has the invalid length 0');
  if (byteAt(bytes, offset + length - 1) !== 0) throw new MalformedBson('a string is not terminated');
  return length;
}

/** Of a type whose values tell their length. */
function measured(bytes: Uint8Array, type: number, offset: number, end: number): number {
  switch (type) {
    case elementType.symbol:
    case elementType.code:
      return 4 + sizeAt(bytes, offset, end);
    case elementType.object:
    case elementType.array:
    case elementType.codeWithScope:
      return sizeAt(bytes, offset, end);
    case elementType.binary:
      return 5 + sizeAt(bytes, offset, end);
    case elementType.dbPointer:
      return 16 + sizeAt(bytes, offset, end);
    case elementType.regularExpression:
      return cstringEnd(bytes, cstringEnd(bytes, offset, end) + 1, end) + 1 - offset;
    default:
      throw new MalformedBson(`unknown BSON type 0x${type.toString(16).padStart(2, '0')}`);
  }
}

function sizeAt(bytes: Uint8Array, offset: number, end: number): number {
  if (offset + 4 > end) throw new MalformedBson('a value exceeds the end of its object');
  const size = int32At(bytes, offset);
  if (size < 0) throw new MalformedBson('a length is negative');
  return size;
}

/** Checks the frame of a value whose length is known: what a reader of the value then relies on. */
export function checkValue(bytes: Uint8Array, type: number, offset: number, length: number): void {
  switch (type) {
    case elementType.string:
    case elementType.symbol:
    case elementType.code:
      checkString(bytes, offset, offset + length);
      break;
    case elementType.dbPointer:
      checkString(bytes, offset, offset + length - 12);
      break;
    case elementType.object:
    case elementType.array:
      checkContainer(bytes, offset, offset + length, length);
      break;
    case elementType.codeWithScope:
      checkCodeWithScope(bytes, offset, length);
      break;
    case elementType.boolean:
      if (byteAt(bytes, offset) > 1) throw new MalformedBson('a boolean is neither 0 nor 1');
  }
}

function checkString(bytes: Uint8Array, offset: number, end: number): void {
  if (int32At(bytes, offset) < 1) throw new MalformedBson('a string has the invalid length 0');
  if (offset + 4 + int32At(bytes, offset) !== end || byteAt(bytes, end - 1) !== 0) {
    throw new MalformedBson('a string is not terminated');
  }
}

export function checkContainer(bytes: Uint8Array, offset: number, end: number, length: number): void {
  if (length < documentBytesMin || end > bytes.length) throw new MalformedBson('an object or array is too short');
  if (int32At(bytes, offset) !== length) throw new MalformedBson('the length of an object or array does not match');
  if (byteAt(bytes, end - 1) !== 0) throw new MalformedBson('an object or array is not terminated');
}

function checkCodeWithScope(bytes: Uint8Array, offset: number, length: number): void {
  // Its own length, the code's length and end, and an empty scope.
  if (length < 4 + 5 + documentBytesMin) throw new MalformedBson('code with scope is too short');
  const codeBytes = int32At(bytes, offset + 4);
  const scope = offset + 8 + codeBytes;
  if (codeBytes < 1 || scope + documentBytesMin > offset + length)
    throw new MalformedBson('code with scope: a length does not match');
  checkString(bytes, offset + 4, scope);
  checkContainer(bytes, scope, offset + length, offset + length - scope);
}
