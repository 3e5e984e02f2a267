/** Builds BSON byte by byte, for what the `bson` package cannot or will not write. */

export interface RawElement {
  readonly type: number;
  readonly name: string | Buffer;
  readonly value: Buffer;
}

export function rawDocument(...elements: readonly RawElement[]): Buffer {
  return sized(
    Buffer.concat(
      elements.map(({ type, name, value }) => Buffer.concat([Buffer.of(type), Buffer.from(name), Buffer.of(0), value])),
    ),
  );
}

/** The length, the elements, the end. */
function sized(body: Buffer): Buffer {
  return Buffer.concat([int32(body.length + 5), body, Buffer.of(0)]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

export function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

/** The value of a string, symbol or code. */
export function rawString(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([int32(bytes.length + 1), bytes, Buffer.of(0)]);
}

/** An object (type 3) or array (type 4) inside itself, `levels` deep: the outermost document's bytes, names empty. */
export function nested(levels: number, type: 3 | 4 = 3): Buffer {
  const innermost = 5;
  const perLevel = 7;
  const bytes = Buffer.alloc(innermost + perLevel * (levels - 1));
  for (let level = 0; level < levels; level++) {
    const at = level * 6;
    bytes.writeInt32LE(bytes.length - perLevel * level, at);
    if (level < levels - 1) bytes.writeUInt8(type, at + 4);
  }
  return bytes;
}
