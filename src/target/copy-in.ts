/** `COPY … FROM STDIN (FORMAT binary)` through postgres.js: the only place where rows are written in bulk. */
import type { Writable } from 'node:stream';
import type { ReservedSql } from 'postgres';
import { invariant } from '../failure.ts';
import { startCopy } from './copy-query.ts';

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

/**
 * Writes all tuples into `table` (with a column list where needed) and resolves once the server has confirmed their number.
 * Rejects with the server's error whenever it comes, also after the last byte.
 */
export async function copyIn(sql: ReservedSql, table: string, parts: readonly Tuples[]): Promise<void> {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  if (rows === 0) return;
  const copy = startCopy<Writable>(sql, `copy ${table} from stdin (format binary)`);
  const stream = await copy.stream;
  await Promise.race([writeAll(stream, parts), copy.result]);
  stream.end();
  const { count } = await copy.result;
  invariant(count === rows, `COPY into ${table} reports ${count} rows, ${rows} were sent`);
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
