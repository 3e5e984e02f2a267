/**
 * Step "retry": a finished run with rejected documents is started again. They are read from the source again, and so are the documents
 * whose references named them; everything that was written of these goes, and they are loaded as if for the first time.
 */
import { sourceIdOf } from '../bson/source-id.ts';
import { type Catalog, specOf, tableNamesOf } from '../catalog/index.ts';
import { invariant } from '../failure.ts';
import { keepCorrections, takeCorrections } from '../ledger/corrections.ts';
import { forgetLoaded, forgetRejected } from '../ledger/forget.ts';
import type { Place } from '../ledger/place.ts';
import { checkSnapshot } from '../preconditions/unmodified.ts';
import { stateSchema } from '../schema-name.ts';
import type { RawDocument } from '../source/source.ts';
import { readProgress, recountProgress } from '../state/progress-rows.ts';
import type { Run } from '../state/run.ts';
import { completeStep, retryRun } from '../state/transitions.ts';
import type { Session } from '../target/session.ts';
import { suspend } from '../target/suspended.ts';
import { loadAgain } from './load/again.ts';
import type { LoadJob } from './load/job.ts';
import { unmerge } from './resolve/merged.ts';
import { RetryAccount } from './retry-account.ts';

/**
 * Lists what is to be retried, drops keys and indexes for it again and moves the run, in one transaction. Null where no document was
 * rejected: then nothing has changed. Refused where the tables were modified since.
 */
export async function beginRetry(session: Session, catalog: Catalog, run: Run): Promise<Run | null> {
  return await session.transaction(async () => {
    const rejected = await session.execute(
      `insert into ${stateSchema}.retry select distinct collection, source_id from ${stateSchema}.reject`,
    );
    if (rejected === 0) return null;
    await checkSnapshot(session, catalog, run);
    // The forms in which a reference names the rejected document; a DBRef may name any.
    await session.execute(`
      insert into ${stateSchema}.retry
      select distinct c.collection, c.source_id from ${stateSchema}.change c
      where c.code in ('DANGLING_REFERENCE', 'LINK_DANGLING', 'UNCONVERTIBLE', 'ARRAY_ELEMENT_DROPPED', 'TASK_REDIRECTED')
        and (c.original like '{"$ref"%' or c.original like '{"$dbPointer"%' or c.original like '[%' or exists (
          select from ${stateSchema}.reject r
          where c.original in ('{"$oid":"' || r.source_id || '"}', '"' || r.source_id || '"', r.source_id)))
        and not exists (select from ${stateSchema}.retry t where (t.collection, t.source_id) = (c.collection, c.source_id))`);
    await unmerge(session, catalog);
    await session.script(`truncate ${stateSchema}.suspended`);
    await suspend(session, tableNamesOf(catalog));
    return await retryRun(session, run);
  });
}

/** As many ids as are read by one pass over a dump, in one transaction. */
const idsMax = 50_000;

export async function retry(job: LoadJob): Promise<void> {
  const { session, progress } = job;
  const rows = await session.query<{ collection: string; n: string }>(
    `select collection, count(*) as n from ${stateSchema}.retry group by 1 order by 1`,
  );
  for (const { collection, n } of rows) {
    progress.begin(collection, Number(n), 0);
    const place = { collection, spec: specOf(job.catalog, collection) ?? null };
    for (let done = 0; done < Number(n); ) {
      job.signal.throwIfAborted();
      done += await session.transaction(() => retrySome(job, place));
      progress.advance(collection, done);
    }
    progress.end(collection);
  }
  await completeStep(session, 'retry');
}

/** Forgets documents and loads them as the source has them now. Returns how many ids are done. */
async function retrySome({ session, catalog, source, run, signal }: LoadJob, place: Place): Promise<number> {
  const { collection } = place;
  const chosen = await session.query<{ source_id: string }>(
    `delete from ${stateSchema}.retry where ctid in (
       select ctid from ${stateSchema}.retry where collection = $1 order by source_id collate "C" limit $2) returning source_id`,
    [collection, idsMax],
  );
  const sourceIds = chosen.map(({ source_id }) => source_id);
  const before = (await readProgress(session)).find((row) => row.collection === collection);
  invariant(before !== undefined, `${collection} has rejected documents and no progress`);
  const corrections = await takeCorrections(session, place, sourceIds, source.kind);
  const account = new RetryAccount(before.contentHash, await forgetLoaded(session, catalog.releases, place, sourceIds));
  for await (const { sourceId, bson } of forgetRejected(session, place, sourceIds)) account.forget(sourceId, bson);
  async function* found(): AsyncGenerator<RawDocument> {
    for await (const document of source.find(collection, new Set(sourceIds))) {
      signal.throwIfAborted();
      account.find(sourceIdOf(document), document);
      yield document;
    }
  }
  const fields = await loadAgain({ session, place, startedAt: run.startedAt, corrections }, found());
  await keepCorrections(session, place, corrections);
  const { contentHash, bytes, fieldsBefore } = account.settled();
  await recountProgress(
    session,
    { collection, known: place.spec !== null },
    { fields: fields - fieldsBefore, bytes, contentHash },
  );
  return sourceIds.length;
}
