/** A COPY statement of postgres.js whose outcome is heard to the end. */
import type { Readable, Writable } from 'node:stream';
import type { ReservedSql } from 'postgres';

/** What postgres.js keeps on a query beside its public promise (src/query.js of 3.4.9). */
interface QueryInternals {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  execute(): unknown;
}

export interface CopyQuery<S> {
  /** Once the server is ready to send or to take data. */
  readonly stream: Promise<S>;
  /** Once the server is ready for the next query; rejects with its error, whenever it comes. */
  readonly result: Promise<{ readonly count: number }>;
}

/**
 * postgres.js resolves a COPY query with its stream and drops what the server says afterwards
 * (porsager/postgres#1173: an error after the end of the data is lost). So both settle functions of the query are taken over:
 * the first resolution is the stream, the second one the result. Remove when a release contains the fix.
 */
export function startCopy<S extends Readable | Writable>(sql: ReservedSql, text: string): CopyQuery<S> {
  // The cast: PendingQuery's type does not show the settle functions.
  const query = sql.unsafe(text).simple() as unknown as QueryInternals;
  const stream = Promise.withResolvers<S>();
  const result = Promise.withResolvers<{ count: number }>();
  let open = false;
  query.resolve = (value) => {
    if (open) return result.resolve(value as { count: number });
    open = true;
    // The error with which postgres.js destroys the stream also rejects `result`.
    stream.resolve((value as S).on('error', () => undefined) as S);
  };
  query.reject = (error) => {
    stream.reject(error);
    result.reject(error);
  };
  // Both may reject with the same error; whichever is awaited first reports it.
  stream.promise.catch(() => undefined);
  result.promise.catch(() => undefined);
  query.execute();
  return { stream: stream.promise, result: result.promise };
}
