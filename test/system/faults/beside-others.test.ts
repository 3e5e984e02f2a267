/** A target that others use or have set up their own way: a second run, low limits, odd defaults; and runs that belong elsewhere. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import * as assert from 'uvu/assert';
import { faultDump } from '../../support/faults.ts';
import { killedRun, titles } from '../../support/kills.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Ended, workplace } from '../../support/program.ts';
import { digest, heldOpen, type Running, said } from '../../support/runs.ts';
import { readScenarios, writeSource } from '../../support/scenario.ts';
import { suite } from '../../support/suite.ts';

const test = suite('beside others');

async function inDatabase(url: string, ...statements: string[]): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    for (const statement of statements) await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

/** A database whose sessions all begin with these settings. */
async function databaseWith(settings: Readonly<Record<string, string>>): Promise<TestDatabase> {
  const database = await freshDatabase();
  const name = new URL(database.url).pathname.slice(1);
  const admin = process.env['TEST_DATABASE_URL'] ?? '';
  await inDatabase(admin, ...Object.entries(settings).map(([key, value]) => `alter database "${name}" set ${key} = '${value}'`));
  return database;
}

test.fault('a second run begins where the first one ends meanwhile', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  await using elsewhere = await workplace();
  const environment = { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: database.url };
  const first = place.start([], environment);
  await said(first, titles.load);
  const second = elsewhere.start([], environment);
  assert.is((await first.ended).exit, 1);
  const { exit, output } = await second.ended;
  assert.is(exit, 1, output);
  assert.match(output, /another migration holds the lock/);
});

test.fault('low limits and odd defaults of the database change nothing of what a run does', async () => {
  await using place = await workplace();
  const source = await faultDump(place.folder);
  await using plain = await freshDatabase();
  const whole = await place.run([], { MONGODB_URL: source, DATABASE_URL: plain.url });
  assert.is(whole.exit, 1, whole.output);

  await using odd = await databaseWith({
    statement_timeout: '30ms',
    lock_timeout: '5ms',
    idle_in_transaction_session_timeout: '5ms',
    idle_session_timeout: '30ms',
    search_path: 'nowhere',
    datestyle: 'SQL, DMY',
    intervalstyle: 'iso_8601',
    timezone: 'Asia/Kolkata',
    bytea_output: 'escape',
    extra_float_digits: '-15',
    standard_conforming_strings: 'off',
    quote_all_identifiers: 'on',
    default_transaction_isolation: 'serializable',
    client_min_messages: 'debug1',
    xmloption: 'document',
    default_toast_compression: 'pglz',
  });
  await using second = await workplace();
  const run = await second.run([], { MONGODB_URL: source, DATABASE_URL: odd.url });
  assert.is(run.exit, 1, run.output);
  assert.is((await second.report()).findings.filter(({ layer }) => layer !== 'load').length, 0, run.output);
  assert.equal(await digest(odd.url), await digest(plain.url));
});

test.fault('a run that was begun by another version is refused, and both versions are named', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: database.url };
  await killedRun(place, environment, { step: 'resolve', messages: 0, passes: false });
  await inDatabase(database.url, "update nextcrm_migration.run set appliance = '0.0.1-other'");
  const before = await digest(database.url);
  const refused = await place.run([], environment);
  assert.is(refused.exit, 2, refused.output);
  assert.match(refused.output, /started by version 0\.0\.1-other; this is version \d+\.\d+/);
  assert.equal(await digest(database.url), before);
});

test.fault('a run is not continued with from another source, and both are named', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: database.url };
  await killedRun(place, environment, { step: 'resolve', messages: 0, passes: false });
  const before = await digest(database.url);
  await rename(join(place.folder, 'dump', 'nextcrm'), join(place.folder, 'dump', 'othercrm'));
  const refused = await place.run([], environment);
  assert.is(refused.exit, 2, refused.output);
  assert.match(refused.output, /nextcrm/);
  assert.match(refused.output, /othercrm/);
  assert.equal(await digest(database.url), before);
});

test.fault('a volume is not used for another target, and both are named; nothing is written there', async () => {
  await using database = await freshDatabase();
  await using other = await freshDatabase();
  await using place = await workplace();
  const environment = { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: database.url };
  await killedRun(place, environment, { step: 'resolve', messages: 0, passes: false });
  const refused = await place.run([], { ...environment, DATABASE_URL: other.url });
  assert.is(refused.exit, 2, refused.output);
  for (const { url } of [database, other]) assert.ok(refused.output.includes(new URL(url).pathname.slice(1)), refused.output);
  assert.equal(await digest(other.url), {});
});

/** Runs from a source with a value that no index holds; until `until` is over, a session continues seeing the rows as they were. */
async function besideSnapshot(until: (run: Running) => Promise<unknown>): Promise<Ended> {
  await using place = await workplace();
  await using database = await freshDatabase();
  const scenario = (await readScenarios()).find(({ name }) => name === 'index-too-large-for-a-required-value');
  assert.ok(scenario);
  await writeSource(scenario, join(place.folder, 'dump', 'nextcrm'));
  await using snapshot = await heldOpen(database.url, 'set transaction isolation level repeatable read; select 1');
  const run = place.start([], { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url });
  await until(run);
  await snapshot[Symbol.asyncDispose]();
  return await run.ended;
}

test.fault('a session that still sees values that an index cannot hold is waited for', async () => {
  const { exit, output } = await besideSnapshot((run) => said(run, /Another session on .* old row versions.* Retrying in/s));
  assert.is(exit, 1, output);
});

test.fault(
  'a session that sees them for longer than a minute ends the run with 4, though both servers answer all the time',
  async () => {
    const { exit, output } = await besideSnapshot((run) => run.ended);
    assert.is(exit, 4, output);
    assert.match(output, /TARGET_LOCKED/);
  },
);

test.run();
