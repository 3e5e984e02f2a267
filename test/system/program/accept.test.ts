/** `accept ID`: what a person took as it is, by which report, and what is more than that. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { idsHash, idsHashOf, idsHashSum } from '../../../src/findings/ids-hash.ts';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Workplace, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('accept');

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const users = Array.from(
  { length: 5 },
  (_, n): Document => ({ _id: id(n), __v: 0, email: `${n}@example.com`, created_on: new Date(n) }),
);
const noMail: Document = { _id: id(99), __v: 0 };
const uuidOf = (n: number) => `nextcrm_migration.uuid_of('${id(n).toHexString()}')`;

interface Migration {
  readonly place: Workplace;
  readonly database: TestDatabase;
  readonly environment: Record<string, string>;
}

async function migrated(database: TestDatabase, place: Workplace, Users: Document[], exit: number): Promise<Migration> {
  await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users });
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  const ended = await place.run([], environment);
  assert.is(ended.exit, exit, ended.output);
  return { place, database, environment };
}

async function change({ database }: Migration, sql: string): Promise<void> {
  await using session = await testSession(database.url);
  await session.script(sql);
}

/** Ends as expected; returns the ID of its report. */
async function verified({ place, environment }: Migration, exit: number): Promise<string> {
  const ended = await place.run(['verify'], environment);
  assert.is(ended.exit, exit, ended.output);
  return (await place.report()).id;
}

async function accepted({ place, environment }: Migration, reportId: string, exit: number): Promise<string> {
  const ended = await place.run(['accept', reportId], environment);
  assert.is(ended.exit, exit, ended.output);
  return ended.output;
}

test('what verify found after a sound migration can be accepted, and another document blocks again', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const migration = await migrated(database, place, users, 0);
  assert.match(await accepted(migration, (await place.report()).id, 0), /has no findings: there is nothing to accept/);

  await change(
    migration,
    `create table kept as select * from public."Users" where id = ${uuidOf(1)}; alter table kept set schema nextcrm_migration;
    delete from public."Users" where id = ${uuidOf(1)}`,
  );
  await accepted(migration, await verified(migration, 1), 0);
  await verified(migration, 0);
  await change(
    migration,
    `delete from public."Users" where id = ${uuidOf(2)};
    insert into public."Users" select * from nextcrm_migration.kept`,
  );
  await verified(migration, 1);
});

test('it is recorded with time, database role and report', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const migration = await migrated(database, place, [...users, noMail], 1);
  const reportId = (await place.report()).id;
  await accepted(migration, reportId, 0);
  await using session = await testSession(database.url);
  const [row] = await session.query(`
    select accepted_by = session_user as by, accepted_at between finished_at and now() as at, accepted_report_id as report, verdict, exit_code
    from nextcrm_migration.run`);
  assert.equal({ ...row }, { by: true, at: true, report: reportId, verdict: 'accepted', exit_code: 0 });
  assert.is((await place.report()).verdict, 'accepted');
  const again = await place.run([], { DATABASE_URL: database.url });
  assert.is(again.exit, 0, again.output);
  assert.match(again.output, /its findings were accepted at/);
});

test('an ID that is on no report is refused at once, with the last one, although the server is away', async () => {
  await using place = await workplace();
  const ended = await place.run(['accept', '20260131-094500-3f2a'], { DATABASE_URL: 'postgresql://crm@127.0.0.1:1/crm' });
  assert.is(ended.exit, 2, ended.output);
  assert.match(ended.output, /There is no report 20260131-094500-3f2a on the volume\.\nStart the migration again/);
});

test('a report is refused where a later one has found more', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const migration = await migrated(database, place, [...users, noMail], 1);
  const first = (await place.report()).id;
  await change(migration, `delete from public."Users" where id = ${uuidOf(1)}`);
  const second = await verified(migration, 1);
  assert.match(
    await accepted(migration, first, 2),
    new RegExp(`Report ${second} is newer than .* has findings that the older one does not have`),
  );
  await accepted(migration, second, 0);
  await verified(migration, 0);
});

test('a report is refused where a verification has found more, although a start that failed is on top', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const migration = await migrated(database, place, [...users, noMail], 1);
  const first = (await place.report()).id;
  await change(migration, `delete from public."Users" where id = ${uuidOf(1)}`);
  const second = await verified(migration, 1);
  const failed = await place.run([], { ...migration.environment, MONGODB_URL: dumpUrl(join(place.folder, 'nowhere')) });
  assert.is(failed.exit, 2, failed.output);
  assert.is((await place.report()).state, 'failed');
  assert.match(await accepted(migration, first, 2), new RegExp(`Report ${second} is newer than`));
  await accepted(migration, second, 0);
});

test('without the report of the last verdict, another one is refused until it is validated again', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const migration = await migrated(database, place, [...users, noMail], 1);
  const first = (await place.report()).id;
  const second = await verified(migration, 1);
  await rm(join(place.volume, 'reports', first), { recursive: true });
  assert.match(
    await accepted(migration, second, 2),
    new RegExp(`The report of the last verdict, ${first}, is not on the volume`),
  );
});

test('of more documents than a report names, as many others block again', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const many = Array.from({ length: 40 }, (_, n): Document => ({ _id: id(n), __v: 0, email: `${n}@example.com` }));
  const withoutMail = Array.from({ length: 25 }, (_, n): Document => ({ _id: id(100 + n), __v: 0 }));
  const migration = await migrated(database, place, [...many, ...withoutMail], 1);
  await change(
    migration,
    `create table kept as select * from public."Users" where id = ${uuidOf(24)}; alter table kept set schema nextcrm_migration;
    delete from public."Users" where id <= ${uuidOf(24)}`,
  );
  await accepted(migration, await verified(migration, 1), 0);
  await verified(migration, 0);
  await change(
    migration,
    `insert into public."Users" select * from nextcrm_migration.kept; delete from public."Users" where id = ${uuidOf(25)}`,
  );
  await verified(migration, 1);
});

test('of what is about no documents, something else in its place blocks again', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const migration = await migrated(database, place, users, 0);
  await change(migration, 'drop index public."nextcrm_Boards_updatedAt"');
  await accepted(migration, await verified(migration, 1), 0);
  await verified(migration, 0);
  await change(migration, 'create index "nextcrm_Boards_updatedAt" on public."Boards" (title)');
  await verified(migration, 1);
});

test('the server makes the same hash of the ids as the program', async () => {
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  const [row] = await session.query<{ sum: string }>(`select ${idsHashSum('id')} as sum from unnest(array['a', 'ü"', 'a']) id`);
  assert.is(idsHashOf(row?.sum ?? ''), idsHash(['a', 'a', 'ü"']));
});

test.run();
