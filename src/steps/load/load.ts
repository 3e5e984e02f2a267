/** Step "load": every collection of the source into its table, batch by batch, each batch one transaction. */
import type { CollectionSpec } from '../../catalog/index.ts';
import { stateSchema } from '../../schema-name.ts';
import { type CollectionProgress, planCollection, readProgress } from '../../state/progress-rows.ts';
import { completeStep } from '../../state/transitions.ts';
import type { Session } from '../../target/session.ts';
import { loadCollection } from './collection.ts';
import type { LoadJob } from './job.ts';
import { BatchQueue, prepareAll } from './prepared.ts';

export async function load(job: LoadJob): Promise<void> {
  const specs = new Map(job.catalog.collections.map((spec) => [spec.collection, spec]));
  await plan(job, specs);
  const states = await readProgress(job.session);
  job.progress.expect(Object.fromEntries(states.map((state) => [state.collection, weightOf(state)])));
  const unfinished = states.filter(({ done }) => !done).map((state) => ({ state, spec: specs.get(state.collection) ?? null }));
  await using batches = new BatchQueue(prepareAll(job, unfinished));
  for (const { state, spec } of unfinished) await loadCollection(job, state, spec, batches.of(state.collection));
  await indexLedger(job.session);
  await completeStep(job.session, 'load');
}

/** For the total progress: bytes where they are known, else documents as if of a common size. */
function weightOf({ bytesExpected, documentsExpected }: CollectionProgress): number {
  return bytesExpected ?? (documentsExpected ?? 0) * 1024;
}

/** A resumed run finds its rows there and leaves them; a collection that is new since then is loaded too. */
async function plan({ session, source }: LoadJob, specs: ReadonlyMap<string, CollectionSpec>): Promise<void> {
  const found = (await source.collections()).filter(({ type }) => type === 'collection');
  await session.transaction(async () => {
    for (const collection of found) await planCollection(session, collection, specs.has(collection.name));
  });
}

/**
 * The look-ups by document that follow; a hash index since an `_id` may be longer than a B-tree takes. Links are read one collection after
 * the other, as they were written: a BRIN index of a few pages tells where each begins.
 */
async function indexLedger(session: Session): Promise<void> {
  await session.script(`
    create index if not exists change_source_id on ${stateSchema}.change using hash (source_id);
    create index if not exists leftover_source_id on ${stateSchema}.leftover using hash (source_id);
    create index if not exists reject_source_id on ${stateSchema}.reject using hash (source_id);
    create index if not exists reject_bson on ${stateSchema}.reject using hash (sha256(bson));
    create index if not exists link_collection on ${stateSchema}.link using brin (collection) with (pages_per_range = 16);
    analyze ${stateSchema}.change, ${stateSchema}.leftover, ${stateSchema}.reject, ${stateSchema}.link, ${stateSchema}.lookup`);
}
