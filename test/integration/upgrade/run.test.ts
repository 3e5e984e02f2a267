/** The program with NEXTCRM_PRISMA, on the migrations of NextCRM's own release. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { appPrisma, appReleaseMissing } from '../../support/app-release.ts';
import { copyOfDatabase } from '../../support/database-copy.ts';
import { type TemporaryFolder, temporaryFolder, writeDump } from '../../support/dump.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { deployFrom, folderOf } from '../../support/prisma.ts';
import { type Ended, type Workplace, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';
import { id, smallCrm } from './small-crm.ts';

const test = suite('NEXTCRM_PRISMA');
const release = test.unless(appReleaseMissing);
let dump: TemporaryFolder;
let finished: TestDatabase;
let finishedPlace: Workplace;

/** A run that ended without NEXTCRM_PRISMA, to be copied. */
test.before(async () => {
  dump = await temporaryFolder();
  await writeDump(join(dump.path, 'nextcrm'), smallCrm);
  if (appReleaseMissing !== null) return;
  finished = await freshDatabase();
  finishedPlace = await workplace();
  ends(await finishedPlace.run([], { MONGODB_URL: dump.url, DATABASE_URL: finished.url }), 0);
});

test.after(async () => {
  await dump[Symbol.asyncDispose]();
  await finished?.[Symbol.asyncDispose]();
  await finishedPlace?.[Symbol.asyncDispose]();
});

function ends({ exit, output }: Ended, expected: number): string {
  assert.is(exit, expected, output);
  assert.not.match(output, /CANARY/);
  return output;
}

interface Place extends AsyncDisposable {
  readonly url: string;
  readonly place: Workplace;
}

async function copyOfFinished(): Promise<Place> {
  const database = await copyOfDatabase(finished.url);
  const place = await workplace();
  await cp(finishedPlace.volume, place.volume, { recursive: true });
  return {
    url: database.url,
    place,
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function ask(url: string, text: string): Promise<readonly unknown[]> {
  await using session = await testSession(url);
  return (await session.query(text)).map((row) => Object.values(row)[0]);
}

async function script(url: string, text: string): Promise<void> {
  await using session = await testSession(url);
  await session.script(text);
}

const applied = (url: string) =>
  ask(
    url,
    `select count(*)::integer as n from public._prisma_migrations where migration_name <> '0_init' and finished_at is not null`,
  );
const stepOf = (url: string) => ask(url, 'select step from nextcrm_migration.run');

/** The release with one more migration, as a newer one has it. */
async function newerRelease(sql: string): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  await cp(appPrisma, folder.path, { recursive: true });
  await mkdir(join(folder.path, 'migrations/20990101000000_newer'));
  await writeFile(join(folder.path, 'migrations/20990101000000_newer/migration.sql'), sql);
  return folder;
}

async function assertInNextCrm(url: string): Promise<void> {
  assert.equal(
    await ask(url, `select s.name from "crm_Leads" l join "crm_Lead_Statuses" s on s.id = l.lead_status_id order by l.id`),
    ['IN_PROGRESS', 'New'],
  );
  assert.equal(await ask(url, `select s.name from "crm_Leads" l join "crm_Lead_Sources" s on s.id = l.lead_source_id`), ['Fair']);
  assert.equal(await ask(url, `select currency from "crm_Opportunities"`), ['CZK']);
  assert.equal(await ask(url, `select role::text from "Users" order by id`), ['admin', 'manager']);
  assert.equal(await ask(url, `select email from "Users" order by id`), ['chief@example.com', 'clerk@example.com']);
  assert.equal(await ask(url, `select document_system_type::text from "Documents" order by id`), ['OTHER', 'OTHER']);
}

release('in one run: migrated, upgraded, restored and proved; afterwards nothing to do, and the folder is ignored', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = { MONGODB_URL: dump.url, DATABASE_URL: database.url, NEXTCRM_PRISMA: appPrisma };
  ends(await place.run([], environment), 0);
  await assertInNextCrm(database.url);
  assert.equal(await applied(database.url), [42]);
  const report = await place.report();
  assert.equal(report.steps.map(({ name, state }) => `${name} ${state}`).slice(-5), [
    'handover done',
    'backup done',
    'upgrade done',
    'restore done',
    'compare done',
  ]);
  assert.equal([report.verdict, report.exitCode, report.findings.length], ['success', 0, 0]);
  assert.ok(report.notes.some(({ code }) => code === 'BACKUP_MADE' || code === 'BACKUP_NOT_MADE'));
  assert.match(ends(await place.run([], { DATABASE_URL: database.url, NEXTCRM_PRISMA: '/nowhere' }), 0), /nothing to do/);
  ends(await place.run(['verify'], environment), 0);
  ends(await place.run(['status'], {}), 0);
});

release('of a finished run, without MongoDB', async () => {
  await using copy = await copyOfFinished();
  ends(await copy.place.run([], { DATABASE_URL: copy.url, NEXTCRM_PRISMA: appPrisma }), 0);
  await assertInNextCrm(copy.url);
  assert.equal((await copy.place.report()).layers.records.status, 'passed');
  assert.match(ends(await copy.place.run([], { DATABASE_URL: copy.url }), 0), /nothing to do/);
});

release('the app upgrades itself: the same command restores, once', async () => {
  await using copy = await copyOfFinished();
  await using folder = await folderOf(appPrisma);
  const { exitCode, stderr } = await deployFrom(folder.path, copy.url);
  assert.is(exitCode, 0, stderr);
  ends(await copy.place.run([], { DATABASE_URL: copy.url }), 0);
  await assertInNextCrm(copy.url);
  assert.match(ends(await copy.place.run([], { DATABASE_URL: copy.url }), 0), /nothing to do/);
  const environment = { MONGODB_URL: dump.url, DATABASE_URL: copy.url };
  ends(await copy.place.run(['verify'], environment), 0);
  await script(copy.url, `update "crm_Accounts" set name = 'Other' where name = 'One'; drop table nextcrm_archive."Invoices"`);
  ends(await copy.place.run(['verify'], environment), 1);
  const codes = (await copy.place.report()).findings.map(({ code }) => code);
  for (const code of ['FIELD_DIFFERS', 'ARCHIVE_DROPPED']) assert.ok(codes.includes(code), codes.join(' '));
  await script(copy.url, 'update _prisma_migrations set finished_at = null where migration_name like $$202607192%$$');
  assert.match(ends(await copy.place.run(['verify'], environment), 4), /TARGET_UPGRADED/);
});

release('the app upgraded itself and people deleted and changed rows: a note, no finding', async () => {
  await using copy = await copyOfFinished();
  await using folder = await folderOf(appPrisma);
  assert.is((await deployFrom(folder.path, copy.url)).exitCode, 0);
  await script(copy.url, `delete from "crm_Accounts" where name = 'Two'; update "crm_campaigns" set name = 'Other'`);
  ends(await copy.place.run([], { DATABASE_URL: copy.url }), 0);
  const notes = (await copy.place.report()).notes.filter(({ code }) => code === 'MODIFIED_SINCE').map(({ what }) => what);
  assert.ok(
    notes.some((what) => /crm_Accounts: 1 migrated row/.test(what) && what.includes(id(12).toHexString())),
    notes.join('\n'),
  );
  assert.ok(
    notes.some((what) => /crm_campaigns\.name/.test(what)),
    notes.join('\n'),
  );
});

release('a folder that does not fit ends with 2 before anything is written', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = { MONGODB_URL: dump.url, DATABASE_URL: database.url };
  assert.match(ends(await place.run([], { ...environment, NEXTCRM_PRISMA: dump.path }), 2), /APP_FOLDER_UNUSABLE/);
  assert.equal(await ask(database.url, `select to_regnamespace('nextcrm_migration') is null as n`), [true]);
  await using copy = await copyOfFinished();
  await script(
    copy.url,
    `insert into public._prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'x', '20990101_unknown', now())`,
  );
  assert.match(ends(await copy.place.run([], { DATABASE_URL: copy.url, NEXTCRM_PRISMA: appPrisma }), 2), /20990101_unknown/);
});

release(
  'with findings it ends with 1, not upgraded; accept upgrades nothing; the next start upgrades without MongoDB',
  async () => {
    await using database = await freshDatabase();
    await using place = await workplace();
    await using dirty = await temporaryFolder();
    await writeDump(join(dirty.path, 'nextcrm'), {
      ...smallCrm,
      Boards: [{ _id: id(201), title: 'Nobody’s', description: 'x' }],
    });
    const environment = { DATABASE_URL: database.url, NEXTCRM_PRISMA: appPrisma };
    ends(await place.run([], { ...environment, MONGODB_URL: dirty.url }), 1);
    assert.equal(await applied(database.url), [0]);
    const report = await place.report();
    assert.ok(report.notes.some(({ code }) => code === 'NOT_UPGRADED'));
    ends(await place.run(['accept', report.id], environment), 0);
    assert.equal(await applied(database.url), [0]);
    ends(await place.run([], environment), 0);
    await assertInNextCrm(database.url);
    assert.is((await place.report()).verdict, 'accepted');
  },
);

release(
  'findings that nobody accepted, NextCRM upgraded all the same, and the volume lost: a verification can be accepted',
  async () => {
    await using database = await freshDatabase();
    await using place = await workplace();
    await using lost = await workplace();
    await using dirty = await temporaryFolder();
    await writeDump(join(dirty.path, 'nextcrm'), {
      ...smallCrm,
      Boards: [{ _id: id(201), title: 'Nobody’s', description: 'x' }],
    });
    const environment = { DATABASE_URL: database.url };
    const withSource = { ...environment, MONGODB_URL: dirty.url };
    ends(await place.run([], withSource), 1);
    const { id: lostReport } = await place.report();
    await using folder = await folderOf(appPrisma);
    assert.is((await deployFrom(folder.path, database.url)).exitCode, 0);
    assert.match(ends(await lost.run([], environment), 4), /TARGET_UPGRADED/);
    assert.match(ends(await lost.run([], environment), 4), /run verify/);
    assert.match(ends(await lost.run(['accept', lostReport], environment), 2), /run verify/);
    ends(await lost.run(['verify'], withSource), 1);
    ends(await lost.run(['accept', (await lost.report()).id], environment), 0);
    ends(await lost.run([], environment), 0);
    await assertInNextCrm(database.url);
    assert.match(ends(await lost.run([], environment), 0), /nothing to do/);
  },
);

release('a migration that fails is named with exit code 4; corrected, the same command goes on', async () => {
  await using copy = await copyOfFinished();
  const environment = { DATABASE_URL: copy.url, NEXTCRM_PRISMA: appPrisma };
  await script(copy.url, 'create table "crm_Report_Config" (id text)');
  const output = ends(await copy.place.run([], environment), 4);
  assert.match(output, /20260331000001_add_report_config_and_schedule failed with SQLSTATE 42P07/);
  assert.match(output, /APP_MIGRATION_FAILED/);
  assert.equal(await stepOf(copy.url), ['upgrade']);
  assert.is.not((await copy.place.run(['status'], {})).exit, 0);
  assert.match(ends(await copy.place.run([], { DATABASE_URL: copy.url }), 2), /APP_FOLDER_MISSING/);
  await script(copy.url, 'drop table "crm_Report_Config"');
  ends(await copy.place.run([], environment), 0);
  await assertInNextCrm(copy.url);
});

release('the app goes on with it instead, and people have written since: a note, no finding', async () => {
  await using copy = await copyOfFinished();
  await script(copy.url, 'create table "crm_Report_Config" (id text)');
  ends(await copy.place.run([], { DATABASE_URL: copy.url, NEXTCRM_PRISMA: appPrisma }), 4);
  await script(copy.url, 'drop table "crm_Report_Config"');
  await using folder = await folderOf(appPrisma);
  assert.is((await deployFrom(folder.path, copy.url)).exitCode, 0);
  await script(copy.url, `update "crm_campaigns" set name = 'Other'`);
  ends(await copy.place.run([], { DATABASE_URL: copy.url, NEXTCRM_PRISMA: appPrisma }), 0);
  await assertInNextCrm(copy.url);
  const { notes } = await copy.place.report();
  assert.ok(notes.some(({ code, what }) => code === 'MODIFIED_SINCE' && /crm_campaigns\.name/.test(what)));
});

release('what a newer release does beyond what is known is found, and can only be accepted', async () => {
  await using copy = await copyOfFinished();
  await using newer = await newerRelease(
    `UPDATE "crm_Accounts" SET "name" = upper("name"); ALTER TABLE "Employees" ADD COLUMN "x" TEXT;`,
  );
  const environment = { DATABASE_URL: copy.url, NEXTCRM_PRISMA: newer.path };
  ends(await copy.place.run([], environment), 1);
  const { findings, id: reportId } = await copy.place.report();
  assert.equal(
    findings.map(({ code, collection, field }) => [code, collection, field]),
    [['UPGRADE_VALUES_CHANGED', 'crm_Accounts', 'name']],
  );
  assert.match(ends(await copy.place.run([], environment), 1), /can only be accepted\. Accept the findings \(accept /);
  await using lost = await workplace();
  assert.match(ends(await lost.run([], environment), 1), /run verify/);
  ends(await copy.place.run(['accept', reportId], environment), 0);
  assert.match(ends(await copy.place.run([], environment), 0), /nothing to do/);
});

release('a newer release that leaves the values alone is no finding', async () => {
  await using copy = await copyOfFinished();
  await using newer = await newerRelease(
    `ALTER TABLE "crm_Accounts" ALTER COLUMN "name" TYPE VARCHAR(200), ADD COLUMN "new" TEXT; CREATE TABLE "New" ("id" UUID PRIMARY KEY);`,
  );
  ends(await copy.place.run([], { DATABASE_URL: copy.url, NEXTCRM_PRISMA: newer.path }), 0);
  const { notes } = await copy.place.report();
  assert.ok(notes.some(({ code, what }) => code === 'TYPE_CHANGED' && /crm_Accounts\.name/.test(what)));
  assert.match(notes.find(({ code }) => code === 'STRUCTURE_ADDED')?.what ?? '', /added \d+ tables \(.*\d+ columns \(/);
});

test.run();
