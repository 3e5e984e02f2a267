/**
 * MongoDB Extended JSON v2 (canonical and relaxed) straight from raw BSON: without recursion, so that no depth of nesting
 * overflows the stack, and without decoding to objects, so that nothing is lost (repeated keys, dates beyond JavaScript's,
 * -0, `__proto__`). Source: source/extended-json in mongodb/specifications.
 */
import type { ByteWriter } from './byte-writer.ts';
import { byteAt, int32At } from './bytes.ts';
import { elementType, type RawValue } from './element-type.ts';
import { scalarWriters } from './extended-json-scalars.ts';
import { type JsonForm, type StringNotes, writeJsonString } from './json-string.ts';
import { MalformedBson } from './malformed-bson.ts';
import { hasRepeatedKey } from './repeated-key.ts';
import { checkValue, cstringEnd, valueLength } from './walk.ts';

export const canonical: JsonForm = { relaxed: false, dropNul: false };
export const relaxed: JsonForm = { relaxed: true, dropNul: false };
export const relaxedForJsonb: JsonForm = { relaxed: true, dropNul: true };

export interface JsonNotes extends StringNotes {
  /** An object has the same key twice; both are written. */
  repeatedKey: boolean;
  /** How many objects and arrays stand inside one another at most; the wrapper of a scalar (up to three) is not counted. */
  depth: number;
}

/** Writes one value. Throws MalformedBson where it cannot be walked; `out` then holds a part of it. */
export function writeExtendedJson(out: ByteWriter, bytes: Buffer, value: RawValue, form: JsonForm): JsonNotes {
  const { type, offset, length } = value;
  checkValue(bytes, type, offset, length);
  const notes: JsonNotes = { invalidUtf8: false, nul: false, repeatedKey: false, depth: 0 };
  if (isContainer(type)) new ContainerWriter(out, bytes, form, notes).write(type, offset, length);
  else scalarWriters[type]?.(out, bytes, offset, length, form, notes);
  return notes;
}

function isContainer(type: number): boolean {
  return type === elementType.object || type === elementType.array || type === elementType.codeWithScope;
}

const comma = 0x2c;
const colon = 0x3a;

class ContainerWriter {
  readonly #out: ByteWriter;
  readonly #bytes: Buffer;
  readonly #form: JsonForm;
  readonly #notes: JsonNotes;
  // Of each open container: where its last byte stands, and its type. Bare numbers, since there may be millions.
  readonly #lasts: number[] = [];
  readonly #types: number[] = [];
  /** Where the next element, or the end of the innermost container, stands. */
  #at = 0;
  #depth = 0;
  /** Nothing of the innermost container is written yet. */
  #first = true;

  constructor(out: ByteWriter, bytes: Buffer, form: JsonForm, notes: JsonNotes) {
    this.#out = out;
    this.#bytes = bytes;
    this.#form = form;
    this.#notes = notes;
  }

  write(type: number, offset: number, length: number): void {
    this.#enter(type, offset, length);
    while (this.#lasts.length > 0) {
      if (byteAt(this.#bytes, this.#at) === 0) this.#leave();
      else this.#element();
    }
  }

  #element(): void {
    const level = this.#lasts.length - 1;
    const last = this.#lasts[level] as number;
    const type = byteAt(this.#bytes, this.#at);
    const nameOffset = this.#at + 1;
    const nameEnd = cstringEnd(this.#bytes, nameOffset, last);
    const offset = nameEnd + 1;
    const length = valueLength(this.#bytes, type, offset, last);
    if (!this.#first) this.#out.byte(comma);
    if (this.#types[level] !== elementType.array) {
      writeJsonString(this.#out, this.#bytes, nameOffset, nameEnd, this.#notes, this.#form.dropNul);
      this.#out.byte(colon);
    }
    if (isContainer(type)) {
      this.#enter(type, offset, length);
    } else {
      scalarWriters[type]?.(this.#out, this.#bytes, offset, length, this.#form, this.#notes);
      this.#at = offset + length;
      this.#first = false;
    }
  }

  #enter(type: number, offset: number, length: number): void {
    let start = offset;
    if (type === elementType.codeWithScope) start = this.#code(offset);
    const last = offset + length - 1;
    this.#out.ascii(type === elementType.array ? '[' : '{');
    if (type !== elementType.array && hasRepeatedKey(this.#bytes, start + 4, last)) this.#notes.repeatedKey = true;
    this.#lasts.push(last);
    this.#types.push(type);
    this.#depth += type === elementType.codeWithScope ? 2 : 1;
    if (this.#depth > this.#notes.depth) this.#notes.depth = this.#depth;
    this.#at = start + 4;
    this.#first = true;
  }

  /** The code that stands before a scope; returns where the scope begins. */
  #code(offset: number): number {
    const codeBytes = int32At(this.#bytes, offset + 4);
    this.#out.ascii('{"$code":');
    writeJsonString(this.#out, this.#bytes, offset + 8, offset + 7 + codeBytes, this.#notes, this.#form.dropNul);
    this.#out.ascii(',"$scope":');
    return offset + 8 + codeBytes;
  }

  #leave(): void {
    const type = this.#types.pop();
    if (this.#lasts.pop() !== this.#at) throw new MalformedBson('an object or array is shorter than its length');
    this.#out.ascii(type === elementType.array ? ']' : type === elementType.codeWithScope ? '}}' : '}');
    this.#depth -= type === elementType.codeWithScope ? 2 : 1;
    this.#at++;
    this.#first = false;
  }
}
