/** One batch, one transaction: rows, links, ledger and the progress row, or nothing of it. */
import { sourceIdOf } from '../../bson/source-id.ts';
import type { Converter } from '../../convert/converter.ts';
import type { Corrections } from '../../convert/corrections.ts';
import type { EncodedBatch } from '../../convert/encoded-batch.ts';
import { ledgerCopies } from '../../ledger/copies.ts';
import { columnsOf, type Place } from '../../ledger/place.ts';
import { stateSchema } from '../../schema-name.ts';
import type { RawDocument } from '../../source/source.ts';
import { type CollectionProgress, claimStatement } from '../../state/progress-rows.ts';
import type { Copy } from '../../target/copy-in.ts';
import { ServerRefusal } from '../../target/errors.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';
import type { PreparedBatch } from './prepared.ts';
import { withoutRefused } from './refused.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Writes the batch after `state` and returns the state after it. */
export async function writeBatch(
  session: Session,
  state: CollectionProgress,
  place: Place,
  batch: PreparedBatch,
  stopwatch: Stopwatch,
  newConverter: () => Converter,
): Promise<CollectionProgress> {
  const position = batch.source.position;
  const seconds = stopwatch.lap();
  const addedBy = (parts: readonly EncodedBatch[]) => ({
    read: batch.source.documents.length,
    loaded: sum(parts, (part) => part.loaded),
    malformed: sum(parts, (part) => part.malformed.length),
    fields: sum(parts, (part) => part.fields),
    bytes: batch.source.documents.bytes,
    seconds,
  });
  const { collection, batch: number } = state;
  const { contentHash } = batch;
  const begin = (parts: readonly EncodedBatch[]) => [
    withoutWaiting,
    claimStatement({ collection, batch: number, position, contentHash, ...addedBy(parts) }),
  ];
  const parts = await writeTaken(session, place, batch.source.documents, batch.encoded, newConverter, {
    write: (taken) =>
      session.copyInTransaction(copiesOf(place, taken), begin(taken), [
        ...damageStatements(collection, batch),
        ...formerStatements(collection, batch),
      ]),
    begin: () => session.script(['begin', ...begin([])].join('; ')),
    rollBack: () => session.script('rollback'),
  });
  const added = addedBy(parts);
  return {
    ...state,
    batch: number + 1,
    position,
    contentHash,
    read: state.read + added.read,
    loaded: state.loaded + added.loaded,
    malformed: state.malformed + added.malformed,
    fields: state.fields + added.fields,
    bytes: state.bytes + added.bytes,
    seconds: state.seconds + added.seconds,
  };
}

/** What a crash of the server takes back with the checkpoint in it need not be on its disk at once. */
const withoutWaiting = 'set local synchronous_commit = off';

/** How documents are written, with what belongs into their transaction beside them. */
export interface BatchWriter {
  /** All or nothing. */
  write(parts: readonly EncodedBatch[]): Promise<void>;
  /** Begins the same, for documents that are to be tried. */
  begin(): Promise<void>;
  /** Takes back all since then. */
  rollBack(): Promise<void>;
}

/** Writes documents as they are converted, or, where the server refuses them so, without those at fault. */
export async function writeTaken(
  session: Session,
  place: Place,
  documents: Iterable<RawDocument>,
  encoded: EncodedBatch,
  newConverter: () => Converter,
  writer: BatchWriter,
  corrections: Corrections | null = null,
): Promise<readonly EncodedBatch[]> {
  try {
    await writer.write([encoded]);
    return [encoded];
  } catch (error) {
    if (!(error instanceof ServerRefusal)) throw error;
  }
  await writer.begin();
  let parts: readonly EncodedBatch[];
  try {
    parts = await withoutRefused(session, { place, convert: newConverter(), corrections }, [...documents]);
  } finally {
    // Where the connection is gone, the server has rolled back by itself.
    await writer.rollBack().catch(() => undefined);
  }
  await writer.write(parts);
  return parts;
}

/** Of known collections the rows come last: whoever waits for their commit waits for nothing else. */
export function copiesOf({ spec }: Place, parts: readonly EncodedBatch[]): readonly Copy[] {
  const records = ledgerCopies(parts);
  if (spec === null) return records;
  const table = `public.${quoted(spec.collection)} (${columnsOf(spec).map(quoted).join(', ')})`;
  return [...records, { table, parts: parts.map(({ rows }) => rows).filter(({ rows }) => rows > 0) }];
}

function damageStatements(collection: string, { source, encoded }: PreparedBatch): string[] {
  const malformed = encoded.malformed.map(({ index, reason }) => ({ ...source.place(index), reason }));
  return [...source.damage, ...malformed].map(
    ({ file, offset, reason }) =>
      `insert into ${stateSchema}.damage (collection, file, byte_offset, reason) values (${literal(collection)}, ${literal(file)}, ${offset}, ${literal(reason)})`,
  );
}

/** Which documents an older release kept under another name. */
function formerStatements(collection: string, { source: { documents, formerName }, encoded }: PreparedBatch): string[] {
  if (formerName === undefined || documents.length === 0) return [];
  const malformed = new Set(encoded.malformed.map(({ index }) => index));
  const ids = [...documents].map((document, index) => (malformed.has(index) ? 'null' : literal(sourceIdOf(document))));
  return [
    `insert into ${stateSchema}.former (collection, former_name, source_id) select ${literal(collection)}, ${literal(formerName)}, unnest(array[${ids.join(', ')}]::text[])`,
  ];
}

function sum<T>(parts: readonly T[], of: (part: T) => number): number {
  return parts.reduce((total, part) => total + of(part), 0);
}
