import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { deploy } from '../../../src/prisma/cli.ts';
import { handOver, migrationNamesOf, readHistory, repairHistory } from '../../../src/prisma/history.ts';
import type { Session } from '../../../src/target/session.ts';
import { type Query, readStructure } from '../../../src/target/structure.ts';
import { fixture } from '../../support/catalog.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { appFolder, deployFrom, diagnose, migration } from '../../support/prisma.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('history');
const stateSchema = await readFile(new URL('../../../src/state/schema.sql', import.meta.url), 'utf8');
const initSql = await migration('0_init');

const queryOf =
  (session: Session): Query =>
  (text) =>
    session.query(text);

const record = (session: Session) =>
  session.query(
    `select migration_name as name, checksum, finished_at is not null as finished from public._prisma_migrations order by migration_name collate "C"`,
  );

/** The target as a run leaves it that was killed while the last of `names` was applied, before or after its commit. */
async function killedAt(session: Session, names: readonly string[], committed: boolean): Promise<void> {
  await session.script(`
    create table public._prisma_migrations (
      id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
      logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
  for (const [index, name] of names.entries()) {
    const sql = await migration(name);
    const last = index === names.length - 1;
    if (!last || committed) await session.script(sql);
    await session.execute(
      `insert into public._prisma_migrations (id, checksum, migration_name, finished_at)
       values (gen_random_uuid(), encode(sha256(convert_to($1, 'UTF8')), 'hex'), $2, case when $3 then null else now() end)`,
      [sql, name, last],
    );
  }
}

for (const committed of [true, false]) {
  const where = committed ? 'behind the commit of' : 'inside';
  test(`after a kill ${where} a migration, its row is ${committed ? 'finished' : 'forgotten'}`, async () => {
    await using database = await freshDatabase();
    await using session = await testSession(database.url);
    for (const index of migrationNamesOf(nextcrm.migrations).keys()) {
      await session.script('begin');
      await killedAt(session, migrationNamesOf(nextcrm.migrations).slice(0, index + 1), committed);
      await repairHistory(session, nextcrm.migrations);
      assert.equal(
        (await record(session)).map((row) => [row['name'], row['finished']]),
        migrationNamesOf(nextcrm.migrations)
          .slice(0, index + (committed ? 1 : 0))
          .map((name) => [name, true]),
      );
      await session.script('rollback');
    }
  });

  test(`a deploy continues after a kill ${where} a migration`, async () => {
    await using database = await freshDatabase();
    await using session = await testSession(database.url);
    await killedAt(session, migrationNamesOf(nextcrm.migrations).slice(0, 3), committed);
    await repairHistory(session, nextcrm.migrations);
    await deploy({ url: database.url });
    assert.equal((await readHistory(session, nextcrm.migrations)).applied, migrationNamesOf(nextcrm.migrations));
    assert.equal(await readStructure(queryOf(session), nextcrm.naming), await fixture('final'));
  });
}

test('without the repair, Prisma refuses to continue', async () => {
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  await killedAt(session, migrationNamesOf(nextcrm.migrations).slice(0, 2), true);
  await deploy({ url: database.url }).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, '1_bigint_columns'),
  );
});

test('a repair changes nothing in an empty target, in a finished one, or in rows that are not ours', async () => {
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  await repairHistory(session, nextcrm.migrations);
  await deploy({ url: database.url });
  await session.script(`insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'x', '20990101000000_later')`);
  const before = await session.query('select * from _prisma_migrations order by id');
  await repairHistory(session, nextcrm.migrations);
  assert.equal(await session.query('select * from _prisma_migrations order by id'), before);
});

test('a deploy stopped inside a migration leaves what the next one completes', async () => {
  await using database = await freshDatabase();
  await using gate = await testSession(database.url);
  await using session = await testSession(database.url);
  await gate.script(`
    select pg_advisory_lock(1);
    create function wait_at_gate() returns event_trigger language plpgsql as 'begin perform pg_advisory_xact_lock(1); end';
    create event trigger gate on ddl_command_start when tag in ('CREATE EXTENSION') execute function wait_at_gate()`);
  const stop = new AbortController();
  const stopped = deploy({ url: database.url, signal: stop.signal });
  while (
    (
      await session.query(
        "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
      )
    ).length === 0
  );
  stop.abort(new Error('stopped by the test'));
  await stopped.then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'stopped by the test'),
  );
  assert.equal((await readHistory(session, nextcrm.migrations)).applied, migrationNamesOf(nextcrm.migrations).slice(0, 3));
  await gate.script('drop event trigger gate; drop function wait_at_gate; select pg_advisory_unlock(1)');
  await repairHistory(session, nextcrm.migrations);
  await deploy({ url: database.url });
  assert.equal(await readStructure(queryOf(session), nextcrm.naming), await fixture('final'));
});

test('the hand-over leaves 0_init alone with the checksum of the app, and keeps our record', async () => {
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  await deploy({ url: database.url });
  await session.script(stateSchema);
  const before = await session.query('select * from _prisma_migrations order by id');
  await handOver(session, nextcrm.migrations);
  assert.equal(await record(session), [{ name: '0_init', checksum: nextcrm.migrations.appInitChecksum, finished: true }]);
  assert.equal(await session.query('select * from nextcrm_migration.prisma_migrations order by id'), before);
  assert.equal(await readHistory(session, nextcrm.migrations), {
    applied: ['0_init'],
    foreign: [],
    unfinished: [],
    handedOver: true,
  });
  await handOver(session, nextcrm.migrations);
  assert.equal(await record(session), [{ name: '0_init', checksum: nextcrm.migrations.appInitChecksum, finished: true }]);
  assert.equal(await session.query('select * from nextcrm_migration.prisma_migrations order by id'), before);
});

test('a history that is not complete is not handed over', async () => {
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  await killedAt(session, migrationNamesOf(nextcrm.migrations).slice(0, 3), true);
  await session.script(stateSchema);
  const before = await record(session);
  await handOver(session, nextcrm.migrations).then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.name, 'Bug'),
  );
  assert.equal(await record(session), before);
});

test("the app's deploy takes a target that was handed over: 0_init is not applied again, what follows is", async () => {
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  await deploy({ url: database.url });
  await session.script(stateSchema);
  await handOver(session, nextcrm.migrations);
  await using folder = await appFolder({
    '0_init': `-- Another text with another checksum.\n${initSql}`,
    '20260101000000_later':
      'alter table "tasksComments" alter column task drop not null; alter table "Employees" alter salary type integer;',
  });
  const first = await deployFrom(folder.path, database.url);
  assert.is(first.exitCode, 0, first.stderr);
  assert.match(first.stdout, '20260101000000_later');
  assert.not.match(first.stdout, '0_init/');
  assert.match((await deployFrom(folder.path, database.url)).stdout, 'No pending migrations to apply');
  assert.equal((await readHistory(session, nextcrm.migrations)).foreign, ['20260101000000_later']);
});

test('deploy looks neither at checksums nor for missing folders; to migrate dev a text with another checksum is edited', async () => {
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  await deploy({ url: database.url });
  assert.equal((await diagnose(database.url, { '0_init': initSql })).editedMigrationNames, []);
  assert.equal((await diagnose(database.url, { '0_init': `${initSql}--` })).editedMigrationNames, ['0_init']);
  await using folder = await appFolder({ '0_init': `${initSql}--` });
  assert.match((await deployFrom(folder.path, database.url)).stdout, 'No pending migrations to apply');
  await session.script(stateSchema);
  await handOver(session, nextcrm.migrations);
  assert.equal((await diagnose(database.url, { '0_init': initSql })).editedMigrationNames, ['0_init']);
});

test.run();
