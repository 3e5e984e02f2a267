/** The session of a killed program lives on at the server, which has not noticed: nobody writes beside it, and no batch is written twice. */
import * as assert from 'uvu/assert';
import { ServerRefusal } from '../../../src/target/errors.ts';
import { undisturbed } from '../../support/breaks.ts';
import { titles } from '../../support/kills.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { workplace } from '../../support/program.ts';
import { startProxy } from '../../support/proxy.ts';
import { digest, type Running } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a lost session lives on');
const whole = undisturbed(test);

test.fault(
  'killed in the middle of a batch: the next start waits, leaves with 6, and continues once the session is gone',
  async () => {
    await using database = await freshDatabase();
    await using work = await workplace();
    const environment = { MONGODB_URL: whole.source, DATABASE_URL: database.url };
    let run: Running | null = null;
    let copied = 0;
    await using proxy = await startProxy(database.url, {
      onMessage: ({ type, link }) => {
        if (run === null || !run.output().includes(titles.load) || type !== 'd') return 'pass';
        copied += 1;
        if (copied < 20) return 'pass';
        link.freeze();
        run.process.kill('SIGKILL');
        return 'hold';
      },
    });
    run = work.start([], { ...environment, DATABASE_URL: proxy.through(database.url) });
    const killed = await run.ended;
    assert.is(killed.exit, 'SIGKILL', killed.output);

    const second = await work.run([], environment);
    assert.is(second.exit, 6, second.output);
    assert.match(second.output, /another migration holds the lock on .*: waiting up to 30 s/);
    assert.match(second.output, /\(LOCKED, exit code 6\)/);

    proxy.cutAll();
    const last = await work.run([], environment);
    assert.is(last.exit, 1, last.output);
    assert.equal(await digest(database.url), whole.left);
  },
);

test('the same batch a second time is refused by the server and changes nothing', async () => {
  await using database = await freshDatabase();
  await using work = await workplace();
  const made = await work.run([], { MONGODB_URL: whole.source, DATABASE_URL: database.url });
  assert.is(made.exit, 1, made.output);
  await using session = await testSession(database.url);
  const row = async () => (await session.query("select * from nextcrm_migration.progress where collection = 'Users'"))[0];
  const claim = (batch: unknown) =>
    session.script(`call nextcrm_migration.claim_batch('Users', ${batch}, 'there', 7, 6, 1, 5, 4, '${'f'.repeat(32)}', 3)`);
  const batch = Number((await row())?.['batch']);
  await claim(batch);
  const claimed = await row();
  assert.is(Number(claimed?.['batch']), batch + 1);
  assert.is(claimed?.['position'], 'there');
  for (const other of [batch, batch - 1, batch + 2]) {
    let refusal: unknown = null;
    try {
      await claim(other);
    } catch (error) {
      refusal = error instanceof Error ? error.cause : error;
    }
    assert.is(refusal instanceof ServerRefusal ? refusal.sqlState : refusal, 'NM001', `batch ${other} of ${batch + 1}`);
    assert.equal(await row(), claimed);
  }
});

test.run();
