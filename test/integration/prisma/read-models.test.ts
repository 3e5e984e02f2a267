import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { readModels } from '../../../src/prisma/read-models.ts';
import { ModelReader } from '../../../src/prisma/read-models-apart.ts';
import type { Session } from '../../../src/target/session.ts';
import { readStructure } from '../../../src/target/structure.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { makeTables } from '../../support/prisma.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('reading through Prisma Client');
let database: TestDatabase;
let session: Session;

test.before(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
  await makeTables(session);
});

test.after(async () => {
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** A value for every column, so that Prisma decodes every type of every table. */
const samples: Readonly<Record<string, string>> = {
  uuid: 'gen_random_uuid()',
  'uuid[]': 'array[gen_random_uuid()]',
  text: "'text ' || gen_random_uuid()",
  'text[]': "array['a', 'b']",
  integer: '2147483647',
  bigint: '9223372036854775807',
  boolean: 'true',
  'timestamp(3) without time zone': "'1969-12-31 23:59:59.999'",
  jsonb: `'{"a":[1,null]}'`,
};

async function fillAllTables(): Promise<void> {
  const { tables, enums } = await readStructure((text) => session.query(text), nextcrm.naming);
  const sampleOf = (type: string) => samples[type] ?? `'${enums[type.replaceAll('"', '')]?.[0]}'`;
  const inserts = Object.entries(tables).flatMap(([name, { columns }]) =>
    ['1', '2', '3'].map((digit) => {
      const short = (type: string) => (type.startsWith('character varying') ? `'${digit}'` : sampleOf(type));
      return `insert into "${name}" select ${columns.map(({ type }) => short(type)).join(', ')}`;
    }),
  );
  await session.script(['begin', 'set local session_replication_role = replica', ...inserts, 'commit'].join(';'));
}

const { collections, junctions, lookupTables } = nextcrm;
const collectionNames: readonly string[] = collections.map(({ collection }) => collection);

test('every collection, junction and lookup table is asked for, and an empty table gives nothing', async () => {
  const reads = await readModels(database.url, nextcrm);
  const expected = [...collectionNames, ...junctions.map(({ table }) => table), ...lookupTables];
  assert.equal(
    reads.map(({ model }) => model),
    expected,
  );
  assert.ok(reads.every(({ rows, error }) => rows === 0 && error === null));
});

test('first, last and widest row of every model come back, and a row of every junction and lookup table', async () => {
  await fillAllTables();
  const reads = await readModels(database.url, nextcrm);
  for (const { model, rows, error } of reads) {
    assert.is(error, null, model);
    assert.is(rows, collectionNames.includes(model) ? 3 : 1, model);
  }
});

test('the widest row is among them, where it is neither the first nor the last', async () => {
  const wide = (id: string, text: string) =>
    `insert into "Documents" (id, document_name, "document_file_mimeType", document_file_url, description) values ('${id}', ${text}, 'm', 'u', 'x')`;
  await session.script(`delete from "Documents" where true;
    ${wide('00000000-0000-4000-8000-000000000001', "'first'")}; ${wide('00000000-0000-4000-8000-000000000003', "'last'")};
    ${wide('00000000-0000-4000-8000-000000000002', "repeat('wide', 1000)")};
    alter type "DocumentSystemType" add value 'STRANGE'`);
  await session.script(
    `update "Documents" set document_system_type = 'STRANGE' where id = '00000000-0000-4000-8000-000000000002'`,
  );
  const read = (await readModels(database.url, nextcrm)).find(({ model }) => model === 'Documents');
  assert.is(read?.rows, 2);
  assert.match(String(read?.error), /^PrismaClient/);
});

test('a process that was started ahead reads as one that was not, and ends unread where it is not needed', async () => {
  const { signal } = new AbortController();
  await using ahead = new ModelReader();
  ahead.start();
  assert.equal(await ahead.read(database.url, nextcrm, signal), await readModels(database.url, nextcrm));
  const unread = new ModelReader();
  unread.start();
  // Settles once the process has ended.
  await unread[Symbol.asyncDispose]();
});

test('a reading that is stopped rejects with the reason', async () => {
  await using reader = new ModelReader();
  const stop = new AbortController();
  const reading = reader.read(database.url, nextcrm, stop.signal);
  stop.abort(new Error('stopped by the test'));
  await reading.then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'stopped by the test'),
  );
});

test('a row that Prisma cannot read is reported without its value', async () => {
  await session.script(`alter type "gptStatus" add value 'SECRET VALUE'`);
  await session.script(`update gpt_models set status = 'SECRET VALUE'`);
  const read = (await readModels(database.url, nextcrm)).find(({ model }) => model === 'gpt_models');
  assert.is(read?.rows, 0);
  assert.match(String(read?.error), /^PrismaClient\w+Error( P\d+)?$/);
});

test('a column that is missing is reported', async () => {
  await session.script('alter table "Sections" drop column title');
  const read = (await readModels(database.url, nextcrm)).find(({ model }) => model === 'Sections');
  assert.equal(read, { model: 'Sections', rows: 0, error: 'PrismaClientKnownRequestError P2022' });
});

test.run();
