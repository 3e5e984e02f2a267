import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { deploy, diff, status, validate } from '../../../src/prisma/cli.ts';
import { migrationNamesOf } from '../../../src/prisma/history.ts';
import type { Session } from '../../../src/target/session.ts';
import { readStructure } from '../../../src/target/structure.ts';
import { finalCatalog, fixture, givenCatalog, unquoted } from '../../support/catalog.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { diffMissing, migration } from '../../support/prisma.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('migrations');
let database: TestDatabase;
let session: Session;

test.before(async () => {
  database = await freshDatabase();
  await deploy({ url: database.url });
  session = await testSession(database.url);
});

test.after(async () => {
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test('0_init alone makes exactly the given catalog', async () => {
  await using empty = await freshDatabase();
  await using alone = await testSession(empty.url);
  await alone.script(await migration('0_init'));
  const { enums, tables, functions, extensions } = await readStructure((text) => alone.query(text), nextcrm.naming);
  const given = await givenCatalog();
  assert.is(Object.keys(given.tables).length, 39);
  assert.equal(unquoted({ enums, tables }), given);
  assert.equal([functions, extensions], [[], []]);
});

test('a deployed target is the given catalog with the listed changes and nothing else', async () => {
  const { enums, tables, functions, extensions } = await readStructure((text) => session.query(text), nextcrm.naming);
  assert.equal(unquoted({ enums, tables }), await finalCatalog());
  assert.equal(
    functions.map(({ name }) => name),
    ['nextcrm_search_text'],
  );
  assert.equal(extensions, ['vector']);
});

test('the catalog that the program carries, and the golden one, are those of a deployed target', async () => {
  const catalog = await readStructure((text) => session.query(text), nextcrm.naming);
  assert.equal(JSON.parse(await readFile(new URL('../../../prisma/catalog.json', import.meta.url), 'utf8')), catalog);
  assert.equal(await fixture('final'), catalog);
});

test('a catalog tells a dropped index, a changed default, a lost key and an unvalidated one', async () => {
  const before = await readStructure((text) => session.query(text), nextcrm.naming);
  const changes = [
    'drop index "nextcrm_Boards_updatedAt"',
    'alter table "Users" alter "userLanguage" set default \'de\'',
    'alter table "Boards" drop constraint "Boards_user_fkey"',
    'alter table "Boards" drop constraint "Boards_user_fkey", add constraint "Boards_user_fkey" foreign key ("user") references "Users" on update cascade on delete restrict not valid',
    'alter table "Tasks" alter likes type integer',
    'alter table "Tasks" alter title drop not null',
    'alter table "Tasks" add check (likes > 0)',
    'alter type "Language" add value \'fr\'',
    'drop table "ImageUpload"',
    'create table "foreign" (id uuid)',
  ];
  for (const change of changes) {
    await session.script('begin');
    await session.script(change);
    const after = await readStructure((text) => session.query(text), nextcrm.naming);
    await session.script('rollback');
    assert.not.equal(after, before, change);
  }
  assert.equal(await readStructure((text) => session.query(text), nextcrm.naming), before);
});

test('Prisma finds the schema valid and the history complete', async () => {
  const call = { url: database.url };
  assert.is((await validate()).exitCode, 0);
  const reported = await status(call);
  assert.is(reported.exitCode, 0);
  assert.match(reported.stdout, 'Database schema is up to date');
});

const compared = test.unless(await diffMissing());

compared('Prisma finds no difference between the database and its schema', async () => {
  const differences = await diff({ url: database.url });
  assert.is(differences.exitCode, 0, differences.stdout);
  assert.match(differences.stdout, 'No difference detected');
});

compared('Prisma sees a column that is not as schema.prisma says', async () => {
  await using other = await freshDatabase();
  await deploy({ url: other.url });
  await using changed = await testSession(other.url);
  await changed.script('alter table "Employees" alter salary type integer');
  const differences = await diff({ url: other.url });
  assert.is(differences.exitCode, 2);
  assert.match(differences.stdout, 'salary');
});

test('a second deploy applies nothing', async () => {
  const rows = () => session.query('select id, migration_name, started_at from _prisma_migrations order by started_at');
  const before = await rows();
  await deploy({ url: database.url });
  assert.equal(
    before.map((row) => row['migration_name']),
    migrationNamesOf(nextcrm.migrations),
  );
  assert.equal(await rows(), before);
});

test.run();
