/** The data of a benchmark in a database of its own on a MongoDB server. */
import { randomBytes } from 'node:crypto';
import { deserialize } from 'bson';
import { MongoClient } from 'mongodb';
import { openSource } from '../../src/source/open.ts';
import type { Data } from './data.ts';

export interface SourceServer extends AsyncDisposable {
  /** MONGODB_URL of the database. */
  readonly url: string;
}

const limits = { documentsMax: 1_000, bytesMax: 8 * 1024 * 1024 };

export async function inMongoDB(mongodbUrl: string, { source }: Data): Promise<SourceServer> {
  const client = await MongoClient.connect(mongodbUrl);
  const name = `bench_${randomBytes(4).toString('hex')}`;
  await using dump = await openSource(source, { signal: new AbortController().signal });
  for (const { name: collection, type } of await dump.collections()) {
    if (type !== 'collection') continue;
    for await (const { documents } of dump.read(collection, null, limits)) {
      const inserted = [...documents].map((bytes) => deserialize(bytes, { promoteValues: false }));
      await client.db(name).collection(collection).insertMany(inserted, { ordered: false });
    }
  }
  const url = new URL(mongodbUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      await client.db(name).dropDatabase();
      await client.close();
    },
  };
}
