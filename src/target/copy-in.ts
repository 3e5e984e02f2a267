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

export interface Copy {
  /** May carry a column list. */
  readonly table: string;
  readonly parts: readonly Tuples[];
}

/**
 * Statements without parameters that go with the COPY in one message, each ending with a semicolon: they cost no round trip.
 * None of those before it may answer with a number of rows: of a text of several statements, postgres.js keeps the first number.
 */
export interface Around {
  readonly before: string;
  readonly after: string;
}

/**
 * Writes all tuples and resolves once the server has confirmed their number, and run the statements behind them.
 * Rejects with the server's error whenever it comes, also after the last byte.
 */
export async function copyIn(
  sql: ReservedSql,
  { table, parts }: Copy,
  { before, after }: Around = { before: '', after: '' },
): Promise<void> {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  if (rows === 0) return;
  const copy = startCopy<Writable>(sql, `${before} copy ${table} from stdin (format binary); ${after}`);
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
