/** The type bytes of BSON elements (bsonspec.org, version 1.1). */
export const elementType = {
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
  regularExpression: 0x0b,
  dbPointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
  decimal128: 0x13,
  maxKey: 0x7f,
  minKey: 0xff,
} as const;

/** A value in its document's bytes: its type byte, where it begins and how many bytes it has. */
export interface RawValue {
  readonly type: number;
  readonly offset: number;
  readonly length: number;
}

export function isNullish(type: number): boolean {
  return type === elementType.null || type === elementType.undefined;
}

export function isStringLike(type: number): boolean {
  return type === elementType.string || type === elementType.symbol;
}

export function isNumber(type: number): boolean {
  return (
    type === elementType.int32 || type === elementType.int64 || type === elementType.double || type === elementType.decimal128
  );
}
