/** One batch, one transaction: rows, links, ledger and the progress row, or nothing of it. */
import { collections } from '../../catalog/index.ts';
import type { Converter } from '../../convert/converter.ts';
import type { CopyData, EncodedBatch } from '../../convert/encoded-batch.ts';
import { encodeReject } from '../../convert/reject.ts';
import type { RawDocument } from '../../source/source.ts';
import { type CollectionProgress, claimStatement } from '../../state/progress-rows.ts';
import type { Copy } from '../../target/copy-in.ts';
import { ServerRefusal } from '../../target/errors.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';
import type { PreparedBatch } from './prepared.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Writes the batch after `state` and returns the state after it. */
export async function writeBatch(
  session: Session,
  state: CollectionProgress,
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
  const parts = await writeTaken(session, state, batch.source.documents, batch.encoded, newConverter, {
    write: (taken) => session.copyInTransaction(copiesOf(state, taken), begin(taken), damageStatements(collection, batch)),
    begin: () => session.script(['begin', ...begin([])].join('; ')),
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

/** How the documents of a batch are written, with what belongs into their transaction beside them. */
export interface BatchWriter {
  /** In one transaction, all or nothing. */
  write(parts: readonly EncodedBatch[]): Promise<void>;
  /** Begins such a transaction, for documents that are to be tried in it. */
  begin(): Promise<void>;
}

/** Writes documents in one transaction: as they are converted, or, where the server refuses them so, without those at fault. */
export async function writeTaken(
  session: Session,
  place: Place,
  documents: Iterable<RawDocument>,
  encoded: EncodedBatch,
  newConverter: () => Converter,
  writer: BatchWriter,
): Promise<readonly EncodedBatch[]> {
  try {
    await writer.write([encoded]);
    return [encoded];
  } catch (error) {
    if (!(error instanceof ServerRefusal)) throw error;
    const parts = await acceptable(session, place, [...documents], newConverter(), writer);
    await writer.write(parts);
    return parts;
  }
}

type Place = Pick<CollectionProgress, 'collection' | 'known'>;

const ledger = [
  ['links', 'nextcrm_migration.link (collection, field, id, partner, original)'],
  ['changes', 'nextcrm_migration.change (collection, source_id, field, code, original)'],
  ['leftovers', 'nextcrm_migration.leftover (collection, source_id, field, value)'],
  ['rejects', 'nextcrm_migration.reject (collection, source_id, code, field, document, bson, reason)'],
  ['ids', 'nextcrm_migration.id_map (collection, source_id, id)'],
  ['lookups', 'nextcrm_migration.lookup (collection, id, field, original, taken, hashed)'],
] as const satisfies readonly (readonly [keyof EncodedBatch, string])[];

/** Of known collections the rows come last: whoever waits for their commit waits for nothing else. */
export function copiesOf({ collection, known }: Place, parts: readonly EncodedBatch[]): readonly Copy[] {
  const records = ledger.map(([stream, table]) => ({ table, parts: pick(parts, stream) }));
  return known ? [...records, { table: tableOf(collection), parts: pick(parts, 'rows') }] : records;
}

function pick(parts: readonly EncodedBatch[], stream: 'rows' | (typeof ledger)[number][0]): CopyData[] {
  return parts.map((part) => part[stream]).filter(({ rows }) => rows > 0);
}

function tableOf(collection: string): string {
  const spec = collections.find((candidate) => candidate.collection === collection);
  return `public.${quoted(collection)} (${['id', ...Object.keys(spec?.columns ?? {})].map(quoted).join(', ')})`;
}

function damageStatements(collection: string, { source, encoded }: PreparedBatch): string[] {
  const malformed = encoded.malformed.map(({ index, reason }) => ({ ...source.place(index), reason }));
  return [...source.damage, ...malformed].map(
    ({ file, offset, reason }) =>
      `insert into nextcrm_migration.damage (collection, file, byte_offset, reason) values (${literal(collection)}, ${literal(file)}, ${offset}, ${literal(reason)})`,
  );
}

/**
 * The same documents in parts that the server takes: found by bisection inside a transaction that is rolled back,
 * a document that is refused by itself becomes a reject. The converter is not the one that prepares the next batch meanwhile.
 */
async function acceptable(
  session: Session,
  place: Place,
  documents: readonly RawDocument[],
  convert: Converter,
  writer: BatchWriter,
): Promise<EncodedBatch[]> {
  const taken: RawDocument[] = [];
  const rejects: EncodedBatch[] = [];
  const trial = async (some: readonly RawDocument[]): Promise<void> => {
    await session.script('savepoint trial');
    try {
      for (const copy of copiesOf(place, [convert(some)])) await session.copyIn(copy);
      await session.script('release savepoint trial');
      taken.push(...some);
    } catch (error) {
      if (!(error instanceof ServerRefusal)) throw error;
      await session.script('rollback to savepoint trial');
      const [only] = some;
      if (some.length === 1 && only !== undefined) {
        rejects.push(refused(place.collection, only, error));
        return;
      }
      const middle = some.length >> 1;
      await trial(some.slice(0, middle));
      await trial(some.slice(middle));
    }
  };
  await writer.begin();
  try {
    await trial(documents);
  } finally {
    // Where the connection is gone, the server has rolled back by itself.
    await session.script('rollback').catch(() => undefined);
  }
  return [convert(taken), ...rejects];
}

function refused(collection: string, document: RawDocument, refusal: ServerRefusal): EncodedBatch {
  const duplicate = refusal.sqlState === '23505' && refusal.constraint === `${collection}_pkey`;
  const rejects = encodeReject({
    collection,
    document,
    code: duplicate ? 'DUPLICATE_ID' : 'SERVER_REFUSED',
    field: duplicate ? '_id' : refusal.column,
    reason: duplicate ? null : refusal.reason,
  });
  const none: CopyData = { bytes: new Uint8Array(0), rows: 0 };
  return {
    rows: none,
    links: none,
    changes: none,
    leftovers: none,
    rejects,
    ids: none,
    lookups: none,
    malformed: [],
    loaded: 0,
    fields: 0,
  };
}

function sum<T>(parts: readonly T[], of: (part: T) => number): number {
  return parts.reduce((total, part) => total + of(part), 0);
}
