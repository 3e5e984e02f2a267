/** pgvector on a migrated database, as the app uses it later: a companion table, an HNSW index, the nearest rows. */
import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { PrismaClient } from '../../../src/prisma/client/client.ts';
import type { Session } from '../../../src/target/session.ts';
import { vector } from '../../support/later-releases.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { adapterFor, makeTables } from '../../support/prisma.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('vectors');
const dimensions = 1536;
const accounts = 300;
let database: TestDatabase;
let session: Session;
let client: PrismaClient;

test.before(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
  await makeTables(session);
  client = new PrismaClient({ adapter: await adapterFor(database.url) });
  await session.script(`
    insert into "crm_Accounts" (id, __v, name) select gen_random_uuid(), 0, 'account ' || g from generate_series(1, ${accounts}) g`);
  await session.script(vector);
});
test.after(async () => {
  await client.$disconnect();
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** A direction of its own for each number. */
const embedding = (n: number): string =>
  `[${Array.from({ length: dimensions }, (_, index) => Math.cos(n * 0.37 + index * (1 + n / 1000)).toFixed(4)).join(',')}]`;

const nearest = (to: string) =>
  client.$queryRaw<{ name: string; distance: number }[]>`
    select a.name, e.embedding <=> ${to}::vector as distance
    from "crm_Embeddings_Accounts" e join "crm_Accounts" a on a.id = e.account_id
    order by e.embedding <=> ${to}::vector limit 5`;

test('the companion table is filled through the client', async () => {
  for (const { id, name } of await client.crm_Accounts.findMany()) {
    const n = Number(name.slice('account '.length));
    const inserted = await client.$executeRaw`
      insert into "crm_Embeddings_Accounts" (id, account_id, embedding, content_hash)
      values (${randomUUID()}::uuid, ${id}::uuid, ${embedding(n)}::vector, 'hash')`;
    assert.is(inserted, 1);
  }
});

test('the nearest rows come back in the order of their distance, the same row first', async () => {
  for (const n of [1, 77, 300]) {
    const found = await nearest(embedding(n));
    assert.is(found.length, 5);
    assert.is(found[0]?.name, `account ${n}`);
    assert.ok(Math.abs(found[0]?.distance ?? 1) < 1e-6);
    const distances = found.map(({ distance }) => distance);
    assert.equal(
      distances,
      distances.toSorted((a, b) => a - b),
    );
  }
});

test('the search goes through the HNSW index', async () => {
  await session.script('analyze "crm_Embeddings_Accounts"; begin; set local enable_seqscan = off');
  const plan = await session.query(
    `explain select id from "crm_Embeddings_Accounts" order by embedding <=> '${embedding(5)}'::vector limit 5`,
  );
  await session.script('rollback');
  assert.match(JSON.stringify(plan), 'crm_Embeddings_Accounts_embedding_idx');
});

test('a vector of another length is refused, and a vector goes with its account', async () => {
  await session.query(`update "crm_Embeddings_Accounts" set embedding = '[1,2,3]'`).then(
    () => assert.unreachable(),
    () => undefined,
  );
  const account = await client.crm_Accounts.findFirstOrThrow();
  await client.crm_Accounts.delete({ where: { id: account.id } });
  const [row] = await session.query<{ n: number }>('select count(*)::integer as n from "crm_Embeddings_Accounts"');
  assert.is(row?.n, accounts - 1);
});

test.run();
