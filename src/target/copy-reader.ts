/**
 * Reads what `COPY … TO STDOUT (FORMAT binary)` sends: chunks of any size in, tuples out.
 * Format: PostgreSQL manual, COPY, "Binary Format".
 */
import { Bug } from '../failure.ts';

/** One row. Its bytes are its own: they stay valid after the next tuple is read. */
export interface Tuple {
  readonly bytes: Buffer;
  /** Where field i begins in `bytes`, and its length, -1 for NULL. */
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
}

/** The bytes of field `index`, null for NULL. */
export function field(tuple: Tuple, index: number): Buffer | null {
  const length = tuple.lengths[index];
  const start = tuple.starts[index];
  if (length === undefined || start === undefined) throw new Bug(`A tuple has no field ${index}`);
  return length < 0 ? null : tuple.bytes.subarray(start, start + length);
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, length of the header's extension. */
const headerBytes = signature.length + 8;

export async function* readTuples(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Tuple> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let started = false;
  let ended = false;
  /** Chunks that are put together once there is enough of them: a large value would else be copied with each. */
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let wanted = 0;
  for await (const chunk of chunks) {
    if (ended) {
      if (chunk.length > 0) throw new Bug('Bytes follow the trailer of a COPY stream');
      continue;
    }
    waiting.push(asBuffer(chunk));
    waitingBytes += chunk.length;
    if (rest.length - offset + waitingBytes < wanted) continue;
    rest = together(rest.subarray(offset), waiting);
    waiting = [];
    waitingBytes = 0;
    wanted = 0;
    offset = 0;
    if (!started) {
      const length = headerLength(rest);
      if (length === null) continue;
      offset = length;
      started = true;
    }
    for (;;) {
      const next = readTuple(rest, offset);
      if (typeof next === 'number') {
        wanted = next;
        break;
      }
      if (next === 'trailer') {
        ended = true;
        if (rest.length !== offset + 2) throw new Bug('Bytes follow the trailer of a COPY stream');
        break;
      }
      yield next.tuple;
      offset = next.end;
    }
  }
  if (!ended) throw new Bug('A COPY stream ended before its trailer');
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

/** A number: the tuple is not all there, and takes so many bytes from `begin` on, or more. */
function readTuple(bytes: Buffer, begin: number): { readonly tuple: Tuple; readonly end: number } | number | 'trailer' {
  if (begin + 2 > bytes.length) return 2;
  const count = bytes.readInt16BE(begin);
  if (count === -1) return 'trailer';
  // Plain arrays: a typed array of this size has memory of its own outside the heap, two for each row.
  const starts: number[] = [];
  const lengths: number[] = [];
  let at = begin + 2;
  for (let i = 0; i < count; i += 1) {
    if (at + 4 > bytes.length) return at + 4 - begin;
    const length = bytes.readInt32BE(at);
    at += 4;
    starts.push(at - begin);
    lengths.push(length);
    if (length > 0) at += length;
  }
  if (at > bytes.length) return at - begin;
  return { tuple: { bytes: bytes.subarray(begin, at), starts, lengths }, end: at };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
