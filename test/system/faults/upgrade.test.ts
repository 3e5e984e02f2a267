/** Stopped in the steps behind the hand-over, by SIGKILL, SIGTERM or a lost connection: the same command ends with the same data. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { smallCrm } from '../../integration/upgrade/small-crm.ts';
import { appPrisma, appReleaseMissing } from '../../support/app-release.ts';
import { copyOfDatabase } from '../../support/database-copy.ts';
import { type TemporaryFolder, temporaryFolder, writeDump } from '../../support/dump.ts';
import { killedRun, type LaterStepName, laterTitles, Observer, type RunEnvironment } from '../../support/kills.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { deployFrom, folderOf } from '../../support/prisma.ts';
import { type Workplace, workplace } from '../../support/program.ts';
import { startProxy } from '../../support/proxy.ts';
import { checkpointOf } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('stopped behind the hand-over');
const release = test.unless(appReleaseMissing);
const observer = new Observer();
let dump: TemporaryFolder;
let finished: TestDatabase;
let finishedPlace: Workplace;
let expected: readonly unknown[];

interface At extends AsyncDisposable {
  readonly place: Workplace;
  readonly environment: RunEnvironment;
  readonly name: string;
}

/** A finished run that is not upgraded, of its own. */
async function copy(more: Readonly<Record<string, string>> = { NEXTCRM_PRISMA: appPrisma }): Promise<At> {
  const database = await copyOfDatabase(finished.url);
  const place = await workplace();
  await cp(finishedPlace.volume, place.volume, { recursive: true });
  return {
    place,
    name: new URL(database.url).pathname.slice(1),
    environment: { MONGODB_URL: dump.url, DATABASE_URL: database.url, ...more },
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** How many rows each table has, and what was restored. Ids and times of new rows are made by the server. */
async function outcome(url: string): Promise<readonly unknown[]> {
  await using session = await testSession(url);
  const tables = await session.query<{ name: string }>(
    `select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  const counts = tables.map(({ name }) => `select '${name}' as name, count(*) as n from public."${name}"`).join(' union all ');
  return [
    await session.query(`select * from (${counts}) t order by 1`),
    await session.query(
      `select subject, table_name, column_name, count(*) as n from nextcrm_migration.restored group by 1, 2, 3 order by 1, 2, 3`,
    ),
    await session.query(`select subject, proved_at is not null as proved from nextcrm_migration.restored_subject order by 1`),
    await session.query(`select count(*) as n from _prisma_migrations where finished_at is not null and rolled_back_at is null`),
    await session.query('select step, exit_code from nextcrm_migration.run'),
  ];
}

async function endsAlike({ place, environment }: At): Promise<void> {
  const last = await place.run([], environment);
  assert.is(last.exit, 0, last.output);
  assert.equal(await outcome(environment.DATABASE_URL), expected);
  const verified = await place.run(['verify'], environment);
  assert.is(verified.exit, 0, verified.output);
}

test.before(async () => {
  if (appReleaseMissing !== null) return;
  dump = await temporaryFolder();
  await writeDump(join(dump.path, 'nextcrm'), smallCrm);
  finished = await freshDatabase();
  finishedPlace = await workplace();
  const whole = await finishedPlace.run([], { MONGODB_URL: dump.url, DATABASE_URL: finished.url });
  assert.is(whole.exit, 0, whole.output);
  await using undisturbed = await copy();
  const upgraded = await undisturbed.place.run([], undisturbed.environment);
  assert.is(upgraded.exit, 0, upgraded.output);
  expected = await outcome(undisturbed.environment.DATABASE_URL);
});
test.after(async () => {
  await observer[Symbol.asyncDispose]();
  await dump?.[Symbol.asyncDispose]();
  await finished?.[Symbol.asyncDispose]();
  await finishedPlace?.[Symbol.asyncDispose]();
});

/** So many messages into the step: behind its first statements, and before its end. */
const inside: Readonly<Record<LaterStepName, number>> = { backup: 1, upgrade: 30, restore: 12, compare: 20 };
const later = Object.keys(laterTitles) as readonly LaterStepName[];

for (const signal of ['SIGKILL', 'SIGTERM'] as const)
  release(`${signal} inside each of its steps`, async () => {
    await using at = await copy();
    for (const step of later) {
      const stopped = await killedRun(at.place, at.environment, { step, messages: inside[step], passes: true, signal });
      assert.is(stopped.exit, signal === 'SIGKILL' ? signal : 5, `${step}: ${stopped.output}`);
      const where = await observer.place(at.name);
      assert.ok([step, later[later.indexOf(step) + 1]].includes(where as LaterStepName), `${step}: ${where}`);
      if (signal === 'SIGTERM') assert.is((await checkpointOf(at.place)).exitCode, 5);
    }
    await endsAlike(at);
  });

release('SIGKILL at the beginning of each of its steps, where the app has applied its migrations itself', async () => {
  await using at = await copy({});
  await using folder = await folderOf(appPrisma);
  assert.is((await deployFrom(folder.path, at.environment.DATABASE_URL)).exitCode, 0);
  for (const step of ['restore', 'compare'] as const) {
    const killed = await killedRun(at.place, at.environment, { step, messages: 0, passes: false });
    assert.is(killed.exit, 'SIGKILL', killed.output);
    assert.is(await observer.place(at.name), step);
  }
  await endsAlike(at);
});

release('a connection that is lost in the middle of the migrations is made again', async () => {
  await using at = await copy();
  let messages = 0;
  const url = at.environment.DATABASE_URL;
  await using proxy = await startProxy(url, {
    onMessage({ text, link }) {
      if (text.includes('_prisma_migrations') && text.includes('begin;') && ++messages === 20) link.cut();
      return 'pass';
    },
  });
  const run = await at.place.run([], { ...at.environment, DATABASE_URL: proxy.through(url) });
  assert.is(run.exit, 0, run.output);
  assert.ok(messages > 20);
  assert.equal(await outcome(url), expected);
});

test.run();
