/**
 * The same `_id` more than once, which only a damaged dump can have: the first document that is not rejected for another reason has the
 * row. Where that one is rejected after the load, the next one is loaded in its place.
 */
import { sourceIdOf } from '../../bson/source-id.ts';
import { type Catalog, specOf } from '../../catalog/index.ts';
import { keepCorrections, takeCorrections } from '../../ledger/corrections.ts';
import { collectionsWithFreed, forgetFreed, freedIds, rejectedCopies } from '../../ledger/rejected-copies.ts';
import { stateSchema } from '../../schema-name.ts';
import type { RawDocument } from '../../source/source.ts';
import { readProgress, recountProgress } from '../../state/progress-rows.ts';
import { quoted } from '../../target/quoted.ts';
import { loadAgain } from '../load/again.ts';
import type { RejectJob } from './drain.ts';

interface FreedJob extends RejectJob {
  readonly catalog: Catalog;
}

/** True where any was loaded; the map of ids must hold every row. An `_id` may be equal to another one that is written otherwise (1 and 1.0): then its row is not free. */
export async function loadFreedIds(job: FreedJob): Promise<boolean> {
  let loaded = false;
  for (const collection of await collectionsWithFreed(job.session)) if (await loadFreed(job, collection)) loaded = true;
  return loaded;
}

async function loadFreed({ session, catalog, source, run, progress, signal }: FreedJob, collection: string): Promise<boolean> {
  progress.note(`${collection}: loading documents whose _id was freed by the rejection of another one`);
  const place = { collection, spec: specOf(catalog, collection) ?? null };
  return await session.transaction(async () => {
    const freed = await freedIds(session, collection);
    const corrections = await takeCorrections(session, place, freed, source.kind);
    const sourceIds = new Set(await forgetFreed(session, collection));
    const rejected = await rejectedCopies(session, collection, [...sourceIds]);
    async function* candidates(): AsyncGenerator<RawDocument> {
      for await (const document of source.find(collection, sourceIds)) {
        signal.throwIfAborted();
        if (!rejected.has(sourceIdOf(document), document)) yield document;
      }
    }
    const fields = await loadAgain({ session, place, startedAt: run.startedAt, corrections }, candidates());
    await keepCorrections(session, place, corrections);
    // What refers to this `_id` has a document of its own again.
    await session.execute(
      `delete from ${stateSchema}.merged g where g.collection = $1
         and exists (select from public.${quoted(collection)} t where t.id = g.id)`,
      [collection],
    );
    const row = (await readProgress(session)).find((one) => one.collection === collection);
    await recountProgress(
      session,
      { collection, known: place.spec !== null },
      { fields, bytes: 0, contentHash: row?.contentHash ?? '' },
    );
    return fields > 0;
  });
}
