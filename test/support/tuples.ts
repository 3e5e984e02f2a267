/** Tuples of COPY's binary format, written by hand for tests. */
import type { Tuples } from '../../src/target/copy-in.ts';

export function tuples(rows: readonly (readonly (Uint8Array | string | number | null)[])[]): Tuples {
  const parts: Buffer[] = [];
  for (const row of rows) {
    parts.push(int16(row.length));
    for (const field of row) {
      if (field === null) {
        parts.push(int32(-1));
        continue;
      }
      const bytes = typeof field === 'number' ? int32(field) : Buffer.from(field as string);
      parts.push(int32(bytes.length), bytes);
    }
  }
  return { bytes: Buffer.concat(parts), rows: rows.length };
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
