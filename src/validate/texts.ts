/** Rows of text, one after the other: of a damaged table there may be millions, and memory is bounded. */
import { readTuples } from '../target/copy-reader.ts';
import type { TargetReader } from './target-reader.ts';

/** Every column of `query` must be text; it takes no parameters. */
export async function* readTexts(target: TargetReader, query: string): AsyncGenerator<readonly (string | null)[]> {
  for await (const tuple of readTuples(target.copyOut(query))) {
    yield Array.from({ length: tuple.fields }, (_, index) => tuple.value(index)?.toString('utf8') ?? null);
  }
}
