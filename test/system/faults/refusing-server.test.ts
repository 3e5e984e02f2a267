/** The server answers and will not: an administrator cancels a statement, or no connection is free. */
import * as assert from 'uvu/assert';
import { undisturbed } from '../../support/breaks.ts';
import { killedRun } from '../../support/kills.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { makeFirstTables } from '../../support/prisma.ts';
import { workplace } from '../../support/program.ts';
import { digest, heldOpen } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the server refuses');
const whole = undisturbed(test);

/** Does it to a session of ours that waits for a lock, once there is one. `application`: how its name begins. */
async function toWaiting(url: string, what: 'pg_cancel_backend' | 'pg_terminate_backend', application: string): Promise<void> {
  await using session = await testSession(url);
  for (;;) {
    const hit = await session.query(
      `select ${what}(pid) from pg_stat_activity
       where datname = current_database() and application_name like $1 and wait_event_type = 'Lock'`,
      [`${application}%`],
    );
    if (hit.length > 0) return;
  }
}

test.fault('a statement that an administrator cancels ends the run with 4, and the next start continues', async () => {
  await using database = await freshDatabase();
  await using work = await workplace();
  const environment = { MONGODB_URL: whole.source, DATABASE_URL: database.url };
  await killedRun(work, environment, { step: 'index', messages: 0, passes: false });
  {
    await using _lock = await heldOpen(database.url, 'lock table public."crm_Leads" in share update exclusive mode');
    const run = work.start([], environment);
    await toWaiting(database.url, 'pg_cancel_backend', 'nextcrm-migrate migrate');
    const { exit, output } = await run.ended;
    assert.is(exit, 4, output);
    assert.match(output, /\(TARGET_CANCELLED, exit code 4\)/);
  }
  const last = await work.run([], environment);
  assert.is(last.exit, 1, last.output);
  assert.equal(await digest(database.url), whole.left);
});

test.fault("an administrator ends Prisma's session while it makes the tables: the run continues by itself", async () => {
  await using database = await freshDatabase();
  await using work = await workplace();
  const environment = { MONGODB_URL: whole.source, DATABASE_URL: database.url };
  await makeFirstTables(database.url);
  const lock = await heldOpen(database.url, 'lock table public."Boards" in access share mode');
  const run = work.start([], environment);
  await toWaiting(database.url, 'pg_terminate_backend', 'nextcrm-migrate schema engine');
  await lock[Symbol.asyncDispose]();
  const { exit, output } = await run.ended;
  assert.match(output, /Retrying in/);
  assert.is(exit, 1, output);
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
