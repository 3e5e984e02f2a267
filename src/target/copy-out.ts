/** `COPY … TO STDOUT (FORMAT binary)` through postgres.js. */
import type { Readable } from 'node:stream';
import type { ReservedSql } from 'postgres';

/** Streams the server's bytes. To be read to its end: a session whose COPY was left in the middle is of no use any more. */
export async function* copyOut(sql: ReservedSql, query: string): AsyncGenerator<Uint8Array> {
  const stream: Readable = await sql.unsafe(`copy (${query}) to stdout (format binary)`).readable();
  // An error may come before the first read looks for it; the read throws it then.
  stream.on('error', () => undefined);
  yield* stream;
  // postgres.js 3.4.9 pauses its socket when a reader is slow and resumes it when the stream asks for more. A stream that has got
  // its last byte never asks again, so that the server's "ready" would stay unread and the next query wait for ever.
  stream._read(0);
}
