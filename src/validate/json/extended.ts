/**
 * BSON as Extended JSON, version 2 (github.com/mongodb/specifications, extended-json), spelled as js-bson spells it, but
 * written from the bytes: dates beyond JavaScript's, 64-bit integers, repeated keys and any depth come through.
 */
import { decimalText, decodeText, double, int32, int64, isValidText, objectIdHex, textBytes } from '../bson/scalar.ts';
import { bson, Malformed, type Value } from '../bson/types.ts';
import { cstringEnd, elements, inner } from '../bson/walk.ts';

export interface Written {
  readonly text: string;
  /** Some text holds a NUL character. */
  readonly nul: boolean;
  /** Some text or key holds bytes that are no UTF-8; they are U+FFFD. */
  readonly invalid: boolean;
}

/** Canonical: every type in sight. */
export function canonicalForm(value: Value): Written {
  return new Writer(false, false).write(value);
}

export function canonical(value: Value): string {
  return canonicalForm(value).text;
}

/** Relaxed, for people: numbers bare only where nothing is lost. */
export function relaxed(value: Value): string {
  return new Writer(true, false).write(value).text;
}

/** Relaxed as `jsonb` can hold it: without NUL. */
export function relaxedForJsonb(value: Value): Written {
  return new Writer(true, true).write(value);
}

interface Open {
  readonly elements: Iterator<{ readonly nameStart: number; readonly nameEnd: number } & Value>;
  readonly isArray: boolean;
  readonly closing: string;
  first: boolean;
}

/** Held apart before they become one text: the parts of a long array take several times the room of the text. */
const partsMax = 4096;

class Writer {
  readonly #relaxed: boolean;
  readonly #dropNul: boolean;
  #parts: string[] = [];
  readonly #chunks: string[] = [];
  readonly #open: Open[] = [];
  #nul = false;
  #invalid = false;

  constructor(isRelaxed: boolean, dropNul: boolean) {
    this.#relaxed = isRelaxed;
    this.#dropNul = dropNul;
  }

  write(value: Value): Written {
    this.#value(value);
    for (let frame = this.#open.at(-1); frame !== undefined; frame = this.#open.at(-1)) {
      const next = frame.elements.next();
      if (next.done) {
        this.#put(frame.closing);
        this.#open.pop();
        continue;
      }
      if (!frame.first) this.#put(',');
      frame.first = false;
      if (!frame.isArray) this.#put(`${this.#text(next.value.bytes.subarray(next.value.nameStart, next.value.nameEnd))}:`);
      this.#value(next.value);
    }
    this.#putTogether();
    return { text: this.#chunks.join(''), nul: this.#nul, invalid: this.#invalid };
  }

  #put(part: string): void {
    this.#parts.push(part);
    if (this.#parts.length >= partsMax) this.#putTogether();
  }

  #putTogether(): void {
    this.#chunks.push(this.#parts.join(''));
    this.#parts = [];
  }

  /** Writes a scalar, or opens a document whose elements follow. */
  #value(value: Value): void {
    const document = inner(value);
    if (document === null) {
      this.#put(this.#scalar(value));
      return;
    }
    const isArray = value.type === bson.array;
    if (value.type === bson.codeWithScope) {
      const code = value.bytes.subarray(value.start + 8, document.start - 1);
      this.#put(`{"$code":${this.#text(code)},"$scope":`);
    }
    this.#put(isArray ? '[' : '{');
    this.#open.push({
      elements: elements(value.bytes, document.start, document.end),
      isArray,
      closing: value.type === bson.codeWithScope ? '}}' : isArray ? ']' : '}',
      first: true,
    });
  }

  #text(bytes: Buffer): string {
    const text = decodeText(bytes);
    if (text.includes('\uFFFD') && !isValidText(bytes)) this.#invalid = true;
    if (!text.includes('\0')) return JSON.stringify(text);
    this.#nul = true;
    return JSON.stringify(this.#dropNul ? text.replaceAll('\0', '') : text);
  }

  #scalar(value: Value): string {
    switch (value.type) {
      case bson.double:
        return this.#double(double(value));
      case bson.string:
        return this.#text(textBytes(value));
      case bson.binary:
        return binaryForm(value);
      case bson.undefined:
        return '{"$undefined":true}';
      case bson.objectId:
        return `{"$oid":"${objectIdHex(value)}"}`;
      case bson.boolean:
        return value.bytes[value.start] === 0 ? 'false' : 'true';
      case bson.date:
        return dateForm(int64(value), this.#relaxed);
      case bson.null:
        return 'null';
      case bson.regex:
        return this.#regex(value);
      case bson.dbPointer:
        return this.#dbPointer(value);
      case bson.code:
        return `{"$code":${this.#text(textBytes(value))}}`;
      case bson.symbol:
        return `{"$symbol":${this.#text(textBytes(value))}}`;
      case bson.int32:
        return this.#relaxed ? String(int32(value)) : `{"$numberInt":"${int32(value)}"}`;
      case bson.timestamp:
        return `{"$timestamp":{"t":${value.bytes.readUInt32LE(value.start + 4)},"i":${value.bytes.readUInt32LE(value.start)}}}`;
      case bson.int64:
        return this.#int64(int64(value));
      case bson.decimal:
        return `{"$numberDecimal":"${decimalText(value)}"}`;
      case bson.minKey:
        return '{"$minKey":1}';
      case bson.maxKey:
        return '{"$maxKey":1}';
      default:
        throw new Malformed('an unknown type');
    }
  }

  #double(number: number): string {
    if (this.#relaxed && Number.isFinite(number) && !Object.is(number, -0)) return String(number);
    if (Object.is(number, -0)) return '{"$numberDouble":"-0.0"}';
    return `{"$numberDouble":"${Number.isInteger(number) ? number.toFixed(1) : number}"}`;
  }

  #int64(number: bigint): string {
    const isSafe = number >= BigInt(Number.MIN_SAFE_INTEGER) && number <= BigInt(Number.MAX_SAFE_INTEGER);
    return this.#relaxed && isSafe ? String(number) : `{"$numberLong":"${number}"}`;
  }

  #regex(value: Value): string {
    const patternEnd = cstringEnd(value.bytes, value.start, value.end);
    const pattern = this.#text(value.bytes.subarray(value.start, patternEnd));
    const options = this.#text(value.bytes.subarray(patternEnd + 1, value.end - 1));
    return `{"$regularExpression":{"pattern":${pattern},"options":${options}}}`;
  }

  #dbPointer(value: Value): string {
    const namespace = this.#text(value.bytes.subarray(value.start + 4, value.end - 13));
    return `{"$dbPointer":{"$ref":${namespace},"$id":{"$oid":"${value.bytes.toString('hex', value.end - 12, value.end)}"}}}`;
  }
}

function binaryForm(value: Value): string {
  const subType = value.bytes[value.start + 4] ?? 0;
  // Subtype 2 repeats its length inside.
  const isOld =
    subType === 2 && value.end - value.start >= 9 && value.bytes.readInt32LE(value.start + 5) === value.end - value.start - 9;
  const payload = value.bytes.subarray(value.start + (isOld ? 9 : 5), value.end);
  return `{"$binary":{"base64":"${payload.toString('base64')}","subType":"${subType.toString(16).padStart(2, '0')}"}}`;
}

/** The end of the year 9999, exclusive: the relaxed form writes dates from 1970 to then in ISO 8601. */
const isoEndMs = 253402300800000n;

function dateForm(ms: bigint, isRelaxed: boolean): string {
  if (!isRelaxed || ms < 0n || ms >= isoEndMs) return `{"$date":{"$numberLong":"${ms}"}}`;
  return `{"$date":"${new Date(Number(ms)).toISOString().replace('.000Z', 'Z')}"}`;
}
