/** `COPY … TO STDOUT (FORMAT binary)` through postgres.js. */
import type { Readable } from 'node:stream';
import type { ReservedSql } from 'postgres';
import { startCopy } from './copy-query.ts';

/** Streams the server's bytes. To be read to its end: a session whose COPY was left in the middle is of no use any more. */
export async function* copyOut(sql: ReservedSql, query: string): AsyncGenerator<Uint8Array> {
  const copy = startCopy<Readable>(sql, `copy (${query}) to stdout (format binary)`);
  const stream = await copy.stream;
  yield* stream;
  // postgres.js 3.4.9 pauses its socket when a reader is slow and resumes it when the stream asks for more. A stream that has got
  // its last byte never asks again, so that the server's "ready" would stay unread and the next query wait for ever.
  stream._read(0);
  await copy.result;
}
