/** The load of one collection: source batches, converted, each written in one transaction with its progress row. */
import type { CollectionSpec } from '../../catalog/index.ts';
import { converterOf } from '../../convert/collection.ts';
import { invariant } from '../../failure.ts';
import { countRejected } from '../../ledger/counts.ts';
import { type CollectionProgress, finishCollection } from '../../state/progress-rows.ts';
import type { LoadJob } from './job.ts';
import type { PreparedBatch } from './prepared.ts';
import { Stopwatch } from './stopwatch.ts';
import { writeBatch } from './write.ts';

export async function loadCollection(
  job: LoadJob,
  start: CollectionProgress,
  spec: CollectionSpec | null,
  batches: AsyncIterable<PreparedBatch>,
): Promise<void> {
  const { session, run, progress, signal } = job;
  const name = start.collection;
  const place = { spec, collection: name };
  const newConverter = () => converterOf(name, spec, { startedAt: run.startedAt });
  progress.begin(name, start.documentsExpected, start.read);
  let state = start;
  const stopwatch = new Stopwatch();
  for await (const batch of batches) {
    signal.throwIfAborted();
    state = await writeBatch(session, state, place, batch, stopwatch, newConverter);
    batch.source.release();
    job.committed(state);
    progress.advance(name, state.read, start.bytesExpected === null ? undefined : state.bytes / start.bytesExpected);
  }
  await assertBalance(job, state);
  await finishCollection(session, name, stopwatch.lap());
  progress.end(name);
}

/** read = loaded + rejected + malformed, the rows counted by the server itself. */
async function assertBalance({ session }: LoadJob, state: CollectionProgress): Promise<void> {
  const rejected = await countRejected(session, state.collection);
  const loaded = state.known ? state.loaded : state.read - rejected - state.malformed;
  invariant(
    state.read === loaded + rejected + state.malformed,
    `${state.collection}: ${state.read} documents read, but ${loaded} loaded, ${rejected} rejected, ${state.malformed} unreadable`,
  );
}
