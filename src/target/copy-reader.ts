/**
 * Reads what `COPY … TO STDOUT (FORMAT binary)` sends: chunks of any size in, tuples out.
 * Format: PostgreSQL manual, COPY, "Binary Format".
 */
import { Bug } from '../failure.ts';

/** One row: a view of the bytes that were read, valid as long as it is kept. */
export class Tuple {
  readonly bytes: Buffer;
  /** How many fields it has. */
  readonly fields: number;
  /** Of all tuples that were read together: per field where it begins in `bytes` and its length. Few large pieces, for a row has many fields. */
  readonly #places: Int32Array;
  readonly #first: number;

  constructor(bytes: Buffer, fields: number, places: Int32Array, first: number) {
    this.bytes = bytes;
    this.fields = fields;
    this.#places = places;
    this.#first = first;
  }

  /** Where field `index` begins in `bytes`. */
  start(index: number): number {
    return this.#places[this.#first + 2 * index] as number;
  }

  /** Bytes of field `index`, -1 for NULL. */
  length(index: number): number {
    return this.#places[this.#first + 2 * index + 1] as number;
  }

  /** The bytes of field `index`, null for NULL. */
  value(index: number): Buffer | null {
    if (index < 0 || index >= this.fields) throw new Bug(`A tuple has no field ${index}`);
    const [start, length] = [this.start(index), this.length(index)];
    return length < 0 ? null : this.bytes.subarray(start, start + length);
  }

  /** Field `index`, which is never NULL, in hexadecimal digits. */
  hex(index: number): string {
    const start = this.start(index);
    return this.bytes.toString('hex', start, start + this.length(index));
  }
}

/** Gives out room for the places of tuples, from pieces for many of them. */
class Places {
  block = new Int32Array(0);
  used = 0;

  /** Makes room for so many fields, from `used` on. */
  reserve(fields: number): void {
    if (this.used + 2 * fields <= this.block.length) return;
    this.block = new Int32Array(Math.max(16_384, 2 * fields));
    this.used = 0;
  }
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, length of the header's extension. */
const headerBytes = signature.length + 8;

export async function* readTuples(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Tuple> {
  for await (const tuples of readTupleLists(chunks)) yield* tuples;
}

/** The same, as many at once as have come: to wait for each of a million rows by itself would take longer than to read it. */
export async function* readTupleLists(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Tuple[]> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let started = false;
  /** Chunks that are put together once there is enough of them: a large value would else be copied with each. */
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let wanted = 0;
  const reader = new TupleReader();
  for await (const chunk of chunks) {
    if (reader.ended) {
      if (chunk.length > 0) throw new Bug('Bytes follow the trailer of a COPY stream');
      continue;
    }
    waiting.push(asBuffer(chunk));
    waitingBytes += chunk.length;
    if (rest.length - offset + waitingBytes < wanted) continue;
    rest = together(rest.subarray(offset), waiting);
    waiting = [];
    waitingBytes = 0;
    offset = 0;
    if (!started) {
      const length = headerLength(rest);
      if (length === null) continue;
      offset = length;
      started = true;
    }
    const tuples = reader.read(rest, offset);
    offset = reader.end;
    wanted = reader.wanted;
    if (tuples.length > 0) yield tuples;
  }
  if (!reader.ended) throw new Bug('A COPY stream ended before its trailer');
}

function together(rest: Buffer, chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return rest.length === 0 && chunks.length === 1 && only !== undefined ? only : Buffer.concat([rest, ...chunks]);
}

/** The length of the header, null while it is not all there. */
function headerLength(bytes: Buffer): number | null {
  if (bytes.length < headerBytes) return null;
  if (!bytes.subarray(0, signature.length).equals(signature)) throw new Bug('A COPY stream does not begin with its signature');
  const length = headerBytes + bytes.readInt32BE(signature.length + 4);
  return bytes.length < length ? null : length;
}

/** Takes whole tuples from bytes. */
class TupleReader {
  readonly #places = new Places();
  /** Behind the last tuple that was read. */
  end = 0;
  /** Bytes that must be there from `end` on before it is worth to look again. */
  wanted = 0;
  /** The trailer was read. */
  ended = false;

  /** All that stand in `bytes` from `begin` on. */
  read(bytes: Buffer, begin: number): Tuple[] {
    const tuples: Tuple[] = [];
    this.end = begin;
    this.wanted = 2;
    while (this.end + 2 <= bytes.length) {
      const count = bytes.readInt16BE(this.end);
      if (count === -1) {
        this.ended = true;
        if (bytes.length !== this.end + 2) throw new Bug('Bytes follow the trailer of a COPY stream');
        break;
      }
      const tuple = this.#tuple(bytes, count);
      if (tuple === null) break;
      tuples.push(tuple);
    }
    return tuples;
  }

  /** Null where it is not all there. */
  #tuple(bytes: Buffer, count: number): Tuple | null {
    const places = this.#places;
    places.reserve(count);
    const { block, used } = places;
    let at = this.end + 2;
    for (let index = 0; index < count; index += 1) {
      if (at + 4 > bytes.length) return this.#needs(at + 4);
      const length = bytes.readInt32BE(at);
      at += 4;
      block[used + 2 * index] = at;
      block[used + 2 * index + 1] = length;
      if (length > 0) at += length;
    }
    if (at > bytes.length) return this.#needs(at);
    this.end = at;
    this.wanted = 2;
    places.used += 2 * count;
    return new Tuple(bytes, count, block, used);
  }

  #needs(end: number): null {
    this.wanted = end - this.end;
    return null;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
