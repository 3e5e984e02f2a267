/** What the target must be, asked before the first write: each requirement alone, all at once, and the SQL that is given as the remedy. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { Failure } from '../../../src/failure.ts';
import { ownObjects } from '../../../src/preconditions/own-objects.ts';
import { preflight } from '../../../src/target/preflight/preflight.ts';
import { ownServer } from '../../support/own-server.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { makeTables } from '../../support/prisma.ts';
import { heldOpen } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('requirements of the target');

/** Null where all is met. Nothing of the trials is left. */
async function asked(url: string): Promise<Failure | null> {
  const before = await namesIn(url);
  const failure = await askedAlone(url);
  assert.equal(await namesIn(url), before);
  return failure;
}

async function askedAlone(url: string): Promise<Failure | null> {
  await using session = await testSession(url);
  const error = await preflight(session, ownObjects(nextcrm), true).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error !== null) assert.instance(error, Failure, String(error));
  return error as Failure | null;
}

async function inDatabase(url: string, ...statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    let rows: readonly Record<string, unknown>[] = [];
    for (const statement of statements) rows = await sql.unsafe(statement);
    return rows.map((row) => ({ ...row }));
  } finally {
    await sql.end();
  }
}

const namesIn = (url: string) =>
  inDatabase(
    url,
    `select nspname::text as name from pg_namespace where nspname !~ '^pg_(toast_)?temp' union all select typname from pg_type where typnamespace = to_regnamespace('public')
     union all select proname from pg_proc where pronamespace = to_regnamespace('public')
     union all select extname from pg_extension order by 1`,
  );

/** The statements after the last colon of what is to be done. */
const remedyIn = ({ next }: Failure) => next.slice(next.lastIndexOf(': ') + 2);

/** A session that was closed is one of the database's until its process has ended. */
async function nobodyIn(database: string): Promise<void> {
  const query = `select from pg_stat_activity where datname = '${database}'`;
  while ((await inDatabase(process.env['TEST_DATABASE_URL'] ?? '', query)).length > 0);
}

/** `asking`: who asks; the administrator remedies it. */
async function refusedAndRemedied(url: string, asking: string, code: string, pattern: RegExp): Promise<void> {
  const failure = await asked(asking);
  assert.ok(failure);
  assert.equal([failure.code, failure.exit], [code, 4], failure.message);
  assert.match(failure.message, pattern);
  await inDatabase(url, remedyIn(failure));
  assert.is(await asked(asking), null);
}

test('an empty database meets all of them', async () => {
  await using database = await freshDatabase();
  assert.is(await asked(database.url), null);
});

for (const [encoding, locale] of [
  ['LATIN1', 'C'],
  ['LATIN2', 'C'],
  ['WIN1250', 'C'],
  ['EUC_JP', 'C'],
  ['SQL_ASCII', 'C'],
] as const) {
  test(`the encoding ${encoding} is refused with the line that creates a UTF8 database`, async () => {
    const admin = process.env['TEST_DATABASE_URL'] ?? '';
    const name = `enc_${randomBytes(4).toString('hex')}`;
    await inDatabase(admin, `create database "${name}" template template0 encoding '${encoding}' locale '${locale}'`);
    try {
      const failure = await asked(Object.assign(new URL(admin), { pathname: `/${name}` }).href);
      assert.equal([failure?.code, failure?.exit], ['TARGET_ENCODING', 4]);
      assert.match(failure?.message ?? '', encoding);
      await inDatabase(admin, remedyIn(failure as Failure));
      const other = Object.assign(new URL(admin), { pathname: `/${name}_utf8` }).href;
      assert.equal(await inDatabase(other, `select upper('žluť') as upper, length('žluť') as length`), [
        { upper: 'ŽLUŤ', length: 4 },
      ]);
      assert.is(await asked(other), null);
    } finally {
      await inDatabase(admin, `drop database if exists "${name}"`, `drop database if exists "${name}_utf8"`);
    }
  });
}

test('a database without the schema public', async () => {
  await using database = await freshDatabase();
  await inDatabase(database.url, 'drop schema public');
  await refusedAndRemedied(database.url, database.url, 'TARGET_SCHEMA_MISSING', /no schema "public"/);
});

test('the extension in another schema, as Supabase has it', async () => {
  await using database = await freshDatabase();
  await inDatabase(database.url, 'create schema extensions', 'create extension vector schema extensions');
  await refusedAndRemedied(database.url, database.url, 'TARGET_VECTOR_SCHEMA', /schema "extensions"/);
});

test('pgvector that another session creates meanwhile is no refusal: a killed run may have left a schema engine at work', async () => {
  await using database = await freshDatabase();
  const other = await heldOpen(database.url, 'create extension vector');
  const asking = askedAlone(database.url);
  const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await inDatabase(database.url, waits)).length === 0);
  await other[Symbol.asyncDispose]();
  assert.is(await asking, null);
});

test('what pgvector would create is there already, and is not its own', async () => {
  await using database = await freshDatabase();
  for (const [create, drop] of [
    ['create type public.vector as (n integer)', 'drop type public.vector'],
    ['create domain public.halfvec as text', 'drop domain public.halfvec'],
    [
      `create type public.vector; create function public.vector_in(cstring, oid, integer) returns public.vector language internal immutable strict as 'textin'`,
      'drop type public.vector cascade',
    ],
  ] as const) {
    await inDatabase(database.url, create);
    const failure = await asked(database.url);
    assert.equal([failure?.code, failure?.exit], ['TARGET_NOT_EMPTY', 4], create);
    assert.match(failure?.message ?? '', /a name that the extension uses/);
    await inDatabase(database.url, drop);
  }
  assert.is(await asked(database.url), null);
});

test('an extension that is not in the list of allowed ones, as Azure refuses it, and a library that is missing', async () => {
  for (const [sqlState, code, next] of [
    ['0A000', 'TARGET_VECTOR_NOT_ALLOWED', /azure\.extensions/],
    ['58P01', 'TARGET_VECTOR_UNUSABLE', /the error says/],
  ] as const) {
    await using database = await freshDatabase();
    await inDatabase(
      database.url,
      `create function refuses() returns event_trigger language plpgsql as 'begin raise exception using errcode = ''${sqlState}''; end'`,
      `create event trigger list on ddl_command_start when tag in ('CREATE EXTENSION') execute function refuses()`,
    );
    const failure = await asked(database.url);
    assert.equal([failure?.code, failure?.exit], [code, 4]);
    assert.match(failure?.next ?? '', next);
  }
});

test('a history of migrations that belongs to another user', async () => {
  await using database = await freshDatabase();
  const name = new URL(database.url).pathname.slice(1);
  const role = `heir_${randomBytes(4).toString('hex')}`;
  await inDatabase(
    database.url,
    `create extension vector; create table _prisma_migrations (migration_name text, finished_at timestamptz)`,
    `create role "${role}" login password 'x'`,
    `grant create on database "${name}" to "${role}"; grant create, usage on schema public to "${role}"`,
  );
  const url = Object.assign(new URL(database.url), { username: role, password: 'x' }).href;
  try {
    await refusedAndRemedied(database.url, url, 'TARGET_NO_RIGHT', /public\._prisma_migrations/);
  } finally {
    await inDatabase(database.url, `drop owned by "${role}"`, `drop role "${role}"`);
  }
});

test('limits of connections of the role and of the database leave room for one more', async () => {
  await using database = await freshDatabase();
  const name = new URL(database.url).pathname.slice(1);
  const admin = process.env['TEST_DATABASE_URL'] ?? '';
  const role = `limited_${randomBytes(4).toString('hex')}`;
  await inDatabase(
    database.url,
    `create extension vector; create role "${role}" login password 'x'`,
    `grant create on database "${name}" to "${role}"; grant create, usage on schema public to "${role}"`,
  );
  const url = Object.assign(new URL(database.url), { username: role, password: 'x' }).href;
  try {
    for (const owner of [`role "${role}"`, `database "${name}"`]) {
      await nobodyIn(name);
      await inDatabase(admin, `alter ${owner} connection limit 1`);
      const failure = await askedAlone(url);
      assert.equal([failure?.code, failure?.exit], ['TARGET_TOO_MANY_CONNECTIONS', 4]);
      assert.match(failure?.next ?? '', `ALTER ${owner.toUpperCase().slice(0, 4)}`);
      // A superuser is exempt.
      assert.is(await asked(database.url), null);
      await inDatabase(admin, remedyIn(failure as Failure));
    }
    assert.is(await asked(url), null);
  } finally {
    await inDatabase(database.url, `drop owned by "${role}"`, `drop role "${role}"`);
  }
});

test('a database that accepts no connections is a login that is refused', async () => {
  await using database = await freshDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await inDatabase(process.env['TEST_DATABASE_URL'] ?? '', `alter database "${name}" allow_connections false`);
  const error = await testSession(database.url).then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.instance(error, Failure);
  assert.equal([(error as Failure).code, (error as Failure).exit], ['TARGET_LOGIN_REFUSED', 4]);
  assert.match((error as Failure).next, 'ALLOW_CONNECTIONS true');
});

test('a synchronous standby that is not there: every commit would wait without end', async () => {
  await using server = await ownServer();
  const setStandby = async (...statements: readonly string[]) => {
    for (const statement of statements) await inDatabase(server.url, statement);
  };
  const isSet = async (names: string) =>
    (await inDatabase(server.url, `select from pg_settings where name = 'synchronous_standby_names' and setting = '${names}'`))
      .length > 0;
  await setStandby(`alter system set synchronous_standby_names = 'nobody'`, 'select pg_reload_conf()');
  while (!(await isSet('nobody')));
  const failure = await asked(server.url);
  assert.equal([failure?.code, failure?.exit], ['TARGET_STANDBY_MISSING', 4], failure?.message);
  assert.match(failure?.message ?? '', /'nobody'/);
  if (failure === null) return;
  // ALTER SYSTEM cannot be one of several statements.
  await setStandby(...remedyIn(failure).split('; '));
  while (!(await isSet('')));
  assert.is(await asked(server.url), null);
});

test('default_transaction_read_only of the role and of the database', async () => {
  await using database = await freshDatabase({ password: 'x' });
  const { username, pathname } = new URL(database.url);
  for (const owner of [`role "${username}"`, `database "${pathname.slice(1)}"`]) {
    await inDatabase(database.url, `alter ${owner} set default_transaction_read_only = on`);
    const failure = await asked(database.url);
    assert.equal([failure?.code, failure?.exit], ['TARGET_READ_ONLY', 4]);
    assert.match(failure?.message ?? '', 'default_transaction_read_only');
    await inDatabase(database.url, remedyIn(failure as Failure));
    assert.is(await asked(database.url), null);
  }
});

test('what an earlier attempt left, of every kind, is told at once with the SQL that removes it', async () => {
  await using database = await freshDatabase();
  const left = [
    `create type "ActiveStatus" as enum ('a')`,
    `create type "taskStatus" as enum ('a')`,
    `create type "SomeOtherEnum" as enum ('a')`,
    'create domain "Users" as text',
    'create type "Boards" as (n integer)',
    'create type "Tasks" as range (subtype = integer)',
    'create table "crm_Leads" (id uuid primary key)',
    'create view "crm_Contacts" as select 1 as n',
    'create materialized view "Documents" as select 1 as n',
    'create sequence "Invoices"',
    'create sequence some_sequence',
    'create table somebody (n serial primary key, t "taskStatus")',
    `create function nextcrm_search_text(texts text[]) returns text language sql as 'select null::text'`,
    `create function nextcrm_search_text(texts text) returns text language sql as 'select null::text'`,
    `create procedure nextcrm_other() language sql as 'select 1'`,
  ];
  await inDatabase(database.url, ...left);
  const failure = await asked(database.url);
  assert.is(failure?.code, 'TARGET_NOT_EMPTY');
  for (const name of [
    ...['ActiveStatus', 'taskStatus', 'SomeOtherEnum', 'Users', 'Boards', 'Tasks', 'crm_Leads', 'crm_Contacts', 'Documents'],
    ...['Invoices', 'some_sequence', 'somebody', 'nextcrm_search_text', 'nextcrm_other'],
  ])
    assert.match(failure?.next ?? '', name);
  assert.not.match(failure?.next ?? '', 'somebody_n_seq');
  await inDatabase(database.url, remedyIn(failure as Failure));
  assert.is(await asked(database.url), null);
});

test('each kind alone is in the way too, and a table without its history', async () => {
  for (const statement of [
    `create type "Language" as enum ('a')`,
    'create domain "Users" as text',
    'create sequence "Users"',
    `create function nextcrm_search_text(texts text[]) returns text language sql as 'select null::text'`,
    'create table "Users" (id uuid)',
    'create type "Users_pkey" as (n integer)',
    `create table _prisma_migrations (migration_name text, finished_at timestamptz); insert into _prisma_migrations values ('0_init', now())`,
    'create schema nextcrm_migration',
  ]) {
    await using database = await freshDatabase();
    await inDatabase(database.url, statement);
    await refusedAndRemedied(database.url, database.url, 'TARGET_NOT_EMPTY', /nextcrm_migration|objects that no migration/);
  }
});

test("what is nobody's way is left alone: functions, domains, extensions, an empty history", async () => {
  await using database = await freshDatabase();
  await inDatabase(
    database.url,
    'create extension vector',
    'create domain positive as integer check (value > 0)',
    `create function helper() returns integer language sql as 'select 1'`,
    'create schema other; create table other."Users" (id uuid)',
    'create table _prisma_migrations (migration_name text, finished_at timestamptz)',
  );
  assert.is(await asked(database.url), null);
});

test('tables that our own migrations made, and nobody filled, are accepted', async () => {
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  await makeTables(session);
  await inDatabase(
    database.url,
    `create table if not exists _prisma_migrations (migration_name text, finished_at timestamptz);
     insert into _prisma_migrations select unnest(array['${ownObjects(nextcrm).migrations.join("', '")}']), now()`,
  );
  const failure = await asked(database.url);
  assert.is(failure, null, failure?.message);
});

test('an event trigger that refuses is named with the line that disables it; one that only looks is not in the way', async () => {
  await using database = await freshDatabase();
  await inDatabase(
    database.url,
    `create function looks() returns event_trigger language plpgsql as 'begin end'`,
    'create event trigger watcher on ddl_command_end execute function looks()',
  );
  assert.is(await asked(database.url), null);
  await inDatabase(
    database.url,
    `create function refuses() returns event_trigger language plpgsql as 'begin raise exception ''no''; end'`,
    `create event trigger "No indexes" on ddl_command_start when tag in ('CREATE INDEX') execute function refuses()`,
  );
  await refusedAndRemedied(database.url, database.url, 'TARGET_EVENT_TRIGGER', /No indexes/);
});

/** On each table that is created in `public`. */
const atTables = (name: string, statement: string) => [
  `create function ${name}() returns event_trigger language plpgsql as $$
   declare made record;
   begin
     for made in select object_identity as name from pg_event_trigger_ddl_commands() where command_tag = 'CREATE TABLE' and schema_name = 'public' loop
       execute format('${statement}', made.name);
     end loop;
   end $$`,
  `create event trigger ${name} on ddl_command_end when tag in ('CREATE TABLE') execute function ${name}()`,
];

for (const [what, statements] of [
  [
    'the removal of constraints',
    [
      `create function keeps() returns event_trigger language plpgsql as $$
       begin
         if exists (select from pg_event_trigger_dropped_objects() where object_type = 'table constraint' and schema_name = 'public')
         then raise exception 'no'; end if;
       end $$`,
      'create event trigger keeps on sql_drop execute function keeps()',
    ],
  ],
  [
    'extensions',
    [
      `create function keeps() returns event_trigger language plpgsql as 'begin raise exception ''no''; end'`,
      `create event trigger keeps on ddl_command_start when tag in ('CREATE EXTENSION') execute function keeps()`,
    ],
  ],
] as const) {
  test(`an event trigger that refuses ${what} is named`, async () => {
    await using database = await freshDatabase();
    await inDatabase(database.url, ...statements);
    await refusedAndRemedied(database.url, database.url, 'TARGET_EVENT_TRIGGER', /keeps/);
  });
}

for (const [what, statement] of [
  ['a column', 'alter table %s add column tenant text'],
  ['a trigger', 'create trigger audit after insert on %s for each statement execute function noted()'],
  ['an index', 'create index on %s ((1))'],
  ['a constraint', 'alter table %s add check (true)'],
] as const) {
  test(`an event trigger that adds ${what} to each table is named: the tables would differ from those of the migrations`, async () => {
    await using database = await freshDatabase();
    await inDatabase(
      database.url,
      `create function noted() returns trigger language plpgsql as 'begin return null; end'`,
      ...atTables('adds', statement),
    );
    await refusedAndRemedied(database.url, database.url, 'TARGET_EVENT_TRIGGER', /adds/);
  });
}

test('row security that an event trigger enables is not in the way, one that it forces on the owner is', async () => {
  await using database = await freshDatabase();
  const role = `owner_${randomBytes(4).toString('hex')}`;
  const name = new URL(database.url).pathname.slice(1);
  const asking = Object.assign(new URL(database.url), { username: role, password: 'x' }).href;
  await inDatabase(
    database.url,
    'create extension vector',
    `create role "${role}" login password 'x'`,
    `grant create on database "${name}" to "${role}"`,
    `grant create on schema public to "${role}"`,
    ...atTables('secures', 'alter table %s enable row level security'),
  );
  try {
    assert.is(await asked(asking), null);
    await inDatabase(database.url, ...atTables('forces', 'alter table %s force row level security'));
    await refusedAndRemedied(database.url, asking, 'TARGET_EVENT_TRIGGER', /forces/);
  } finally {
    await inDatabase(database.url, `drop owned by "${role}"`, `drop role "${role}"`);
  }
});

test('tables are to be created in a tablespace that this user may not use', async () => {
  await using database = await freshDatabase();
  const role = `owner_${randomBytes(4).toString('hex')}`;
  const name = new URL(database.url).pathname.slice(1);
  const asking = Object.assign(new URL(database.url), { username: role, password: 'x' }).href;
  await inDatabase(
    database.url,
    'create extension vector',
    `create role "${role}" login password 'x'`,
    `grant create on database "${name}" to "${role}"`,
    `grant create on schema public to "${role}"`,
    `alter role "${role}" set default_tablespace = 'pg_global'`,
  );
  try {
    const failure = await asked(asking);
    assert.equal([failure?.code, failure?.exit], ['TARGET_NO_RIGHT', 4]);
    assert.match(failure?.message ?? '', /tablespace "pg_global"/);
    assert.match(failure?.next ?? '', /GRANT CREATE ON TABLESPACE pg_global TO/);
  } finally {
    await inDatabase(database.url, `drop owned by "${role}"`, `drop role "${role}"`);
  }
});

test('a type of the extension that this user may not use is a missing privilege, not a wrong build', async () => {
  await using database = await freshDatabase();
  const role = `owner_${randomBytes(4).toString('hex')}`;
  const name = new URL(database.url).pathname.slice(1);
  const asking = Object.assign(new URL(database.url), { username: role, password: 'x' }).href;
  await inDatabase(
    database.url,
    'create extension vector',
    `create role "${role}" login password 'x'`,
    `grant create on database "${name}" to "${role}"`,
    `grant create on schema public to "${role}"`,
    'revoke execute on all functions in schema public from public',
  );
  try {
    await refusedAndRemedied(database.url, asking, 'TARGET_NO_RIGHT', /extension "vector"/);
    await inDatabase(database.url, `revoke usage on schema public from public, "${role}"`);
    await refusedAndRemedied(database.url, asking, 'TARGET_NO_RIGHT', /create tables/);
  } finally {
    await inDatabase(database.url, `drop owned by "${role}"`, `drop role "${role}"`);
  }
});

test('a language that this user may not use', async () => {
  await using database = await freshDatabase();
  await inDatabase(database.url, 'drop extension plpgsql');
  await refusedAndRemedied(database.url, database.url, 'TARGET_NO_RIGHT', /plpgsql/);
});

test('all that is not met is told in one message, each with its line', async () => {
  await using database = await freshDatabase();
  const role = `weak_${randomBytes(4).toString('hex')}`;
  await inDatabase(
    database.url,
    'create schema extensions; create extension vector schema extensions',
    `create type "Language" as enum ('a')`,
    `create role "${role}" login password 'x'`,
  );
  try {
    const failure = await asked(Object.assign(new URL(database.url), { username: role, password: 'x' }).href);
    assert.equal([failure?.code, failure?.exit], ['TARGET_NOT_READY', 4]);
    for (const line of [
      /GRANT CREATE ON DATABASE/,
      /ALTER EXTENSION vector SET SCHEMA public;/,
      /DROP TYPE IF EXISTS public\."Language"/,
    ])
      assert.match(failure?.message ?? '', line);
  } finally {
    await inDatabase(database.url, `drop role "${role}"`);
  }
});

test.run();
