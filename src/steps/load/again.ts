/** The ordinary load of some documents of a collection, after what was written of them was forgotten. Inside the caller's transaction. */

import { converterOf } from '../../convert/collection.ts';
import type { Corrections } from '../../convert/corrections.ts';
import type { Place } from '../../ledger/place.ts';
import { freeLarge } from '../../source/garbage.ts';
import type { RawDocument } from '../../source/source.ts';
import type { Session } from '../../target/session.ts';
import { copiesOf, writeTaken } from './write.ts';

const batchLimits = { documentsMax: 1_000, bytesMax: 8 * 1024 * 1024 };

export interface LoadAgain {
  readonly session: Session;
  readonly place: Place;
  readonly startedAt: Date;
  /** What people have corrected in the documents. */
  readonly corrections: Corrections | null;
}

/** Loads the documents in their order; returns how many fields those have that were not rejected. */
export async function loadAgain(job: LoadAgain, documents: AsyncIterable<RawDocument>): Promise<number> {
  let fields = 0;
  let batch: RawDocument[] = [];
  let bytes = 0;
  const write = async () => {
    fields += await writeSome(job, batch);
    freeLarge(bytes);
    batch = [];
    bytes = 0;
  };
  for await (const document of documents) {
    batch.push(document.slice());
    bytes += document.length;
    if (batch.length >= batchLimits.documentsMax || bytes >= batchLimits.bytesMax) await write();
  }
  if (batch.length > 0) await write();
  return fields;
}

async function writeSome(
  { session, place, startedAt, corrections }: LoadAgain,
  documents: readonly RawDocument[],
): Promise<number> {
  const newConverter = () =>
    converterOf(place.collection, place.spec, { startedAt, ...(corrections === null ? {} : { corrections }) });
  const begin = () => session.script('savepoint again');
  const rollBack = () => session.script('rollback to savepoint again; release savepoint again');
  const parts = await writeTaken(
    session,
    place,
    documents,
    newConverter()(documents),
    newConverter,
    {
      write: async (some) => {
        await begin();
        try {
          for (const copy of copiesOf(place, some)) await session.copyIn(copy);
        } catch (error) {
          await rollBack().catch(() => undefined);
          throw error;
        }
        await session.script('release savepoint again');
      },
      begin,
      rollBack,
    },
    corrections,
  );
  return parts.reduce((sum, part) => sum + part.fields, 0);
}
