/** The source is lost in the middle of the work: cut off, silent, away, its cursor killed; or it changes. */
import { type Document, Long, MongoClient } from 'mongodb';
import * as assert from 'uvu/assert';
import { faultContent, severalBatches } from '../../support/faults.ts';
import { killedRun, titles } from '../../support/kills.ts';
import { insertAll, type MongoServer, mongoServer, mongoUnavailable } from '../../support/mongo.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { type Ended, workplace } from '../../support/program.ts';
import { type FaultyProxy, type Link, startProxy } from '../../support/proxy.ts';
import { batchesOf, digest } from '../../support/runs.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the source is lost');
const unavailable = await mongoUnavailable();
const withServer = test.unless(unavailable);

let server: MongoServer;
let client: MongoClient;
let expected: unknown;

if (unavailable === null) {
  test.before(async () => {
    server = await mongoServer();
    client = new MongoClient(server.url);
    await insertAll(client, faultContent());
    await using database = await freshDatabase();
    await using work = await workplace();
    const whole = await work.run([], { MONGODB_URL: server.url, DATABASE_URL: database.url });
    assert.is(whole.exit, 1, whole.output);
    expected = await digest(database.url);
  });
  test.after(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
}

/**
 * Into the third answer of the cursor over 6,000 documents: the first two, 13 MB, hold a whole batch, which is committed without the third.
 * The driver would ask by itself for the first answer again.
 */
const bytesIntoCursor = 15_000_000;

interface Lost extends Ended {
  readonly digest: unknown;
  /** Batches of the collection that were committed when the source was lost, and all. */
  readonly committed: number;
  readonly batches: number;
  /** That the source has sent for the load since then. */
  readonly bytesAfter: number;
}

/** Runs through a proxy to the source; `happens` once, so far into the documents of `step`, and in the load once a batch is committed. */
async function runWith(
  step: 'load' | 'validate',
  happens: (link: Link, proxy: FaultyProxy) => void,
  options = '',
): Promise<Lost> {
  let armed = false;
  let lost: Link | null = null;
  let loaded = false;
  let committed = 0;
  let bytesAfter = 0;
  const begun = new Map<Link, number>();
  await using database = await freshDatabase();
  const proxy: FaultyProxy = await startProxy(server.url, {
    onServerBytes: (bytes, link, chunk) => {
      // What is still sent on the lost connection goes nowhere.
      if (lost !== null && link !== lost && !loaded) bytesAfter += chunk.length;
      if (!armed || lost !== null) return 'pass';
      const before = begun.get(link) ?? bytes - chunk.length;
      begun.set(link, before);
      if (bytes - before < bytesIntoCursor) return 'pass';
      lost = link;
      return (async (): Promise<'pass' | 'hold'> => {
        while (step === 'load' && committed === 0) committed = await batchesOf(database.url);
        happens(link, proxy);
        return 'hold';
      })();
    },
  });
  await using _proxy = proxy;
  await using work = await workplace();
  const goOn = async (parameters: string) => {
    const run = work.start([], { MONGODB_URL: `${proxy.through(server.url)}${parameters}`, DATABASE_URL: database.url });
    run.process.stdout?.on('data', () => {
      armed ||= run.output().includes(titles[step]);
      loaded ||= run.output().includes(titles.resolve);
    });
    return await run.ended;
  };
  const ended = await goOn(options);
  assert.ok(lost !== null, `the fault did not happen: ${ended.output}`);
  proxy.refuse(false);
  if (ended.exit !== 1) {
    const last = await goOn('');
    assert.is(last.exit, 1, last.output);
  }
  return { ...ended, digest: await digest(database.url), committed, batches: await batchesOf(database.url), bytesAfter };
}

/** The run has continued behind what was committed: those documents, 8 MB of 20, were not read again. */
function wentOnBehindTheCommit({ committed, batches, bytesAfter, output }: Lost): void {
  assert.ok(committed > 0 && committed < batches, `${committed} of ${batches} batches were committed: ${output}`);
  assert.ok(bytesAfter < 14_000_000, `the source has sent ${bytesAfter} bytes again`);
}

for (const step of ['load', 'validate'] as const) {
  withServer.fault(`cut off in the middle of a cursor (${step}), the run continues by itself`, async () => {
    const run = await runWith(step, (link) => link.cut());
    assert.is(run.exit, 1, run.output);
    assert.match(run.output, /Retrying in/);
    assert.equal(run.digest, expected);
    if (step === 'load') wentOnBehindTheCommit(run);
  });
}

withServer.fault('silent in the middle of a cursor, it is noticed and the run continues by itself', async () => {
  const run = await runWith('load', (link) => link.freeze(), '?socketTimeoutMS=3000');
  assert.is(run.exit, 1, run.output);
  assert.match(run.output, /Retrying in/);
  assert.equal(run.digest, expected);
  wentOnBehindTheCommit(run);
});

withServer.fault('away for some seconds, the run continues by itself', async () => {
  const run = await runWith(
    'load',
    (_, proxy) => {
      proxy.refuse(true);
      proxy.cutAll();
      setTimeout(() => proxy.refuse(false), 5_000);
    },
    '?serverSelectionTimeoutMS=500',
  );
  assert.is(run.exit, 1, run.output);
  assert.match(run.output, /Retrying in/);
  assert.equal(run.digest, expected);
  wentOnBehindTheCommit(run);
});

withServer.fault('away for longer than a minute: exit 3, and the next start continues', async () => {
  const run = await runWith(
    'load',
    (_, proxy) => {
      proxy.refuse(true);
      proxy.cutAll();
    },
    '?serverSelectionTimeoutMS=500',
  );
  assert.is(run.exit, 3, run.output);
  assert.match(run.output, /SOURCE_UNREACHABLE/);
  assert.equal(run.digest, expected);
  wentOnBehindTheCommit(run);
});

withServer.fault('a cursor that the server kills is opened again behind the last document', async () => {
  let killed: Document | null = null;
  let refused = 0;
  const proxy = await startProxy(server.url, {
    onServerBytes: (_, __, chunk) => {
      if (/CursorNotFound|CursorKilled/.test(chunk.toString('latin1'))) refused += 1;
      const at = chunk.indexOf('\x12id\0', 0, 'latin1');
      if (killed !== null || at === -1 || at + 12 > chunk.length) return 'pass';
      const id = new Long(chunk.readInt32LE(at + 4), chunk.readInt32LE(at + 8));
      if (id.isZero()) return 'pass';
      killed = {};
      // The answer waits: the program asks for the next one when the cursor is gone for certain.
      return (async (): Promise<'pass' | 'hold'> => {
        killed = await client.db().command({ killCursors: severalBatches.collection, cursors: [id] });
        return 'pass';
      })();
    },
  });
  await using _proxy = proxy;
  await using database = await freshDatabase();
  await using work = await workplace();
  const { exit, output } = await work.run([], { MONGODB_URL: proxy.through(server.url), DATABASE_URL: database.url });
  assert.is(exit, 1, output);
  assert.is((killed as Document | null)?.['cursorsKilled']?.length, 1, JSON.stringify(killed));
  assert.is(refused, 1, 'the program has asked for more of the killed cursor');
  assert.equal(await digest(database.url), expected);
});

withServer.fault(
  'documents that are inserted, updated and deleted between load and validation are findings of their collections',
  async () => {
    await using database = await freshDatabase();
    await using work = await workplace();
    const environment = { MONGODB_URL: server.url, DATABASE_URL: database.url };
    const killed = await killedRun(work, environment, { step: 'validate', messages: 0, passes: false });
    assert.is(killed.exit, 'SIGKILL', killed.output);
    const db = client.db();
    const [board, section, task] = await Promise.all(
      ['Boards', 'Sections', 'Tasks'].map((name) => db.collection(name).findOne({})),
    );
    assert.ok(board && section && task);
    const inserted = await db.collection('Boards').insertOne({ title: 'new', description: 'new', user: board['user'] });
    await db.collection('Sections').updateOne({ _id: section._id }, { $set: { title: 'changed' } });
    await db.collection('Tasks').deleteOne({ _id: task._id });
    try {
      const run = await work.run([], environment);
      assert.is(run.exit, 1, run.output);
      const reported = (await work.report()).findings.filter(({ code }) => code === 'SOURCE_CHANGED');
      assert.equal(reported.map(({ collection }) => collection).sort(), ['Boards', 'Sections', 'Tasks'], run.output);
      assert.ok(reported.every(({ count }) => count > 0));
    } finally {
      await db.collection('Boards').deleteOne({ _id: inserted.insertedId });
      await db.collection('Sections').updateOne({ _id: section._id }, { $set: { title: section['title'] } });
      await db.collection('Tasks').insertOne(task);
    }
  },
);

test.run();
