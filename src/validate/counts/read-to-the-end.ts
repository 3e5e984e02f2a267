/** Layer "counts": the reader, which the load and the proof share, gave every document that the source has. */
import type { Context } from '../context.ts';
import type { CollectionTally } from '../records/records.ts';
import { countInFile } from './dump-file.ts';

/** `tallies`: of this collection, and of one of a former name that of the present name too. */
export async function checkReadToTheEnd(
  { source, findings, signal }: Context,
  collection: string,
  tallies: ReadonlyMap<string, Pick<CollectionTally, 'documents' | 'damaged' | 'former'>>,
): Promise<void> {
  const tally = readOf(collection, tallies);
  const apart = await source.countApart(collection);
  if (apart.kind === 'file' && apart.path === null) return;
  const { documents, isWhole } =
    apart.kind === 'documents' ? { ...apart, isWhole: true } : await countInFile(String(apart.path), signal);
  // Of compressed data that are damaged the reader recovers more than a plain count can: what it may not do is to give less, or to say
  // nothing of the damage.
  const difference = isWhole ? documents - tally.documents : Math.max(documents - tally.documents, tally.damaged === 0 ? 1 : 0);
  if (difference !== 0) {
    const content = `counted apart: ${difference}`;
    findings.add('counts', 'COUNT_MISMATCH', { collection, count: Math.abs(difference), content });
  }
}

/** What was read of the collection of this name itself, for whichever collection. */
function readOf(
  collection: string,
  tallies: ReadonlyMap<string, Pick<CollectionTally, 'documents' | 'damaged' | 'former'>>,
): { readonly documents: number; readonly damaged: number } {
  let { documents, damaged } = tallies.get(collection) ?? { documents: 0, damaged: 0 };
  for (const former of tallies.get(collection)?.former.values() ?? []) {
    documents -= former.documents;
    damaged -= former.damaged;
  }
  for (const { former } of tallies.values()) {
    documents += former.get(collection)?.documents ?? 0;
    damaged += former.get(collection)?.damaged ?? 0;
  }
  return { documents, damaged };
}
