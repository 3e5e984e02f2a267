/** Values of documents as validation sees them, and fields of rows as PostgreSQL sends them, for tests. */
import { type Document, serialize } from 'bson';
import type { Value } from '../../../src/validate/bson/types.ts';
import { elements } from '../../../src/validate/bson/walk.ts';

export function bsonValue(value: unknown): Value {
  return valueIn(Buffer.from(serialize({ v: value } as Document)));
}

/** The first value of a document of raw bytes. */
function valueIn(bytes: Buffer): Value {
  const [first] = elements(bytes, 0, bytes.length);
  if (first === undefined) throw new Error('the document is empty');
  return first;
}

/** A value of any type by its bytes. */
export function rawValue(type: number, bytes: Uint8Array): Value {
  const length = Buffer.alloc(4);
  length.writeInt32LE(4 + 1 + 2 + bytes.length + 1);
  return valueIn(Buffer.concat([length, Buffer.of(type), Buffer.from('v\0'), bytes, Buffer.of(0)]));
}

/** A BSON string by its bytes. */
export function stringOf(bytes: Uint8Array): Value {
  const length = Buffer.alloc(4);
  length.writeInt32LE(bytes.length + 1);
  return rawValue(2, Buffer.concat([length, bytes, Buffer.of(0)]));
}

export function int64Bytes(number: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(number);
  return bytes;
}

export const pg = {
  int4(number: number): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(number);
    return bytes;
  },
  int8(number: bigint): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(number);
    return bytes;
  },
  text: (text: string) => Buffer.from(text),
  bool: (value: boolean) => Buffer.of(value ? 1 : 0),
  /** Milliseconds since 1970, as microseconds since 2000. */
  timestamp: (ms: bigint) => pg.int8((ms - 946_684_800_000n) * 1000n),
  uuid: (hex: string) => Buffer.from(hex.replaceAll('-', ''), 'hex'),
  jsonb: (text: string) => Buffer.concat([Buffer.of(1), Buffer.from(text)]),
  array(oid: number, items: readonly Buffer[]): Buffer {
    if (items.length === 0) return Buffer.concat([pg.int4(0), pg.int4(0), pg.int4(oid)]);
    const head = [1, 0, oid, items.length, 1].map((number) => pg.int4(number));
    return Buffer.concat([...head, ...items.flatMap((item) => [pg.int4(item.length), item])]);
  },
};

export const textArray = (...items: readonly string[]): Buffer => pg.array(25, items.map(pg.text));
export const uuidArray = (...items: readonly string[]): Buffer => pg.array(2950, items.map(pg.uuid));
