/** The server answers and will not: an administrator cancels a statement, or no connection is free. */
import * as assert from 'uvu/assert';
import { undisturbed } from '../../support/breaks.ts';
import { killedRun } from '../../support/kills.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { workplace } from '../../support/program.ts';
import { digest, heldOpen } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the server refuses');
const whole = await undisturbed(test);

/** Cancels what the migration waits for a lock with, once it does. */
async function cancelWaiting(url: string): Promise<void> {
  await using session = await testSession(url);
  for (;;) {
    const cancelled = await session.query(
      `select pg_cancel_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name like 'nextcrm-migrate migrate%' and wait_event_type = 'Lock'`,
    );
    if (cancelled.length > 0) return;
  }
}

test.fault('a statement that an administrator cancels ends the run with 4, and the next start goes on', async () => {
  await using database = await freshDatabase();
  await using work = await workplace();
  const environment = { MONGODB_URL: whole.source, DATABASE_URL: database.url };
  await killedRun(work, environment, { step: 'index', messages: 0, passes: false });
  {
    await using _lock = await heldOpen(database.url, 'lock table public."crm_Leads" in share update exclusive mode');
    const run = work.start([], environment);
    await cancelWaiting(database.url);
    const { exit, output } = await run.ended;
    assert.is(exit, 4, output);
    assert.match(output, /\(TARGET_CANCELLED, exit code 4\)/);
  }
  const last = await work.run([], environment);
  assert.is(last.exit, 1, last.output);
  assert.equal(await digest(database.url), whole.left);
});

test.fault('where no connection is free, the run says so at once and nothing is written', async () => {
  await using database = await freshDatabase();
  await using work = await workplace();
  await using session = await testSession(database.url);
  const role = `crowded_${process.pid}`;
  await session.script(`create role ${role} login password 'x' connection limit 0`);
  try {
    const url = new URL(database.url);
    url.username = role;
    url.password = 'x';
    const { exit, output } = await work.run([], { MONGODB_URL: whole.source, DATABASE_URL: url.href });
    assert.is(exit, 4, output);
    assert.match(output, /\(TARGET_TOO_MANY_CONNECTIONS, exit code 4\)/);
    assert.equal(await session.query(`select nspname from pg_namespace where nspname like 'nextcrm%'`), []);
  } finally {
    await session.script(`drop role ${role}`);
  }
});

test.run();
