import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { Failure } from '../../../src/failure.ts';
import type { Session } from '../../../src/target/session.ts';
import { readStructure } from '../../../src/target/structure.ts';
import { type AppFolder, type AppMigration, readAppFolder } from '../../../src/upgrade/app-folder.ts';
import { applyMigrations } from '../../../src/upgrade/apply.ts';
import { effectsOf } from '../../../src/upgrade/effects.ts';
import { rulesOf } from '../../../src/upgrade/rules.ts';
import { isSealed, sealSnapshot, takeSnapshot } from '../../../src/upgrade/snapshot.ts';
import { makeHandedOver } from '../../support/app-record.ts';
import { appPrisma, appReleaseMissing } from '../../support/app-release.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { deployFrom, folderOf } from '../../support/prisma.ts';
import { silent } from '../../support/progress.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite("NextCRM's own migrations, applied by ours");
const release = test.unless(appReleaseMissing);
const signal = new AbortController().signal;
let database: TestDatabase;
let session: Session;

test.beforeEach(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
  await makeHandedOver(session);
});

test.afterEach(async () => {
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const query = (text: string) => session.query(text);
const apply = (folder: AppFolder) => applyMigrations({ session, folder, progress: silent, signal });
const upTo = (folder: AppFolder, index: number): AppFolder => ({ ...folder, migrations: folder.migrations.slice(0, index + 1) });

const recorded = () =>
  session.query<{ name: string; checksum: string; finished: boolean; logs: string | null; steps: number }>(
    `select migration_name as name, checksum, finished_at is not null as finished, logs, applied_steps_count as steps
     from public._prisma_migrations order by migration_name collate "C"`,
  );

async function holds(migration: AppMigration): Promise<boolean> {
  const [row] = await session.query<{ holds: boolean }>(`select ${effectsOf(migration.script).join(' and ')} as holds`);
  return row?.holds === true;
}

/** As the app's CLI leaves it that was killed: begun, and not recorded as finished. */
async function begun({ name, checksum }: AppMigration): Promise<void> {
  await session.execute(
    `insert into public._prisma_migrations (id, checksum, migration_name) values (gen_random_uuid()::text, $1, $2)`,
    [checksum, name],
  );
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, Failure);
  return error as Failure;
}

release('leave the catalog and the record that the app’s own deploy leaves', async () => {
  await using own = await freshDatabase();
  await using ownSession = await testSession(own.url);
  await makeHandedOver(ownSession);
  await using folder = await folderOf(appPrisma);
  const { exitCode, stderr } = await deployFrom(folder.path, own.url);
  assert.is(exitCode, 0, stderr);

  await apply(await readAppFolder(appPrisma, nextcrm.migrations));

  assert.equal(await readStructure(query, nextcrm.naming), await readStructure((text) => ownSession.query(text), nextcrm.naming));
  const columns = 'migration_name, checksum, logs, rolled_back_at, applied_steps_count, length(id) as length';
  const rows = (of: Session) =>
    of.query(`select ${columns} from public._prisma_migrations where finished_at is not null order by migration_name`);
  assert.equal(await rows(session), await rows(ownSession));
});

for (const parity of [0, 1]) {
  release(`go on where the app's CLI was killed: ${parity === 0 ? 'even' : 'odd'} ones committed, the others not`, async () => {
    const folder = await readAppFolder(appPrisma, nextcrm.migrations);
    for (const [index, migration] of folder.migrations.entries()) {
      const shows = effectsOf(migration.script).length > 0;
      if (shows) assert.is(await holds(migration), false, `${migration.name} is told to be there before it is`);
      await begun(migration);
      if (index % 2 === parity) await session.script(migration.script);
      if (shows) assert.is(await holds(migration), index % 2 === parity, `${migration.name} is not told rightly`);
      await apply(upTo(folder, index));
      if (shows) assert.is(await holds(migration), true, migration.name);
    }
    const rows = await recorded();
    assert.ok(rows.every(({ finished, logs }) => finished && logs === null));
    assert.is(new Set(rows.map(({ name }) => name)).size, rows.length);
    // One of them deletes the record of another.
    assert.is(rows.length, 43);
  });
}

release('stop at a value that one cannot take, with its name and without the value, and go on once it is corrected', async () => {
  const folder = await readAppFolder(appPrisma, nextcrm.migrations);
  await session.script(
    `insert into "crm_Leads" (id, "__v", "lastName", status) values (gen_random_uuid(), 0, 'CANARY', 'CANARY')`,
  );
  const failure = await failureOf(apply(folder));
  assert.equal([failure.code, failure.exit], ['APP_MIGRATION_FAILED', 4]);
  assert.match(failure.message, /20260327000001_crm_settings_db_backed failed with SQLSTATE P0004/);
  assert.not.match(`${failure.message} ${failure.next}`, /CANARY/);
  assert.is((await recorded()).at(-1)?.name, '20260325000010_add_target_enrichment_fields');
  const [there] = await session.query<{ n: string }>(
    `select count(*) as n from pg_attribute where attrelid = '"crm_Leads"'::regclass and attname = 'lead_status_id'`,
  );
  assert.is(there?.n, '0', 'rolled back');

  await session.script(`update "crm_Leads" set status = 'New'`);
  await apply(folder);
  assert.is((await recorded()).at(-1)?.name, folder.migrations.at(-1)?.name);
});

release('stop before an own COMMIT without a trace, and record it together with it', async () => {
  const { migrations } = await readAppFolder(appPrisma, nextcrm.migrations);
  const own = migrations.find(({ script }) => /^BEGIN;/.test(script));
  assert.ok(own !== undefined);
  const broken = { ...own, script: own.script.replace(/COMMIT;\s*$/, 'select 1/0; COMMIT;') };
  await failureOf(apply({ path: '', known: nextcrm.migrations, migrations: [broken] }));
  assert.is((await recorded()).length, 1);
  assert.is(await holds(own), false);
});

test('a script that cannot be one transaction is recorded in two steps, and finished later by what it left', async () => {
  const migration = {
    name: '1_concurrently',
    checksum: 'x',
    script: 'CREATE INDEX CONCURRENTLY "later_idx" ON "Users" ("email")',
  };
  await begun(migration);
  await session.script(migration.script);
  await apply({ path: '', known: nextcrm.migrations, migrations: [migration] });
  assert.equal(
    (await recorded()).map(({ name, finished, steps }) => [name, finished, steps]),
    [
      ['0_init', true, 1],
      ['1_concurrently', true, 1],
    ],
  );
  await session.script('drop index "later_idx"');
  const again = { ...migration, name: '2_concurrently' };
  await apply({ path: '', known: nextcrm.migrations, migrations: [migration, again] });
  assert.is(await holds(again), true);
});

/** As a later release may have one: it cannot be one transaction. */
const committing = (end: string): AppMigration => ({
  name: '1_commit',
  checksum: 'x',
  script: `create table "first" (n integer); commit; create table if not exists "second" (n integer); ${end}`,
});

test('a COMMIT in the middle of a script is applied as it is; where it fails behind it, nobody is told that it was rolled back', async () => {
  const failure = await failureOf(apply({ path: '', known: nextcrm.migrations, migrations: [committing('select 1/0')] }));
  assert.match(failure.message, /1_commit failed with SQLSTATE 22012/);
  assert.match(failure.message, /may be there/);
  assert.not.match(failure.message, /rolled back/);
  await session.script('drop table "first"');
  const migration = committing('');
  await apply({ path: '', known: nextcrm.migrations, migrations: [migration] });
  assert.is(await holds(migration), true);
  assert.equal(
    (await recorded()).map(({ name, finished }) => [name, finished]),
    [
      ['0_init', true],
      ['1_commit', true],
    ],
  );
});

test('a script that shows nowhere in the catalog is recorded with what it does, once', async () => {
  await session.script('create table "counter" (n integer); insert into "counter" values (0)');
  const migration = { name: '1_update', checksum: 'x', script: 'update "counter" set n = n + 1' };
  for (const _ of [1, 2]) await apply({ path: '', known: nextcrm.migrations, migrations: [migration] });
  assert.equal(await session.query('select n from "counter"'), [{ n: 1 }]);
});

test('the fingerprints are sealed until the app itself applies a migration', async () => {
  const ours = nextcrm.migrations.ours.map(({ name }) => name);
  const [one, two] = ['1_one', '2_two'].map((name) => ({ name, checksum: 'x', script: `create table "${name}" (n integer)` }));
  assert.ok(one !== undefined && two !== undefined);
  await session.script(
    'create schema nextcrm_migration; create table nextcrm_migration.id_map (collection text, source_id text, id uuid)',
  );
  await session.transaction(async () => {
    await takeSnapshot(session, [], rulesOf(nextcrm.releases));
    await session.script(`insert into nextcrm_migration.fingerprint values ('Users', null, '', 'text', 0, '0')`);
    await sealSnapshot(session);
  });
  await apply({ path: '', known: nextcrm.migrations, migrations: [one] });
  assert.is(await isSealed(session, ours), true);
  await begun(two);
  assert.is(await isSealed(session, ours), false, "the app's own CLI has begun one");
  await apply({ path: '', known: nextcrm.migrations, migrations: [one, two] });
  assert.is(await isSealed(session, ours), false, 'also where its record is gone');
});

test('nothing is applied twice, and a CLI of the app that is at work is waited for', async () => {
  const migration = { name: '1_insert', checksum: 'x', script: `create table "one" (n integer); insert into "one" values (1)` };
  await apply({ path: '', known: nextcrm.migrations, migrations: [migration] });
  await apply({ path: '', known: nextcrm.migrations, migrations: [migration] });
  const [row] = await session.query<{ n: string }>('select count(*) as n from "one"');
  assert.is(row?.n, '1');

  await using other = await testSession(database.url);
  await other.query('select pg_advisory_lock(72707369)');
  await session.script("set lock_timeout = '50ms'");
  assert.is((await failureOf(apply({ path: '', known: nextcrm.migrations, migrations: [migration] }))).code, 'TARGET_LOCKED');
});

test.run();
