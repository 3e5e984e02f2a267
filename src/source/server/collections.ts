/** The collections of a server's database, as far as the user may see them. */
import { type Db, MongoServerError } from 'mongodb';
import type { SourceCollection } from '../source.ts';
import { commandTimeMs } from './connect.ts';

interface Listed {
  readonly name: string;
  readonly type?: string;
  readonly info?: { readonly uuid?: { toString(encoding: 'hex'): string } };
}

/** Ascending by name. */
export async function listCollections(db: Db): Promise<readonly SourceCollection[]> {
  const collections: SourceCollection[] = [];
  for (const listed of await list(db)) collections.push(await described(db, listed));
  return collections.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function list(db: Db): Promise<readonly Listed[]> {
  const all = { maxTimeMS: commandTimeMs };
  try {
    return (await db.listCollections({}, all).toArray()) as readonly Listed[];
  } catch (error) {
    if (!isUnauthorised(error)) throw error;
    // Who may read some collections only may still see those, without their UUIDs.
    return db.listCollections({}, { ...all, nameOnly: true, authorizedCollections: true }).toArray();
  }
}

async function described(db: Db, { name, type, info }: Listed): Promise<SourceCollection> {
  const kind = typeOf(name, type);
  const common = { name, type: kind, uuid: uuidOf(info) };
  if (kind !== 'collection') return { ...common, documents: null, bytes: null };
  return {
    ...common,
    documents: await unlessRefused(db.collection(name).estimatedDocumentCount({ maxTimeMS: commandTimeMs })),
    bytes: await unlessRefused(db.command({ collStats: name, maxTimeMS: commandTimeMs }).then(({ size }) => Number(size))),
  };
}

/** A time series is a view of its `system.buckets` collection in MongoDB's own terms, and is treated as one. */
function typeOf(name: string, type: string | undefined): SourceCollection['type'] {
  if (name.startsWith('system.')) return 'system';
  return type === 'view' || type === 'timeseries' ? 'view' : 'collection';
}

function uuidOf(info: Listed['info']): string | null {
  const hex = info?.uuid?.toString('hex').replaceAll('-', '').toLowerCase();
  return hex !== undefined && /^[0-9a-f]{32}$/.test(hex) ? hex : null;
}

/** These numbers serve the progress shown only: where the server does not give them, they are unknown. */
async function unlessRefused(answer: Promise<number>): Promise<number | null> {
  try {
    const number = await answer;
    return Number.isFinite(number) ? number : null;
  } catch (error) {
    if (error instanceof MongoServerError) return null;
    throw error;
  }
}

function isUnauthorised(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 13;
}
