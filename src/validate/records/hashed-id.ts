/**
 * The id of a document whose `_id` is neither an ObjectId nor a UUID: a UUIDv5 (RFC 9562, section 5.5) over a form that two
 * `_id`s share exactly where MongoDB takes them for equal. Namespace and form are a convention with the load, like the
 * UUIDv8: `n42e0;` for every number 42, `s3:abc` for texts, `{…}` and `[…]` around what objects and arrays hold.
 */
import { createHash } from 'node:crypto';
import { decimalText, double, int32, int64 } from '../bson/scalar.ts';
import { bson, Malformed, type Value } from '../bson/types.ts';
import { cstringEnd, type Element, elements, inner } from '../bson/walk.ts';
import { decimalForm } from '../json/decimal.ts';

const namespace = Buffer.from('6b1f2c0e8d534a7e9c0a4e5f7d2b8a31', 'hex');

export function hashedUuid(id: Value): string {
  const hash = createHash('sha1').update(namespace);
  for (const part of comparisonForm(id)) hash.update(part);
  const uuid = hash.digest().subarray(0, 16);
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x50;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  return uuid.toString('hex');
}

function* comparisonForm(value: Value): Generator<string | Buffer> {
  const open: { readonly items: Iterator<Element>; readonly isArray: boolean }[] = [];
  let current: Value | null = value;
  while (current !== null) {
    const document = inner(current);
    if (document === null) yield* scalarForm(current);
    else {
      const isArray = current.type === bson.array;
      if (current.type === bson.codeWithScope) yield* framed('w', current.bytes, current.start + 8, document.start - 1);
      yield isArray ? '[' : '{';
      open.push({ items: elements(current.bytes, document.start, document.end), isArray });
    }
    current = null;
    for (let frame = open.at(-1); frame !== undefined; frame = open.at(-1)) {
      const next: IteratorResult<Element, unknown> = frame.items.next();
      if (!next.done) {
        if (!frame.isArray) yield* framed('k', next.value.bytes, next.value.nameStart, next.value.nameEnd);
        current = next.value;
        break;
      }
      yield frame.isArray ? ']' : '}';
      open.pop();
    }
  }
}

function* framed(letter: string, bytes: Buffer, start: number, end: number): Generator<string | Buffer> {
  yield `${letter}${end - start}:`;
  yield bytes.subarray(start, end);
}

function* scalarForm(value: Value): Generator<string | Buffer> {
  const { bytes, start, end } = value;
  switch (value.type) {
    case bson.minKey:
      return yield '-';
    case bson.maxKey:
      return yield '+';
    case bson.undefined:
      return yield 'u';
    case bson.null:
      return yield '0';
    case bson.double:
    case bson.int32:
    case bson.int64:
    case bson.decimal:
      return yield `n${numberForm(value)};`;
    case bson.string:
    case bson.symbol:
      return yield* framed('s', bytes, start + 4, end - 1);
    case bson.code:
      return yield* framed('c', bytes, start + 4, end - 1);
    case bson.binary:
      yield `b${bytes[start + 4]}.`;
      return yield* framed('', bytes, start + 5, end);
    case bson.objectId:
      return yield* framed('o', bytes, start, end);
    case bson.boolean:
      return yield bytes[start] === 1 ? 't' : 'f';
    case bson.date:
      return yield `d${int64(value)};`;
    case bson.timestamp:
      return yield `T${bytes.readUInt32LE(start + 4)}.${bytes.readUInt32LE(start)};`;
    case bson.regex: {
      const patternEnd = cstringEnd(bytes, start, end);
      yield* framed('r', bytes, start, patternEnd);
      return yield* framed('', bytes, patternEnd + 1, end - 1);
    }
    case bson.dbPointer:
      yield* framed('p', bytes, start + 4, end - 13);
      return yield* framed('', bytes, end - 12, end);
    default:
      throw new Malformed('an unknown type');
  }
}

/** Exact, whatever the type: MongoDB compares numbers by their value. */
function numberForm(value: Value): string {
  const text = value.type === bson.int32 ? String(int32(value)) : value.type === bson.int64 ? String(int64(value)) : null;
  if (text !== null) return decimalForm(text) ?? '';
  const written = value.type === bson.double ? exactDouble(double(value)) : decimalText(value);
  return decimalForm(written) ?? notFinite[written] ?? '';
}

const notFinite: { readonly [written: string]: string } = { NaN: 'nan', Infinity: 'inf', '-Infinity': '-inf' };

/** All decimal digits of a double: m / 2^k is m × 5^k / 10^k. */
function exactDouble(number: number): string {
  if (!Number.isFinite(number)) return String(number);
  let whole = number;
  let halvings = 0;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    halvings += 1;
  }
  return `${BigInt(whole) * 5n ** BigInt(halvings)}e-${halvings}`;
}
