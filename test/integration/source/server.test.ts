import {
  Binary,
  BSONSymbol,
  Code,
  Decimal128,
  type Document,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
  UUID,
} from 'bson';
import { MongoClient } from 'mongodb';
import * as assert from 'uvu/assert';
import { sourceIdOf } from '../../../src/bson/source-id.ts';
import { Failure } from '../../../src/failure.ts';
import { lookForTheRest, requireDocuments } from '../../../src/preconditions/whole-source.ts';
import { openSource } from '../../../src/source/open.ts';
import type { Source, SourceBatch } from '../../../src/source/source.ts';
import { rawDocuments } from '../../support/dump.ts';
import { type MongoServer, mongoServer, mongoUnavailable } from '../../support/mongo.ts';
import { suite } from '../../support/suite.ts';

const test = suite('server');
const signal = new AbortController().signal;
const limits = { documentsMax: 1000, bytesMax: 1 << 20 };

/** One or more of every type that an `_id` may have, in MongoDB's order. */
const idsInOrder: readonly unknown[] = [
  new MinKey(),
  null,
  new Double(Number.NaN),
  new Double(Number.NEGATIVE_INFINITY),
  -7,
  0,
  new Double(2.5),
  Decimal128.fromString('3.1'),
  Long.fromString('9007199254740993'),
  new Double(Number.POSITIVE_INFINITY),
  '',
  'a',
  new BSONSymbol('aa'),
  'b',
  'é',
  {},
  { a: 1 },
  { a: 1, b: 'x' },
  // JavaScript puts such keys in another order: an `_id` that the driver cannot send back unaltered.
  new Map([
    ['2', 'x'],
    ['1', 'y'],
  ]),
  new Binary(Buffer.from('z')),
  new Binary(Buffer.from('zz')),
  new UUID('00112233-4455-4677-8899-aabbccddeeff'),
  new ObjectId('000000000000000000000001'),
  new ObjectId('64b7c0ffee0123456789abcd'),
  false,
  true,
  new Date(-5),
  new Date(0),
  new Timestamp({ t: 1, i: 2 }),
  new Code('x'),
  new Code('y', { a: 1 }),
  new MaxKey(),
];

async function batchesOf(source: Source, collection: string, position: string | null = null, within = limits) {
  const batches: SourceBatch[] = [];
  for await (const batch of source.read(collection, position, within)) batches.push(batch);
  return batches;
}

const idsOf = (batches: readonly SourceBatch[]) => batches.flatMap(({ documents }) => [...documents].map(sourceIdOf));

async function withClient(url: string, use: (client: MongoClient) => Promise<void>): Promise<void> {
  const client = new MongoClient(url);
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

async function withSource(url: string, use: (source: Source) => Promise<void>): Promise<void> {
  const source = await openSource(url, { signal });
  try {
    await use(source);
  } finally {
    await source[Symbol.asyncDispose]();
  }
}

function addTests(server: MongoServer): void {
  const insert = (collection: string, documents: readonly Document[]) =>
    withClient(server.url, async (client) => {
      // As a command: insertMany gives a document whose `_id` is null another one.
      const { n } = await client.db().command({ insert: collection, documents: [...documents] });
      assert.is(n, documents.length);
    });

  test('documents come as the very bytes that are stored, in the order of _id, with place and progress', async () => {
    const documents = Array.from({ length: 30 }, (_, i) => ({
      _id: i,
      n: Long.fromNumber(i),
      d: new Double(i),
      at: new Date(i),
    }));
    await insert('bytes', documents.toReversed());
    await withSource(server.url, async (source) => {
      const batches = await batchesOf(source, 'bytes', null, { documentsMax: 7, bytesMax: 1 << 20 });
      assert.equal(
        batches.map((batch) => batch.documents.length),
        [7, 7, 7, 7, 2],
      );
      assert.equal(rawDocuments(batches.flatMap((batch) => [...batch.documents])), rawDocuments(documents));
      assert.equal(batches[2]?.place(1), { file: `${source.database}.bytes`, offset: 15 });
      assert.is(batches.at(-1)?.bytesRead, rawDocuments(documents).length);
      assert.equal(await source.countApart('bytes'), { kind: 'documents', documents: 30 });
      assert.equal(await source.countApart('none'), { kind: 'documents', documents: 0 });
    });
  });

  test('a batch keeps to its bytes, and a larger document comes alone', async () => {
    await insert(
      'sizes',
      [1, 2, 3, 4].map((_id) => ({ _id, t: 'x'.repeat(_id === 3 ? 5000 : 100) })),
    );
    await withSource(server.url, async (source) => {
      const batches = await batchesOf(source, 'sizes', null, { documentsMax: 100, bytesMax: 300 });
      assert.equal(
        batches.map((batch) => batch.documents.length),
        [2, 1, 1],
      );
    });
  });

  test('after each position of a collection with every type of _id exactly the rest comes, place and progress continue', async () => {
    await insert(
      'types',
      idsInOrder.map((_id) => ({ _id, t: 'x' })),
    );
    await withSource(server.url, async (source) => {
      const all = await batchesOf(source, 'types', null, { documentsMax: 1, bytesMax: 1 << 20 });
      const expected = idsInOrder.map((_id) => sourceIdOf(serialize({ _id })));
      assert.equal(idsOf(all).toSorted(), expected.toSorted());
      for (const [index, { position }] of all.entries()) {
        const rest = await batchesOf(source, 'types', position);
        assert.equal(idsOf(rest), idsOf(all).slice(index + 1), `after ${index}`);
        if (index + 1 === all.length) continue;
        assert.equal(rest[0]?.place(0), all[index + 1]?.place(0));
        assert.is(rest.at(-1)?.bytesRead, all.at(-1)?.bytesRead);
      }
    });
  });

  test('many documents come once each, whatever the sizes of messages and batches', async () => {
    const documents = Array.from({ length: 9_000 }, (_, n) => ({ _id: new ObjectId(), n }));
    await insert('many', documents);
    await withSource(server.url, async (source) => {
      const batches = await batchesOf(source, 'many', null, { documentsMax: 3_300, bytesMax: 1 << 30 });
      assert.equal(idsOf(batches), documents.map(({ _id }) => _id.toHexString()).toSorted());
      const rest = await batchesOf(source, 'many', batches[0]?.position);
      assert.is(idsOf(rest).length, 5_700);
    });
  });

  test('find gives each wanted document once, whatever the type of its _id, and leaves out what is not there', async () => {
    await insert(
      'found',
      idsInOrder.map((_id) => ({ _id })),
    );
    const wanted = idsInOrder.map((_id) => sourceIdOf(serialize({ _id })));
    await withSource(server.url, async (source) => {
      const find = async (ids: readonly string[]) => {
        const found: string[] = [];
        for await (const document of source.find('found', new Set(ids))) found.push(sourceIdOf(document));
        return found.toSorted();
      };
      assert.equal(await find([...wanted, 'ffffffffffffffffffffffff', '"not there"']), wanted.toSorted());
      // The int 0 is stored: the double 0 is another source id.
      assert.equal(await find(['{"$numberDouble":"0.0"}']), []);
      assert.equal(await find([]), []);
    });
  });

  test('find asks for many ids in slices', async () => {
    const documents = Array.from({ length: 2_500 }, (_, n) => ({ _id: new ObjectId(), n }));
    await insert('slices', documents);
    await withSource(server.url, async (source) => {
      let count = 0;
      for await (const _ of source.find('slices', new Set(documents.map(({ _id }) => _id.toHexString())))) count++;
      assert.is(count, 2_500);
    });
  });

  test('collections have their type, UUID, number of documents and size', async () => {
    await insert('counted', [{ _id: 1 }, { _id: 2 }]);
    await withSource(server.url, async (source) => {
      const counted = (await source.collections()).find(({ name }) => name === 'counted');
      assert.is(counted?.type, 'collection');
      assert.match(counted?.uuid ?? '', /^[0-9a-f]{32}$/);
      assert.is(counted?.documents, 2);
      assert.ok((counted?.bytes ?? 0) > 0);
    });
  });

  test('the description names hosts and database, the version is at hand', () =>
    withSource(server.url, async (source) => {
      assert.is(source.kind, 'server');
      assert.match(source.version ?? '', /^\d+\.\d+/);
      assert.match(source.description, /^MongoDB at \S+:\d+, database test_/);
    }));

  test('an aborted signal ends the reading with its reason', async () => {
    await insert(
      'aborted',
      Array.from({ length: 5_000 }, (_, _id) => ({ _id, t: 'x'.repeat(1000) })),
    );
    const controller = new AbortController();
    const source = await openSource(server.url, { signal: controller.signal });
    const reason = new Error('stop');
    try {
      for await (const _ of source.read('aborted', null, { documentsMax: 10, bytesMax: 1 << 20 })) controller.abort(reason);
      assert.unreachable();
    } catch (error) {
      assert.is(error, reason);
    } finally {
      await source[Symbol.asyncDispose]();
    }
  });

  test('a database without a document is SOURCE_EMPTY, one whose only documents are in another case has a finding', () =>
    withSource(server.urlOf(`empty_${Date.now()}`), async (source) => {
      const emptiness = async () =>
        await requireDocuments(source, await source.collections()).then(
          () => null,
          (error: unknown) => (error instanceof Failure ? `${error.code} ${error.exit}` : error),
        );
      assert.is(await emptiness(), 'SOURCE_EMPTY 3');
      await withClient(server.url, async (client) => {
        const db = client.db(source.database);
        await db.createCollection('users');
        assert.is(await emptiness(), 'SOURCE_EMPTY 3');
        assert.equal((await lookForTheRest(source, new Set(['Users']))).findings, []);
        await db.command({ insert: 'users', documents: [{ _id: 1 }] });
        assert.is(await emptiness(), null);
        const [found] = (await lookForTheRest(source, new Set(['Users']))).findings;
        assert.is(found?.code, 'COLLECTION_NAME_SIMILAR');
        assert.match(found?.next ?? '', 'renameCollection("Users")');
        await db.dropDatabase();
      });
    }));

  test('a consumer that stops early leaves nothing behind', () =>
    withSource(server.url, async (source) => {
      for await (const _ of source.read('aborted', null, { documentsMax: 10, bytesMax: 1 << 20 })) break;
    }));
}

async function makesViews(server: MongoServer): Promise<boolean> {
  let made = false;
  await withClient(server.url, async (client) => {
    await client.db().createCollection('seen', { viewOn: 'counted', pipeline: [] });
    made = (await client.db().listCollections({ name: 'seen' }).toArray()).some(({ type }) => type === 'view');
  });
  return made;
}

function addViewTest(server: MongoServer, noViews: string | null): void {
  test.unless(noViews)('a view is named as one', () =>
    withSource(server.url, async (source) => {
      const view = (await source.collections()).find(({ name }) => name === 'seen');
      assert.equal([view?.type, view?.documents, view?.bytes], ['view', null, null]);
      const { findings } = await lookForTheRest(source, new Set(['seen']));
      assert.equal(
        findings.map(({ code, collection }) => [code, collection]),
        [['VIEW_NOT_COPIED', 'seen']],
      );
    }),
  );
}

const unavailable = await mongoUnavailable();
if (unavailable !== null) {
  test.skip('everything about a live server', unavailable);
} else {
  const server = await mongoServer();
  test.after(async () => server[Symbol.asyncDispose]());
  addTests(server);
  addViewTest(server, (await makesViews(server)) ? null : 'this server makes no views (FerretDB)');
}

test.run();
