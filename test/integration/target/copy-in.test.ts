import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { ServerRefusal } from '../../../src/target/errors.ts';
import type { Session } from '../../../src/target/session.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';
import { tuples } from '../../support/tuples.ts';

const test = suite('copy into a table');
let database: TestDatabase;
let session: Session;

test.before(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
});
test.beforeEach(() => session.script('drop table if exists thing; create table thing (n integer primary key, t text not null)'));
test.after(async () => {
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function count(): Promise<number> {
  const [row] = await session.query<{ n: string }>('select count(*) as n from thing');
  return Number(row?.n);
}

async function rejection(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => assert.unreachable('it must reject'),
    (error: unknown) => error,
  );
}

test('rows in several parts are written once each', async () => {
  await session.copyIn({
    table: 'thing',
    parts: [
      tuples([[1, 'a']]),
      tuples([
        [2, ''],
        [3, '\\N\t\n\\.'],
      ]),
    ],
  });
  assert.is(await count(), 3);
});

test('a bad last row rejects and leaves the table empty', async () => {
  const rows = Array.from({ length: 1000 }, (_, n) => [n, n === 999 ? null : 'x']);
  const error = await rejection(session.copyIn({ table: 'thing', parts: [tuples(rows)] }));
  assert.instance(error, ServerRefusal);
  assert.is((error as ServerRefusal).sqlState, '23502');
  assert.is((error as ServerRefusal).column, 't');
  assert.is(await count(), 0);
});

test('a duplicate key rejects, names the constraint and no value', async () => {
  const error = await rejection(
    session.copyIn({
      table: 'thing',
      parts: [
        tuples([
          [7, 'secret'],
          [7, 'secret'],
        ]),
      ],
    }),
  );
  assert.instance(error, ServerRefusal);
  assert.is((error as ServerRefusal).reason, '23505 thing_pkey');
  assert.not.match((error as Error).message, /secret/);
  assert.is(await count(), 0);
});

test('an error in the middle of much data rejects, and the session continues', async () => {
  const large = 'x'.repeat(100_000);
  const rows = Array.from({ length: 300 }, (_, n) => [n === 10 ? 9 : n, large]);
  assert.instance(await rejection(session.copyIn({ table: 'thing', parts: [tuples(rows)] })), ServerRefusal);
  await session.copyIn({ table: 'thing', parts: [tuples([[1, 'after']])] });
  assert.is(await count(), 1);
});

test('a broken tuple rejects', async () => {
  const { bytes, rows } = tuples([
    [1, 'a'],
    [2, 'b'],
  ]);
  assert.instance(
    await rejection(session.copyIn({ table: 'thing', parts: [{ bytes: bytes.subarray(0, bytes.length - 1), rows }] })),
    ServerRefusal,
  );
  assert.is(await count(), 0);
});

test('a value of 16 MB arrives whole', async () => {
  await session.copyIn({ table: 'thing', parts: [tuples([[1, 'ä'.repeat(8 * 1024 * 1024)]])] });
  const [row] = await session.query<{ length: number }>('select octet_length(t) as length from thing');
  assert.is(row?.length, 16 * 1024 * 1024);
});

test('a rolled back transaction leaves nothing', async () => {
  await rejection(
    session.transaction(async () => {
      await session.copyIn({ table: 'thing', parts: [tuples([[1, 'a']])] });
      throw new Error('on purpose');
    }),
  );
  assert.is(await count(), 0);
});

test('a session that the server ends in the middle of a COPY rejects as unreachable', async () => {
  await using victim = await testSession(database.url);
  const [row] = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');
  const large = 'x'.repeat(1_000_000);
  const rows = Array.from({ length: 60 }, (_, n) => [n, large]);
  await session.script('begin; lock table thing');
  const copying = rejection(victim.copyIn({ table: 'thing', parts: [tuples(rows)] }));
  await session.query('select pg_terminate_backend($1)', [row?.pid ?? 0]);
  const error = await copying;
  await session.script('rollback');
  assert.instance(error, Failure);
  assert.is((error as Failure).code, 'TARGET_UNREACHABLE');
  assert.ok((error as Failure).transient);
});

test.run();
