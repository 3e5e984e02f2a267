/** The element types of BSON (bsonspec.org, version 1.1). */
export const bson = {
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  boolean: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  dbPointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
  decimal: 0x13,
  maxKey: 0x7f,
  minKey: 0xff,
} as const;

/** The type of a field that is absent (0), null or undefined. */
export function isNothing(type: number): boolean {
  return type === 0 || type === bson.null || type === bson.undefined;
}

/** One value inside a buffer: the bytes after its name. */
export interface Value {
  readonly type: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** The bytes cannot be walked as BSON. */
export class Malformed extends Error {}
