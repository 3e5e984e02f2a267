/** What bad input gets: the exit code, one clear sentence, no stack trace, no secret. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import type { Session } from '../../../src/target/session.ts';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Ended, type Workplace, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('what bad input gets');
let database: TestDatabase;
let place: Workplace;
let session: Session;
let dump: string;

test.before(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
});
test.beforeEach(async () => {
  place = await workplace();
  await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users: [{ _id: new ObjectId(), email: 'canary-value@example.com' }] });
  dump = dumpUrl(join(place.folder, 'dump'));
  await session.script(
    'drop schema if exists nextcrm_migration, nextcrm_archive cascade; drop schema public cascade; create schema public',
  );
});
test.afterEach(async () => await place[Symbol.asyncDispose]());
test.after(async () => {
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function refused(ended: Ended, exit: number, code: string, pattern: RegExp): void {
  assert.is(ended.exit, exit, ended.output);
  assert.match(ended.output, code);
  assert.match(ended.output, pattern);
  assert.not.match(ended.output, /^\s+at .*:\d+:\d+/m, 'no stack trace');
  assert.not.match(ended.output, /canary/, 'no secret');
}

test('no URL at all: both are named', async () => {
  const ended = await place.run([], {});
  refused(ended, 2, 'SETTINGS_INVALID', /MONGODB_URL is missing/);
  assert.match(ended.output, /DATABASE_URL is missing/);
});

test('the two swapped', async () => {
  const ended = await place.run([], { MONGODB_URL: 'postgresql://u:canary@h/d', DATABASE_URL: 'mongodb://u:canary@h/d' });
  refused(ended, 2, 'SETTINGS_INVALID', /swapped/);
});

test('a MongoDB URL in DATABASE_URL', async () => {
  refused(await place.run([], { MONGODB_URL: dump, DATABASE_URL: 'mongodb://u:canary@h/d' }), 2, 'SETTINGS_INVALID', /MongoDB/);
});

test('an unknown MIGRATION_ variable', async () => {
  refused(
    await place.run([], { MONGODB_URL: dump, DATABASE_URL: database.url, MIGRATION_BATCH: '1' }),
    2,
    'SETTINGS_INVALID',
    /MIGRATION_BATCH/,
  );
});

test('an unknown command', async () => {
  refused(await place.run(['migrat'], {}), 2, 'COMMAND_UNKNOWN', /verify/);
});

test('a dump folder that does not exist', async () => {
  refused(await place.run([], { MONGODB_URL: `${dump}-none`, DATABASE_URL: database.url }), 2, 'DUMP', /does not exist/);
});

test('an empty dump folder', async () => {
  await mkdir(join(place.folder, 'empty'));
  refused(
    await place.run([], { MONGODB_URL: dumpUrl(join(place.folder, 'empty')), DATABASE_URL: database.url }),
    2,
    'DUMP',
    /empty|contains no/,
  );
});

test('a dump with no known collection', async () => {
  await writeDump(join(place.folder, 'other', 'shop'), { orders: [{ _id: 1 }] });
  refused(
    await place.run([], { MONGODB_URL: dumpUrl(join(place.folder, 'other')), DATABASE_URL: database.url }),
    2,
    'SOURCE_NOT_NEXTCRM',
    /no NextCRM collection/,
  );
});

test('a source server that refuses', async () => {
  const ended = await place.run([], {
    MONGODB_URL: 'mongodb://user:canary@127.0.0.1:1/nextcrm?serverSelectionTimeoutMS=1000',
    DATABASE_URL: database.url,
  });
  refused(ended, 3, 'SOURCE', /127\.0\.0\.1:1/);
});

test('a target database that does not exist', async () => {
  const url = new URL(database.url);
  url.pathname = '/nowhere_at_all';
  refused(await place.run([], { MONGODB_URL: dump, DATABASE_URL: url.href }), 4, 'TARGET_DATABASE_MISSING', /does not exist/);
});

test('a login that is refused', async () => {
  await session.script("drop role if exists canary_user; create role canary_user login password 'right'");
  const url = new URL(database.url);
  url.username = 'nobody_canary';
  url.password = 'canary-password';
  refused(await place.run([], { MONGODB_URL: dump, DATABASE_URL: url.href }), 4, 'TARGET_LOGIN_REFUSED', /login/);
  await session.script('drop role canary_user');
});

test('a target that holds foreign tables', async () => {
  await session.script('create table public.somebody (n integer)');
  refused(await place.run([], { MONGODB_URL: dump, DATABASE_URL: database.url }), 4, 'TARGET_NOT_EMPTY', /somebody/);
});

test('rows in our tables that no run of ours wrote', async () => {
  await session.script(`
    create table public._prisma_migrations (migration_name text, finished_at timestamptz);
    insert into public._prisma_migrations values ('0_init', now());
    create table public."Users" (id uuid); insert into public."Users" values (gen_random_uuid())`);
  refused(await place.run([], { MONGODB_URL: dump, DATABASE_URL: database.url }), 4, 'TARGET_HAS_ROWS', /Users/);
});

test("a later release's schema", async () => {
  await session.script(`
    create table public._prisma_migrations (migration_name text, finished_at timestamptz);
    insert into public._prisma_migrations values ('0_init', now()), ('20260101000000_later', now());
    create table public."Users" (id uuid)`);
  refused(await place.run([], { MONGODB_URL: dump, DATABASE_URL: database.url }), 4, 'TARGET_UPGRADED', /later NextCRM release/);
});

test('a user without the right to create tables', async () => {
  await session.script("drop role if exists weak_canary; create role weak_canary login password 'canary'");
  const url = new URL(database.url);
  url.username = 'weak_canary';
  url.password = 'canary';
  const ended = await place.run([], { MONGODB_URL: dump, DATABASE_URL: url.href });
  await session.script('drop role weak_canary');
  assert.is(ended.exit, 4, ended.output);
  assert.match(ended.output, 'TARGET_NO_RIGHT');
  assert.match(ended.output, /GRANT CREATE/);
});

test('a user who may not create the extension gets the line for the administrator', async () => {
  await session.script("drop role if exists plain_owner; create role plain_owner login password 'canary'");
  const [row] = await session.query<{ name: string }>('select current_database() as name');
  await session.script(`grant all on database "${row?.name}" to plain_owner; grant all on schema public to plain_owner`);
  const url = new URL(database.url);
  url.username = 'plain_owner';
  url.password = 'canary';
  const ended = await place.run([], { MONGODB_URL: dump, DATABASE_URL: url.href });
  await session.script(
    `revoke all on database "${row?.name}" from plain_owner; drop owned by plain_owner; drop role plain_owner`,
  );
  // Where the build marks pgvector as trusted, the owner of the database may create it.
  if (ended.exit === 4) refused(ended, 4, 'TARGET_VECTOR_NOT_ALLOWED', /CREATE EXTENSION vector;/);
  else assert.match(String(ended.exit), /^[01]$/, ended.output);
});

test('a volume that cannot be written', async () => {
  await writeFile(join(place.folder, 'file'), '');
  const ended = await place.run([], {
    MONGODB_URL: dump,
    DATABASE_URL: database.url,
    MIGRATION_DIR: join(place.folder, 'file', 'volume'),
  });
  refused(ended, 2, 'VOLUME', /cannot|not writable|no folder/);
});

test('a checkpoint of another target, then a broken one: the database decides', async () => {
  const first = await place.run([], { MONGODB_URL: dump, DATABASE_URL: database.url });
  assert.is(first.exit, 0, first.output);
  await using other = await freshDatabase();
  refused(await place.run([], { MONGODB_URL: dump, DATABASE_URL: other.url }), 2, 'OTHER_TARGET', /contains no migration/);
  await chmod(join(place.volume, 'checkpoint.json'), 0o644);
  await writeFile(join(place.volume, 'checkpoint.json'), '{"version":1,');
  const again = await place.run([], { MONGODB_URL: dump, DATABASE_URL: database.url });
  assert.is(again.exit, 0, again.output);
  assert.match(again.output, /nothing to do/);
});

test('a run that belongs to another source', async () => {
  const first = await place.run([], { MONGODB_URL: dump, DATABASE_URL: database.url });
  assert.is(first.exit, 0, first.output);
  await session.script("update nextcrm_migration.run set step = 'load', exit_code = null");
  await writeDump(join(place.folder, 'second', 'othercrm'), { Users: [] });
  refused(
    await place.run([], { MONGODB_URL: dumpUrl(join(place.folder, 'second')), DATABASE_URL: database.url }),
    2,
    'OTHER_SOURCE',
    /othercrm/,
  );
});

test.run();
