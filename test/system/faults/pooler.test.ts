/** A pooler before the target: one that does not lend its connections out by the session is refused by name before anything is written. */
import * as assert from 'uvu/assert';
import { faultDump } from '../../support/faults.ts';
import { type OwnServer, ownServer } from '../../support/own-server.ts';
import { type PoolerOptions, startPooler } from '../../support/pooler.ts';
import { workplace } from '../../support/program.ts';
import { digest } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('pooler');
let server: OwnServer;

test.before(async () => {
  server = await ownServer({ trusting: true });
});
test.after(async () => await server[Symbol.asyncDispose]());

const poolers: readonly PoolerOptions[] = [
  { mode: 'transaction', size: 1, next: 'last' },
  { mode: 'transaction', size: 5, next: 'last' },
  { mode: 'transaction', size: 5, next: 'first' },
  { mode: 'transaction', size: 2, next: 'first' },
  { mode: 'statement', size: 1, next: 'last' },
  { mode: 'statement', size: 5, next: 'last' },
  { mode: 'statement', size: 5, next: 'first' },
];
for (const options of poolers) {
  test(`one of ${options.size} connections by the ${options.mode}, the ${options.next} idle one first, is recognised`, async () => {
    await using pooler = await startPooler(server.url, options);
    try {
      await using _session = await testSession(pooler.through(server.url));
      assert.unreachable('the session was opened');
    } catch (error) {
      assert.is((error as { code?: string }).code, 'TARGET_POOLED', String(error));
    }
  });
}

test('one that gives each client a connection of its own is no hindrance', async () => {
  await using pooler = await startPooler(server.url, { mode: 'session', size: 5, next: 'last' });
  await using session = await testSession(pooler.through(server.url));
  assert.equal(await session.query('select 1 as one'), [{ one: 1 }]);
});

test.fault('the program names it, ends with 4, and has written nothing', async () => {
  await using pooler = await startPooler(server.url, { mode: 'transaction', size: 3, next: 'last' });
  await using place = await workplace();
  const run = await place.run([], { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: pooler.through(server.url) });
  assert.is(run.exit, 4, run.output);
  assert.match(run.output, /is a connection pooler in transaction mode or statement mode/);
  assert.match(run.output, /TARGET_POOLED/);
  assert.equal(await digest(server.url), {});
});

test.run();
