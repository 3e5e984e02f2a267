/** A MongoDB server for tests: the one of TEST_MONGODB_URL, else one in Docker, else none and the reason why. */
import { randomBytes } from 'node:crypto';
import { BSON, type Document, MongoClient } from 'mongodb';
import { openSource } from '../../src/source/open.ts';
import type { DumpContent } from './dump.ts';

/** Another version where the tests are to be run on it. */
const image = process.env['TEST_MONGODB_IMAGE'] || 'mongo:7';
const port = 27017;

export interface MongoServer extends AsyncDisposable {
  /** Names a database of its own, which is empty. */
  readonly url: string;
  /** The same server and login; null: a URL that contains no database name. */
  urlOf(database: string | null): string;
}

export interface MongoServerOptions {
  /** A server of its own that wants this login (in Docker only). */
  readonly auth?: { readonly user: string; readonly password: string };
}

/** Null where `mongoServer` will give a server, else why it cannot. */
export async function mongoUnavailable({ auth }: MongoServerOptions = {}): Promise<string | null> {
  if (auth === undefined && process.env['TEST_MONGODB_URL']) return null;
  const { getContainerRuntimeClient } = await testcontainers();
  try {
    await getContainerRuntimeClient();
    return null;
  } catch {
    return auth === undefined ? 'TEST_MONGODB_URL is not set and no Docker engine answers' : 'no Docker engine answers';
  }
}

export async function mongoServer(options: MongoServerOptions = {}): Promise<MongoServer> {
  const given = process.env['TEST_MONGODB_URL'];
  if (options.auth === undefined && given) return onServer(given, () => Promise.resolve());
  const { auth } = options;
  const { GenericContainer, Wait } = await testcontainers();
  const container = await new GenericContainer(image)
    .withExposedPorts(port)
    .withEnvironment(
      auth === undefined ? {} : { MONGO_INITDB_ROOT_USERNAME: auth.user, MONGO_INITDB_ROOT_PASSWORD: auth.password },
    )
    .withWaitStrategy(Wait.forLogMessage(/Waiting for connections/))
    .withStartupTimeout(90_000)
    .start();
  const login = auth === undefined ? '' : `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.password)}@`;
  const parameters = auth === undefined ? '' : '?authSource=admin';
  const url = `mongodb://${login}${container.getHost()}:${container.getMappedPort(port)}/${parameters}`;
  return onServer(url, async () => {
    await container.stop();
  });
}

/** Into the database that the client's URL names. */
export async function insertAll(client: MongoClient, content: DumpContent): Promise<void> {
  // The cast: a dump may hold raw bytes, which the driver does not take; what is meant for a server holds none.
  for (const [collection, documents] of Object.entries(content))
    await client
      .db()
      .collection(collection)
      .insertMany(documents as object[]);
}

/** Every document of a dump, as it is. */
export async function fill(client: MongoClient, database: string, dumpUrl: string): Promise<void> {
  const source = await openSource(dumpUrl, { signal: new AbortController().signal });
  try {
    for (const { name, type } of await source.collections()) {
      if (type !== 'collection') continue;
      for await (const { documents } of source.read(name, null, { documentsMax: 1000, bytesMax: 1 << 22 }))
        await client.db(database).command({ insert: name, documents: [...documents].map((bytes) => kept(bytes)) });
    }
  } finally {
    await source[Symbol.asyncDispose]();
  }
}

/** Every value in its own type: a double stays one where it is a whole number. */
const kept = (bytes: Uint8Array): Document =>
  BSON.deserialize(bytes, { promoteValues: false, promoteBuffers: false, bsonRegExp: true });

function onServer(serverUrl: string, stop: () => Promise<void>): MongoServer {
  const database = `test_${randomBytes(6).toString('hex')}`;
  const urlOf = (name: string | null) => serverUrl.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name ?? ''}`);
  return {
    url: urlOf(database),
    urlOf,
    async [Symbol.asyncDispose]() {
      const client = new MongoClient(urlOf(database));
      await client.db().dropDatabase();
      await client.close();
      await stop();
    },
  };
}

/** Loaded when it is needed: it reads its settings from the environment at once. Its helper image is not needed, a container is stopped by its test. */
function testcontainers(): Promise<typeof import('testcontainers')> {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  return import('testcontainers');
}
