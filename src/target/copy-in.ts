/** `COPY … FROM STDIN (FORMAT binary)` through postgres.js: the only place where rows are written in bulk. */
import type { Writable } from 'node:stream';
import type { ReservedSql } from 'postgres';
import { invariant } from '../failure.ts';

/** Tuples in COPY's binary format, without header and trailer. */
export interface Tuples {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/** PostgreSQL manual, COPY, "Binary Format": signature, no flags, no header extension; the trailer is a field count of -1. */
const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const trailer = Buffer.from('ffff', 'hex');

/** Large enough that the cost of a write does not count, small enough that the server begins at once. */
const chunkBytesMax = 256 * 1024;

/** What postgres.js keeps on a query beside its public promise (src/query.js of 3.4.9). */
interface QueryInternals {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  execute(): unknown;
}

/**
 * Writes all tuples into `table` (with a column list where needed) and resolves once the server has confirmed their number.
 * Rejects with the server's error whenever it comes, also after the last byte.
 */
export async function copyIn(sql: ReservedSql, table: string, parts: readonly Tuples[]): Promise<void> {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  if (rows === 0) return;
  const { writable, result } = startCopy(sql, `copy ${table} from stdin (format binary)`);
  // Both may reject with the same error; whichever is awaited first reports it.
  result.catch(() => undefined);
  const stream = await writable;
  // postgres.js destroys the stream with the error that also rejects `result`.
  stream.on('error', () => undefined);
  await Promise.race([writeAll(stream, parts), result]);
  stream.end();
  const { count } = await result;
  invariant(count === rows, `COPY into ${table} reports ${count} rows, ${rows} were sent`);
}

/**
 * postgres.js resolves a COPY query with its stream and drops what the server says afterwards
 * (porsager/postgres#1173: an error after the end of the data is lost). So both settle functions of the query are taken over:
 * the first resolution is the stream, the second one the result. Remove when a release contains the fix.
 */
function startCopy(sql: ReservedSql, text: string): { writable: Promise<Writable>; result: Promise<{ count: number }> } {
  // The cast: PendingQuery's type does not show the settle functions.
  const query = sql.unsafe(text).simple() as unknown as QueryInternals;
  const writable = Promise.withResolvers<Writable>();
  const result = Promise.withResolvers<{ count: number }>();
  let open = false;
  query.resolve = (value) => {
    if (open) return result.resolve(value as { count: number });
    open = true;
    writable.resolve(value as Writable);
  };
  query.reject = (error) => {
    writable.reject(error);
    result.reject(error);
  };
  query.execute();
  return { writable: writable.promise, result: result.promise };
}

async function writeAll(stream: Writable, parts: readonly Tuples[]): Promise<void> {
  stream.write(header);
  for (const { bytes } of parts) {
    for (let start = 0; start < bytes.length; start += chunkBytesMax) {
      if (!stream.write(bytes.subarray(start, start + chunkBytesMax))) await drained(stream);
    }
  }
  stream.write(trailer);
}

function drained(stream: Writable): Promise<void> {
  if (stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}
