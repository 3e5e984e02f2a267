/** Makes the tuples of PostgreSQL's binary COPY format readable for tests. It is written from the manual, not from the encoder. */
import type { Kind } from '../../src/catalog/index.ts';
import type { CopyData } from '../../src/convert/encoded-batch.ts';

export type Cell = string | number | bigint | boolean | null | readonly (string | null)[];

/** The fields of each tuple, NULL as null. Fails if the bytes are not exactly the stated number of tuples. */
function tuplesOf({ bytes, rows }: CopyData): (Buffer | null)[][] {
  const data = Buffer.from(bytes);
  const tuples: (Buffer | null)[][] = [];
  let at = 0;
  while (at < data.length) {
    const fields: (Buffer | null)[] = [];
    const count = data.readInt16BE(at);
    at += 2;
    for (let field = 0; field < count; field++) {
      const length = data.readInt32BE(at);
      at += 4;
      if (length < -1 || at + length > data.length) throw new Error(`a field has the length ${length}`);
      fields.push(length === -1 ? null : Buffer.from(data.subarray(at, at + length)));
      at += Math.max(length, 0);
    }
    tuples.push(fields);
  }
  if (tuples.length !== rows) throw new Error(`${tuples.length} tuples, but ${rows} are stated`);
  return tuples;
}

/** The tuples of a stream whose columns have these kinds (`bytea` as hex digits). */
export function decoded(data: CopyData, kinds: readonly (Kind | 'bytea')[]): Cell[][] {
  return tuplesOf(data).map((fields) => {
    if (fields.length !== kinds.length) throw new Error(`${fields.length} fields, but ${kinds.length} columns`);
    return fields.map((field, index) => (field === null ? null : cellOf(field, kinds[index] ?? 'text')));
  });
}

function cellOf(field: Buffer, kind: Kind | 'bytea'): Cell {
  switch (kind) {
    case 'text':
    case 'enum':
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(field);
    case 'uuid':
      return uuidText(exactly(field, 16));
    case 'integer':
      return exactly(field, 4).readInt32BE();
    case 'bigint':
      return exactly(field, 8).readBigInt64BE();
    case 'boolean':
      return exactly(field, 1).readUInt8() === 1;
    case 'timestamp':
      return exactly(field, 8).readBigInt64BE();
    case 'jsonb':
      if (field[0] !== 1) throw new Error('jsonb of an unknown version');
      return new TextDecoder('utf-8', { fatal: true }).decode(field.subarray(1));
    case 'text[]':
      return arrayOf(field, 25, (element) => new TextDecoder('utf-8', { fatal: true }).decode(element));
    case 'uuid[]':
      return arrayOf(field, 2950, uuidText);
    case 'bytea':
      return field.toString('hex');
  }
}

function exactly(field: Buffer, length: number): Buffer {
  if (field.length !== length) throw new Error(`expected ${length} bytes, got ${field.length}`);
  return field;
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function arrayOf(field: Buffer, oid: number, element: (bytes: Buffer) => string): string[] {
  const dimensions = field.readInt32BE(0);
  if (field.readInt32BE(4) !== 0 || field.readInt32BE(8) !== oid) throw new Error('flags or element type of an array');
  if (dimensions === 0) {
    exactly(field, 12);
    return [];
  }
  if (dimensions !== 1 || field.readInt32BE(16) !== 1) throw new Error('dimensions or lower bound of an array');
  const elements: string[] = [];
  let at = 20;
  while (at < field.length) {
    const length = field.readInt32BE(at);
    elements.push(element(field.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  if (at !== field.length || elements.length !== field.readInt32BE(12)) throw new Error('size of an array');
  return elements;
}

/** PostgreSQL's microseconds since 2000-01-01 of a JavaScript date. */
export function microseconds(date: Date | string | number): bigint {
  return (BigInt(new Date(date).getTime()) - 946_684_800_000n) * 1000n;
}
