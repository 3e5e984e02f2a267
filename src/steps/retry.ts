/**
 * Step "retry": a finished run with rejected documents is started again. They are read from the source anew, and so are the documents
 * whose references named them; everything that was written of these goes, and they are loaded as if for the first time.
 */
import { forgetCopies } from '../archive/archive.ts';
import { sourceIdOf } from '../bson/source-id.ts';
import { elementsOf } from '../bson/walk.ts';
import { type CollectionSpec, collections } from '../catalog/index.ts';
import { collectionConverter } from '../convert/collection.ts';
import type { EncodedBatch } from '../convert/encoded-batch.ts';
import { invariant } from '../failure.ts';
import { ContentHash } from '../source/content-hash.ts';
import { freeLarge } from '../source/garbage.ts';
import type { RawDocument, Source } from '../source/source.ts';
import { enterStep, type Run, reopen } from '../state/run.ts';
import { quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { suspend } from '../target/suspended.ts';
import { checkAsLeft } from './as-left.ts';
import type { LoadJob } from './load/job.ts';
import { copiesOf, writeTaken } from './load/write.ts';

/** One transaction's documents. */
const documentsMax = 500;
const bytesMax = 8 * 1024 * 1024;

/**
 * Puts up what is to be retried and takes keys and indexes down again, in one transaction. Returns how many documents; 0 where none
 * was rejected: then nothing has changed. Refused where somebody has worked with the tables since.
 */
export async function beginRetry(session: Session, run: Run): Promise<number> {
  return await session.transaction(async () => {
    const rejected = await session.execute(
      'insert into nextcrm_migration.retry select distinct collection, source_id from nextcrm_migration.reject',
    );
    if (rejected === 0) return 0;
    await checkAsLeft(session, run);
    // The forms in which a reference names the rejected document; a DBRef may name any.
    const referring = await session.execute(`
      insert into nextcrm_migration.retry
      select distinct c.collection, c.source_id from nextcrm_migration.change c
      where c.code in ('DANGLING_REFERENCE', 'LINK_DANGLING', 'UNCONVERTIBLE', 'ARRAY_ELEMENT_DROPPED', 'TASK_REDIRECTED')
        and (c.original like '{"$ref"%' or c.original like '{"$dbPointer"%' or exists (
          select from nextcrm_migration.reject r
          where c.original in ('{"$oid":"' || r.source_id || '"}', '"' || r.source_id || '"', r.source_id)))
        and not exists (select from nextcrm_migration.retry t where (t.collection, t.source_id) = (c.collection, c.source_id))`);
    await session.script('truncate nextcrm_migration.suspended');
    await suspend(session);
    await reopen(session);
    return rejected + referring;
  });
}

export async function retry(job: LoadJob): Promise<void> {
  const specs = new Map(collections.map((spec) => [spec.collection, spec]));
  const rows = await job.session.query<{ collection: string }>(
    'select distinct collection from nextcrm_migration.retry order by 1',
  );
  for (const { collection } of rows) {
    const spec = specs.get(collection);
    invariant(spec !== undefined, `a document of the unknown collection ${collection} was rejected`);
    await retryCollection(job, spec);
  }
  await enterStep(job.session, 'resolve');
}

async function retryCollection(job: LoadJob, spec: CollectionSpec): Promise<void> {
  const { session, source, progress, signal } = job;
  const ids = await session.query<{ source_id: string }>(
    'select source_id from nextcrm_migration.retry where collection = $1 order by source_id collate "C"',
    [spec.collection],
  );
  const twins = await session.query<{ source_id: string }>(
    `select distinct source_id from nextcrm_migration.reject where collection = $1 and code = 'DUPLICATE_ID'`,
    [spec.collection],
  );
  const together = new Set(twins.map(({ source_id }) => source_id));
  progress.begin(spec.collection, ids.length, 0);
  for (let start = 0; start < ids.length; start += documentsMax) {
    signal.throwIfAborted();
    const sourceIds = new Set(ids.slice(start, start + documentsMax).map(({ source_id }) => source_id));
    for await (const [done, documents] of retryParts(source, spec.collection, sourceIds, together)) {
      await retryDocuments(job, spec, done, documents);
      freeLarge(documents.reduce((sum, { length }) => sum + length, 0));
    }
    progress.advance(spec.collection, Math.min(start + documentsMax, ids.length));
  }
  progress.end(spec.collection);
}

/**
 * The documents as the source has them now, in parts of bounded size, each with the source ids that are through with it; the last part
 * has those that are not found any more. Documents with one `_id` (`together`: only a damaged dump has any) come in one part, the last.
 */
async function* retryParts(
  source: Source,
  collection: string,
  sourceIds: ReadonlySet<string>,
  together: ReadonlySet<string>,
): AsyncGenerator<readonly [ReadonlySet<string>, readonly RawDocument[]]> {
  const left = new Set(sourceIds);
  const last: RawDocument[] = [];
  let part = new Map<string, RawDocument>();
  let bytes = 0;
  for await (const document of source.find(collection, sourceIds)) {
    const sourceId = sourceIdOf(document);
    if (together.has(sourceId)) last.push(document.slice());
    // A second one that was not there before: validation finds it.
    else if (left.delete(sourceId)) {
      part.set(sourceId, document.slice());
      bytes += document.length;
    }
    if (bytes < bytesMax) continue;
    yield [new Set(part.keys()), [...part.values()]];
    part = new Map();
    bytes = 0;
  }
  yield [new Set([...part.keys(), ...left]), [...part.values(), ...last]];
}

async function retryDocuments(
  { session, run }: LoadJob,
  spec: CollectionSpec,
  sourceIds: ReadonlySet<string>,
  documents: readonly RawDocument[],
): Promise<void> {
  const { collection } = spec;
  const list = JSON.stringify([...sourceIds]);
  const newConverter = () => collectionConverter(spec, { startedAt: run.startedAt });
  const place = { collection, known: true };
  await writeTaken(session, place, documents, newConverter()(documents), newConverter, {
    write: (parts) =>
      session.transaction(async () => {
        await forget(session, collection, list);
        for (const copy of copiesOf(place, parts)) await session.copyIn(copy);
        await recount(session, collection, list, documents, parts);
      }),
    begin: async () => {
      await session.script('begin');
      await forget(session, collection, list);
    },
  });
}

const among = '(select jsonb_array_elements_text($2::text::jsonb))';

/** The code of the old records while the new ones are being written; it never outlives the transaction. */
const retried = 'retried';

/** Takes out all that was written of the documents, but for the records of their rejection, which the count still needs. */
async function forget(session: Session, collection: string, list: string): Promise<void> {
  await session.execute(
    `delete from public.${quoted(collection)} t using nextcrm_migration.id_map m
     where m.collection = $1 and m.source_id in ${among} and t.id = m.id`,
    [collection, list],
  );
  await forgetCopies(session, collection, list);
  for (const table of ['change', 'leftover', 'id_map']) {
    await session.execute(`delete from nextcrm_migration.${table} where collection = $1 and source_id in ${among}`, [
      collection,
      list,
    ]);
  }
  await session.execute(
    `update nextcrm_migration.reject set code = '${retried}' where collection = $1 and source_id in ${among}`,
    [collection, list],
  );
}

/**
 * The progress row as if the documents had been as they are now from the beginning: a rejected one may have been mended, or be gone.
 * One that was loaded before counts as unchanged: where it is not, the content hash tells.
 */
async function recount(
  session: Session,
  collection: string,
  list: string,
  documents: readonly RawDocument[],
  parts: readonly EncodedBatch[],
): Promise<void> {
  const old = await session.query<{ source_id: string; bson: Buffer }>(
    `delete from nextcrm_migration.reject where collection = $1 and code = '${retried}' and source_id in ${among} returning source_id, bson`,
    [collection, list],
  );
  const [row] = await session.query<{ content_hash: string; bytes: string }>(
    'select content_hash, bytes from nextcrm_migration.progress where collection = $1',
    [collection],
  );
  invariant(row !== undefined, `${collection} has rejected documents and no progress`);
  const rejected = new Set(old.map(({ source_id }) => source_id));
  const mended = documents.filter((document) => rejected.has(sourceIdOf(document)));
  const hash = ContentHash.from(row.content_hash);
  for (const { bson } of old) hash.subtract(bson);
  for (const document of mended) hash.add(document);
  const bytes = (some: readonly Uint8Array[]) => some.reduce((sum, { length }) => sum + length, 0);
  const fieldsBefore = documents
    .filter((document) => !mended.includes(document))
    .reduce((sum, document) => sum + fieldsOf(document), 0);
  const fieldsNow = parts.reduce((sum, { fields }) => sum + fields, 0);
  const loadedNow = parts.reduce((sum, { loaded }) => sum + loaded, 0);
  await session.execute(
    `update nextcrm_migration.progress set content_hash = $2, bytes = bytes + $3, read = read + $4, loaded = loaded + $5, fields = fields + $6
     where collection = $1`,
    [
      collection,
      hash.hex(),
      bytes(mended) - bytes(old.map(({ bson }) => bson)),
      mended.length - old.length,
      loadedNow - (documents.length - mended.length),
      fieldsNow - fieldsBefore,
    ],
  );
  await session.execute(`delete from nextcrm_migration.retry where collection = $1 and source_id in ${among}`, [
    collection,
    list,
  ]);
}

function fieldsOf(document: RawDocument): number {
  return [...elementsOf(document)].length;
}
