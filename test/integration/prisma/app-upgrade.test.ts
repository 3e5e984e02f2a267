import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import type { Session } from '../../../src/target/session.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { makeTables } from '../../support/prisma.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const { collections, junctions } = nextcrm;

const test = suite("the app's later releases");
let database: TestDatabase;
let session: Session;

test.before(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
  await makeTables(session);
  await session.script(await readFile(new URL('../../../src/state/schema.sql', import.meta.url), 'utf8'));
});

test.after(async () => {
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** Rolled back, so that each test meets the target as a run leaves it. */
async function tried(script: string): Promise<void> {
  await session.script('begin');
  try {
    await session.script(script);
  } finally {
    await session.script('rollback');
  }
}

test('can turn every bigint back into an integer', async () => {
  const columns = await session.query<{ table_name: string; column_name: string }>(
    `select table_name, column_name from information_schema.columns where table_schema = 'public' and data_type = 'bigint'`,
  );
  assert.is(columns.length, 12);
  for (const { table_name, column_name } of columns)
    await tried(`alter table "${table_name}" alter "${column_name}" type integer`);
});

test('can drop every enum after its columns, and replace one under an index of ours', async () => {
  const columns = await session.query<{ table_name: string; column_name: string; udt_name: string }>(
    `select table_name, column_name, udt_name from information_schema.columns
     where table_schema = 'public' and data_type = 'USER-DEFINED' and udt_name <> 'vector'`,
  );
  assert.ok(columns.length > 0);
  for (const { table_name, column_name, udt_name } of columns) {
    const others = columns.filter((other) => other.udt_name === udt_name);
    const drops = others.map((other) => `alter table "${other.table_name}" drop column "${other.column_name}"`);
    await tried([...drops, `drop type "${udt_name}"`].join(';'));
    await tried(`alter table "${table_name}" alter "${column_name}" drop default;
      alter table "${table_name}" alter "${column_name}" type text using "${column_name}"::text`);
  }
});

test('can drop a column that an index of ours reads, and make it another type', async () => {
  await tried('alter table "crm_Contacts" drop column notes');
  await tried('alter table "Tasks" alter content type varchar(200)');
});

test('can drop every table without CASCADE once its own keys are gone', async () => {
  const keys = await session.query<{ table: string; name: string }>(
    `select conrelid::regclass::text as table, conname as name from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  assert.ok(keys.length > 40);
  const tables = [...collections.map(({ collection }) => collection), ...junctions.map(({ table }) => table)];
  await tried(
    [
      ...keys.map(({ table, name }) => `alter table ${table} drop constraint "${name}"`),
      ...tables.map((table) => `drop table "${table}"`),
      ...['ActiveStatus', 'gptStatus', 'taskStatus', 'Language'].map((type) => `drop type "${type}"`),
      'drop function nextcrm_search_text',
    ].join(';'),
  );
});

test('can live without the schema nextcrm_migration', async () => {
  await tried('drop schema nextcrm_migration cascade; select 1 from "Users"');
  const [row] = await session.query<{ count: string }>(
    `select count(*) from pg_depend d join pg_class c on c.oid = d.objid and d.classid = 'pg_class'::regclass
     where c.relnamespace = 'nextcrm_migration'::regnamespace and d.refclassid = 'pg_class'::regclass
       and d.refobjid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`,
  );
  assert.is(row?.count, '0');
});

test.run();
