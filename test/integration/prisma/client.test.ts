/** The generated client on a migrated database: it reads and writes every model, as the app will. */
import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { diff } from '../../../src/prisma/cli.ts';
import { PrismaClient } from '../../../src/prisma/client/client.ts';
import { readStructure, type Structure } from '../../../src/target/structure.ts';
import { adapterFor, diffMissing } from '../../support/prisma.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from '../validate/migrated.ts';
import { richContent } from '../validate/rich-dump.ts';

const { collections, junctions } = nextcrm;

const test = suite('the generated client');
let place: Migrated;
let client: PrismaClient;
let catalog: Structure;

test.before(async () => {
  place = await migrated(richContent);
  client = new PrismaClient({ adapter: await adapterFor(place.database.url) });
  catalog = await readStructure((text) => place.target.query(text), nextcrm.naming);
});
test.after(async () => {
  await client.$disconnect();
  await place[Symbol.asyncDispose]();
});

type Row = Record<string, unknown>;

/** What all models have in common; the client declares each with types of its own. */
interface Delegate {
  count(): Promise<number>;
  findMany(): Promise<Row[]>;
  findUnique(query: { readonly where: Row }): Promise<Row | null>;
  create(query: { readonly data: Row }): Promise<Row>;
  update(query: { readonly where: Row; readonly data: Row }): Promise<Row>;
  delete(query: { readonly where: Row }): Promise<Row>;
}

function delegateOf(table: string): Delegate {
  const delegate = Reflect.get(client, `${table.charAt(0).toLowerCase()}${table.slice(1)}`) as Delegate | undefined;
  assert.ok(delegate !== undefined, `the client has no model ${table}`);
  return delegate;
}

/** Values for a column: one to create with, one to update to. */
const samples: Readonly<Record<string, () => readonly [unknown, unknown]>> = {
  uuid: () => [randomUUID(), randomUUID()],
  'uuid[]': () => [[randomUUID(), randomUUID()], []],
  text: () => [`Žluťoučký ${randomUUID()} 😀`, `Їжак "'\\\n${randomUUID()}`],
  'text[]': () => [['a', 'ß', ''], []],
  integer: () => [2147483647, -2147483648],
  bigint: () => [9223372036854775807n, -(2n ** 53n) - 1n],
  boolean: () => [true, false],
  'timestamp(3) without time zone': () => [new Date('1969-12-31T23:59:59.999Z'), new Date('2100-02-28T00:00:00.001Z')],
  jsonb: () => [{ a: [1, null, { ü: 'č' }], b: true }, [1.5, 'text', {}]],
};

function valuesOf(type: string): readonly [unknown, unknown] {
  const sample = samples[type];
  if (sample !== undefined) return sample();
  const labels = catalog.enums[type.replaceAll('"', '')];
  assert.ok(labels !== undefined, `no value for the type ${type}`);
  return [labels[0], labels.at(-1)];
}

/** By column, the table that a foreign key names. */
function keysOf(table: string): ReadonlyMap<string, string> {
  const keys = catalog.tables[table]?.foreignKeys ?? [];
  return new Map(
    keys.map(({ definition }) => {
      const [, column = '', partner = ''] =
        /FOREIGN KEY \("?(\w+)"?\) REFERENCES (?:public\.)?"?(\w+)"?\(/.exec(definition) ?? [];
      return [column, partner];
    }),
  );
}

const fieldOf = (column: string): string => (column === '__v' ? 'v' : column);

/** A row of every column, and what to update it to; what it refers to is made first. */
async function dataOf(table: string): Promise<{ readonly create: Row; readonly update: Row }> {
  const keys = keysOf(table);
  const create: Row = {};
  const update: Row = {};
  for (const { name, type } of catalog.tables[table]?.columns ?? []) {
    const partner = keys.get(name);
    const [first, second] = partner === undefined ? valuesOf(type) : [(await made(partner))['id'], undefined];
    create[fieldOf(name)] = first;
    if (second !== undefined && name !== 'id') update[fieldOf(name)] = second;
  }
  return { create, update };
}

async function made(table: string): Promise<Row> {
  return await delegateOf(table).create({ data: (await dataOf(table)).create });
}

for (const { collection } of collections) {
  test(`${collection}: every migrated row is read, and a row of every column is created, updated and deleted`, async () => {
    const delegate = delegateOf(collection);
    const rows = await delegate.findMany();
    const [counted] = await place.target.query(`select count(*)::integer as n from public."${collection}"`);
    assert.is(rows.length, counted?.['n']);
    const { create, update } = await dataOf(collection);
    const where = { id: create['id'] };
    assert.equal(await delegate.create({ data: create }), create);
    assert.equal(await delegate.findUnique({ where }), create);
    assert.equal(await delegate.update({ where, data: update }), { ...create, ...update });
    assert.equal(await delegate.findUnique({ where }), { ...create, ...update });
    await delegate.delete({ where });
    assert.is(await delegate.findUnique({ where }), null);
  });
}

for (const { table, left, right } of junctions) {
  test(`${table}: a pair is created, read and deleted, and goes with either end`, async () => {
    const delegate = delegateOf(table);
    const before = await delegate.count();
    const { create } = await dataOf(table);
    const where = { [`${left.column}_${right.column}`]: create };
    await delegate.create({ data: create });
    assert.equal(await delegate.findUnique({ where }), create);
    await delegate.delete({ where });
    for (const column of [left.column, right.column]) {
      const pair = (await dataOf(table)).create;
      await delegate.create({ data: pair });
      await delegateOf(keysOf(table).get(column) ?? '').delete({ where: { id: pair[column] } });
    }
    assert.is(await delegate.count(), before);
  });
}

test('relations are written in one go, read back with their partners, and changed', async () => {
  const user = await client.users.create({
    data: { email: `${randomUUID()}@example.com`, userLanguage: 'uk', userStatus: 'ACTIVE' },
  });
  const board = await client.boards.create({
    data: {
      v: 0,
      title: 'Board',
      description: 'd',
      user_relation: { connect: { id: user.id } },
      sharedWith: [user.id],
      BoardWatchers_board_id: { create: { user: { connect: { id: user.id } } } },
      Sections_board: {
        create: {
          v: 0,
          title: 'Section',
          position: 2n ** 40n,
          Tasks_section: {
            create: {
              v: 0,
              title: 'Task',
              priority: 'high',
              position: 1n,
              tags: [{ tag: 'x' }],
              user_relation: { connect: { id: user.id } },
            },
          },
        },
      },
    },
    include: { Sections_board: { include: { Tasks_section: true } }, BoardWatchers_board_id: { include: { user: true } } },
  });
  const task = board.Sections_board[0]?.Tasks_section[0];
  assert.ok(task !== undefined);
  assert.is(board.Sections_board[0]?.position, 2n ** 40n);
  assert.is(board.BoardWatchers_board_id[0]?.user.email, user.email);
  assert.equal(task.tags, [{ tag: 'x' }]);

  const moved = await client.tasks.update({
    where: { id: task.id },
    data: { section_relation: { disconnect: true }, taskStatus: 'COMPLETE', likes: { increment: 1 } },
    include: { user_relation: true, section_relation: true },
  });
  assert.equal([moved.section_relation, moved.user_relation?.id, moved.taskStatus, moved.likes], [null, user.id, 'COMPLETE', 1n]);
  const found = await client.boards.findMany({
    where: { sharedWith: { has: user.id }, BoardWatchers_board_id: { some: { user_id: user.id } } },
  });
  assert.equal(
    found.map(({ id }) => id),
    [board.id],
  );

  // Comments go with their task, watchers with their board; who is referred to by a required reference stays.
  await client.tasksComments.create({ data: { v: 0, comment: 'c', task: task.id, user: user.id } });
  await client.users.delete({ where: { id: user.id } }).then(
    () => assert.unreachable('a user with boards was deleted'),
    (error: unknown) => assert.match(String(error), /P2003|Foreign key constraint/),
  );
  await client.tasks.delete({ where: { id: task.id } });
  assert.is(await client.tasksComments.count({ where: { task: task.id } }), 0);
  await client.sections.deleteMany({ where: { board: board.id } });
  await client.boards.delete({ where: { id: board.id } });
  assert.is(await client.boardWatchers.count({ where: { board_id: board.id } }), 0);
  await client.users.delete({ where: { id: user.id } });
});

test('defaults, transactions and unique values work as on a database of the app itself', async () => {
  const email = `${randomUUID()}@example.com`;
  const user = await client.users.create({ data: { email } });
  assert.equal([user.is_admin, user.userStatus, user.userLanguage, user.v], [false, 'PENDING', 'en', 0]);
  assert.match(user.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  await client
    .$transaction([client.users.update({ where: { email }, data: { name: 'n' } }), client.users.create({ data: { email } })])
    .then(
      () => assert.unreachable(),
      (error: unknown) => assert.match(String(error), /P2002|Unique constraint/),
    );
  assert.is((await client.users.findUnique({ where: { email } }))?.name, null);
});

test('migrated rows are updated and deleted like any other', async () => {
  const [account] = await client.crm_Accounts.findMany({ take: 1, orderBy: { id: 'asc' } });
  assert.ok(account !== undefined);
  const renamed = await client.crm_Accounts.update({ where: { id: account.id }, data: { name: 'renamed' } });
  assert.equal({ ...renamed, updatedAt: null }, { ...account, name: 'renamed', updatedAt: null });
  await client.crm_Accounts.delete({ where: { id: account.id } });
  assert.is(await client.accountWatchers.count({ where: { account_id: account.id } }), 0);
});

test.unless(await diffMissing())('prisma migrate diff between the migrated database and schema.prisma is empty', async () => {
  const { exitCode, stdout, stderr } = await diff({ url: place.database.url });
  assert.is(exitCode, 0, stdout + stderr);
  assert.match(stdout, 'No difference detected');
});

test.run();
