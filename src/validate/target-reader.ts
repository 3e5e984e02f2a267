/** The target as validation sees it: something that answers questions. It never writes, not even temporary tables. */
export interface TargetReader {
  /** The rows as the driver gives them; int8 and numeric as text. */
  query(text: string, parameters?: readonly (string | null)[]): Promise<readonly TargetRow[]>;
  /** The chunks of `COPY (query) TO STDOUT (FORMAT binary)`. */
  copyOut(query: string): AsyncIterable<Uint8Array>;
}

export type TargetRow = { readonly [column: string]: unknown };

/**
 * A list as one parameter, to be cast and taken apart: `in (select unnest($1::text::text[]))`. Drivers disagree on how they send arrays;
 * `= any(…)` of a parameter that is cast would parse the whole list again for each row of a scan.
 */
export function arrayLiteral(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** One question after the other: the target is one connection, and a COPY must be read to its end before the next. */
export function inTurn(target: TargetReader): TargetReader {
  let last: Promise<unknown> = Promise.resolve();
  const take = async (): Promise<() => void> => {
    const former = last;
    const turn = Promise.withResolvers<void>();
    last = turn.promise;
    await former;
    return turn.resolve;
  };
  return {
    async query(text, parameters) {
      const release = await take();
      try {
        return await target.query(text, parameters ?? []);
      } finally {
        release();
      }
    },
    async *copyOut(query) {
      const release = await take();
      try {
        yield* target.copyOut(query);
      } finally {
        release();
      }
    },
  };
}
