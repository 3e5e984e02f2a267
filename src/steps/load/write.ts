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
  try {
    return await commitBatch(session, state, batch, [batch.encoded], stopwatch.lap());
  } catch (error) {
    if (!(error instanceof ServerRefusal)) throw error;
    return await commitBatch(session, state, batch, await acceptable(session, state, batch, newConverter()), stopwatch.lap());
  }
}

async function commitBatch(
  session: Session,
  state: CollectionProgress,
  batch: PreparedBatch,
  parts: readonly EncodedBatch[],
  seconds: number,
): Promise<CollectionProgress> {
  const added = {
    read: batch.source.documents.length,
    loaded: sum(parts, (part) => part.loaded),
    malformed: sum(parts, (part) => part.malformed.length),
    fields: sum(parts, (part) => part.fields),
    bytes: batch.bytes,
    seconds,
  };
  const position = batch.source.position;
  await session.transaction(
    async () => {
      await claimBatch(session, {
        collection: state.collection,
        batch: state.batch,
        position,
        contentHash: batch.contentHash,
        ...added,
      });
      await copyParts(session, state, parts);
      await writeDamage(session, state.collection, batch);
    },
    { durable: false },
  );
  return {
    ...state,
    batch: state.batch + 1,
    position,
    contentHash: batch.contentHash,
    read: state.read + added.read,
    loaded: state.loaded + added.loaded,
    malformed: state.malformed + added.malformed,
    fields: state.fields + added.fields,
    bytes: state.bytes + added.bytes,
    seconds: state.seconds + added.seconds,
  };
}

const ledger = [
  ['links', 'nextcrm_migration.link (collection, field, id, partner, original)'],
  ['changes', 'nextcrm_migration.change (collection, source_id, field, code, original)'],
  ['leftovers', 'nextcrm_migration.leftover (collection, source_id, field, value)'],
  ['rejects', 'nextcrm_migration.reject (collection, source_id, code, field, document, bson, reason)'],
  ['ids', 'nextcrm_migration.id_map (collection, source_id, id)'],
  ['lookups', 'nextcrm_migration.lookup (collection, id, field, original, taken, hashed)'],
] as const satisfies readonly (readonly [keyof EncodedBatch, string])[];

async function copyParts(
  session: Session,
  { collection, known }: CollectionProgress,
  parts: readonly EncodedBatch[],
): Promise<void> {
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
  state: CollectionProgress,
  batch: PreparedBatch,
  convert: Converter,
): Promise<EncodedBatch[]> {
  const taken: RawDocument[] = [];
  const rejects: EncodedBatch[] = [];
  const trial = async (documents: readonly RawDocument[]): Promise<void> => {
    await session.script('savepoint trial');
    try {
      await copyParts(session, state, [convert(documents)]);
      await session.script('release savepoint trial');
      taken.push(...documents);
    } catch (error) {
      if (!(error instanceof ServerRefusal)) throw error;
      await session.script('rollback to savepoint trial');
      const [only] = documents;
      if (documents.length === 1 && only !== undefined) {
        rejects.push(refused(state.collection, only, error));
        return;
      }
      const middle = documents.length >> 1;
      await trial(documents.slice(0, middle));
      await trial(documents.slice(middle));
    }
  };
  await session.script('begin');
  try {
    await trial(batch.source.documents);
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
