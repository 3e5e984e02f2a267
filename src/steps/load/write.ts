/** One batch, one transaction: rows, links, ledger and the progress row, or nothing of it. */
import { collections } from '../../catalog/index.ts';
import type { Converter } from '../../convert/converter.ts';
import type { CopyData, EncodedBatch } from '../../convert/encoded-batch.ts';
import { encodeReject } from '../../convert/reject.ts';
import type { RawDocument } from '../../source/source.ts';
import { type CollectionProgress, claimBatch } from '../../state/progress-rows.ts';
import { ServerRefusal } from '../../target/errors.ts';
import { quoted } from '../../target/quoted.ts';
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
    bytes: batch.bytes,
    seconds,
  });
  const { collection, batch: number } = state;
  const { contentHash } = batch;
  const parts = await writeTaken(session, state, batch.source.documents, batch.encoded, newConverter, {
    before: (taken) => claimBatch(session, { collection, batch: number, position, contentHash, ...addedBy(taken) }),
    after: () => writeDamage(session, collection, batch),
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

/** What belongs into the transaction of the documents, before and after their rows. */
export interface Around {
  before(parts: readonly EncodedBatch[]): Promise<void>;
  after(parts: readonly EncodedBatch[]): Promise<void>;
}

/** Writes documents in one transaction: as they are converted, or, where the server refuses them so, without those at fault. */
export async function writeTaken(
  session: Session,
  place: Place,
  documents: readonly RawDocument[],
  encoded: EncodedBatch,
  newConverter: () => Converter,
  around: Around,
): Promise<readonly EncodedBatch[]> {
  const write = async (parts: readonly EncodedBatch[]) => {
    await session.transaction(
      async () => {
        await around.before(parts);
        await copyParts(session, place, parts);
        await around.after(parts);
      },
      { durable: false },
    );
    return parts;
  };
  try {
    return await write([encoded]);
  } catch (error) {
    if (!(error instanceof ServerRefusal)) throw error;
    return await write(await acceptable(session, place, documents, newConverter(), around));
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

async function copyParts(session: Session, { collection, known }: Place, parts: readonly EncodedBatch[]): Promise<void> {
  if (known) await session.copyIn(tableOf(collection), pick(parts, 'rows'));
  for (const [stream, table] of ledger) await session.copyIn(table, pick(parts, stream));
}

function pick(parts: readonly EncodedBatch[], stream: 'rows' | (typeof ledger)[number][0]): CopyData[] {
  return parts.map((part) => part[stream]).filter(({ rows }) => rows > 0);
}

function tableOf(collection: string): string {
  const spec = collections.find((candidate) => candidate.collection === collection);
  return `public.${quoted(collection)} (${['id', ...Object.keys(spec?.columns ?? {})].map(quoted).join(', ')})`;
}

async function writeDamage(session: Session, collection: string, { source, encoded }: PreparedBatch): Promise<void> {
  const malformed = encoded.malformed.map(({ index, reason }) => ({ ...source.place(index), reason }));
  for (const { file, offset, reason } of [...source.damage, ...malformed]) {
    await session.execute(
      'insert into nextcrm_migration.damage (collection, file, byte_offset, reason) values ($1, $2, $3, $4)',
      [collection, file, offset, reason],
    );
  }
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
  around: Around,
): Promise<EncodedBatch[]> {
  const taken: RawDocument[] = [];
  const rejects: EncodedBatch[] = [];
  const trial = async (some: readonly RawDocument[]): Promise<void> => {
    await session.script('savepoint trial');
    try {
      await copyParts(session, place, [convert(some)]);
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
  await session.script('begin');
  try {
    await around.before([]);
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
