/** The progress rows: per collection, the position in the source and what has been counted, written with each batch. */
import { countLoaded, countRejected } from '../ledger/counts.ts';
import { stateSchema } from '../schema-name.ts';
import type { SourceCollection } from '../source/source.ts';
import { literal } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

export interface CollectionProgress {
  readonly collection: string;
  /** False for a collection without a table: kept whole as leftovers. */
  readonly known: boolean;
  readonly sourceUuid: string | null;
  readonly documentsExpected: number | null;
  readonly bytesExpected: number | null;
  readonly batch: number;
  readonly position: string | null;
  readonly done: boolean;
  readonly read: number;
  readonly loaded: number;
  readonly malformed: number;
  readonly fields: number;
  readonly bytes: number;
  readonly contentHash: string;
  readonly seconds: number;
}

interface ProgressRow extends Record<string, unknown> {
  collection: string;
  known: boolean;
  source_uuid: string | null;
  documents_expected: string | null;
  bytes_expected: string | null;
  batch: string;
  position: string | null;
  done: boolean;
  read: string;
  loaded: string;
  malformed: string;
  fields: string;
  bytes: string;
  content_hash: string;
  seconds: number;
}

export async function readProgress(session: Session): Promise<readonly CollectionProgress[]> {
  const rows = await session.query<ProgressRow>(
    `select * from ${stateSchema}.progress order by not known, collection collate "C"`,
  );
  return rows.map((row) => ({
    collection: row.collection,
    known: row.known,
    sourceUuid: row.source_uuid,
    documentsExpected: row.documents_expected === null ? null : Number(row.documents_expected),
    bytesExpected: row.bytes_expected === null ? null : Number(row.bytes_expected),
    batch: Number(row.batch),
    position: row.position,
    done: row.done,
    read: Number(row.read),
    loaded: Number(row.loaded),
    malformed: Number(row.malformed),
    fields: Number(row.fields),
    bytes: Number(row.bytes),
    contentHash: row.content_hash,
    seconds: row.seconds,
  }));
}

/** Notes a collection that is to be copied; a resumed run finds it there and leaves it. */
export async function planCollection(session: Session, collection: SourceCollection, known: boolean): Promise<void> {
  await session.execute(
    `insert into ${stateSchema}.progress (collection, known, source_uuid, documents_expected, bytes_expected)
     values ($1, $2, $3, $4, $5) on conflict (collection) do nothing`,
    [collection.name, known, collection.uuid, collection.documents, collection.bytes],
  );
}

/** What one batch adds; `batch` is the number that the row must still have. */
export interface BatchProgress {
  readonly collection: string;
  readonly batch: number;
  readonly position: string;
  readonly read: number;
  readonly loaded: number;
  readonly malformed: number;
  readonly fields: number;
  readonly bytes: number;
  /** The new total, not an addition. */
  readonly contentHash: string;
  readonly seconds: number;
}

/** The statement that begins a batch's transaction; the server refuses it where another session has written this batch. */
export function claimStatement(batch: BatchProgress): string {
  const { collection, position, contentHash, read, loaded, malformed, fields, bytes, seconds } = batch;
  const counts = [read, loaded, malformed, fields, bytes].join(', ');
  return `call ${stateSchema}.claim_batch(${literal(collection)}, ${batch.batch}, ${literal(position)}, ${counts}, ${literal(contentHash)}, ${seconds})`;
}

export async function finishCollection(session: Session, collection: string, seconds: number): Promise<void> {
  await session.execute(`update ${stateSchema}.progress set done = true, seconds = seconds + $2 where collection = $1`, [
    collection,
    seconds,
  ]);
}

/** What was loaded again of a collection changes in its row beside what the server counts. */
export interface Recounted {
  readonly fields: number;
  readonly bytes: number;
  /** The new total. */
  readonly contentHash: string;
}

/** The row as it is after documents were loaded again: rows and rejected documents by the server's own count. */
export async function recountProgress(
  session: Session,
  place: { readonly collection: string; readonly known: boolean },
  { fields, bytes, contentHash }: Recounted,
): Promise<void> {
  const loaded = await countLoaded(session, place);
  const rejected = await countRejected(session, place.collection);
  await session.execute(
    `update ${stateSchema}.progress
     set loaded = $2, read = $2::bigint + $3::bigint + malformed, fields = fields + $4, bytes = bytes + $5, content_hash = $6
     where collection = $1`,
    [place.collection, loaded, rejected, fields, bytes, contentHash],
  );
}
