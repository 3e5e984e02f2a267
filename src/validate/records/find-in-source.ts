/** Which documents of a collection the source has, by their ids or what else `keyOf` makes of them. A damaged dump may hold a document twice. */
import type { Context } from '../context.ts';
import { type SourceDocument, takenApart } from './documents.ts';
import { layoutOf } from './layout.ts';

export async function findInSource(
  { source, signal }: Pick<Context, 'source' | 'signal'>,
  collection: string,
  sourceIds: ReadonlySet<string>,
  keyOf: (document: SourceDocument) => string = ({ sourceId }) => sourceId,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (!(await source.collections()).some(({ name }) => name === collection)) return found;
  const layout = layoutOf(collection, null);
  for await (const document of source.find(collection, sourceIds)) {
    signal.throwIfAborted();
    const one = takenApart(document, layout);
    if (one !== null) found.add(keyOf(one));
  }
  return found;
}
