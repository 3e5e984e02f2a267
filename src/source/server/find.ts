/** Reads documents again by their source ids. */
import { EJSON, ObjectId, serialize } from 'bson';
import { sourceIdOf } from '../../bson/source-id.ts';
import type { RawDocument } from '../source.ts';
import { commandTimeMs } from './connect.ts';
import { type Documents, messages, readInOrder } from './cursor.ts';

/** Ids a query: some 30 KB of ObjectIds, far from a message's 48 MB even where the ids are long texts. */
const idsMax = 1_000;

export async function* findByIds(collection: Documents, sourceIds: ReadonlySet<string>): AsyncGenerator<RawDocument> {
  const wanted = new Set(sourceIds);
  const asked = [...sourceIds].flatMap((sourceId) => idOf(sourceId));
  for (let at = 0; at < asked.length; at += idsMax) {
    const filter = { _id: { $in: asked.slice(at, at + idsMax) as never[] } };
    for await (const documents of messages(collection.find(filter, { raw: true, maxTimeMS: commandTimeMs }))) {
      for (const document of documents) if (wanted.delete(sourceIdOf(document))) yield document;
    }
  }
  // What no query finds for certain: a value that the driver cannot send unaltered, NaN where a server compares it
  // with nothing. An ObjectId that was not found is not there.
  if ([...wanted].some((sourceId) => !isObjectId(sourceId))) yield* scan(collection, wanted);
}

async function* scan(collection: Documents, wanted: Set<string>): AsyncGenerator<RawDocument> {
  for await (const documents of readInOrder(collection, null)) {
    for (const document of documents) if (wanted.delete(sourceIdOf(document))) yield document;
    if (wanted.size === 0) return;
  }
}

function isObjectId(sourceId: string): boolean {
  return /^[0-9a-f]{24}$/.test(sourceId);
}

/** Empty where the value that the driver would send is another one. */
function idOf(sourceId: string): readonly unknown[] {
  if (isObjectId(sourceId)) return [ObjectId.createFromHexString(sourceId)];
  try {
    const value: unknown = EJSON.parse(sourceId, { relaxed: false });
    return sourceIdOf(serialize({ _id: value }, { ignoreUndefined: false })) === sourceId ? [value] : [];
  } catch {
    return [];
  }
}
