/**
 * A migration that ended with rejected documents is started again after somebody went on with the database: what the app and people
 * have made of it since stays as it is.
 */

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { readStructure } from '../../../src/target/structure.ts';
import { digestOf } from '../../support/digest.ts';
import { writeDump } from '../../support/dump.ts';
import { knownMigrations } from '../../support/later-releases.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { appFolder, deployFrom, type Folder, migration } from '../../support/prisma.ts';
import { dumpUrl, type Ended, type Workplace, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a retry after the app went on');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const uuid = (n: number) => `00000000-0000-8000-8000-${n.toString(16).padStart(6, '0')}000000`;
const when = new Date('2022-02-03T04:05:06Z');
const user = (n: number, email: unknown): Document => ({ _id: id(n), __v: 0, email, created_on: when });

/** User 2 is rejected until the source is corrected; contact 0x20 and account 0x30 refer to it. */
const source = (corrected: boolean): Record<string, Document[]> => ({
  Users: [user(1, 'one@example.com'), user(2, corrected ? 'two@example.com' : null)],
  crm_Accounts: [{ _id: id(0x30), __v: 0, name: 'n', createdAt: when, assigned_to: id(2), watchers: [id(1)] }],
  crm_Contacts: [
    { _id: id(0x20), __v: 0, last_name: 'l', type: 'Friend', created_by: id(2) },
    { _id: id(0x21), __v: 0, last_name: 'l', type: 'Neighbour' },
  ],
  crm_Opportunities: [{ _id: id(0x40), __v: 0, name: 'o', createdAt: when, budget: 10n ** 17n, expected_revenue: 1 }],
  crm_Opportunities_Type: [{ _id: id(0x50), __v: 0, name: 't', order: 2 ** 40 }],
});

interface Ground extends AsyncDisposable {
  readonly place: Workplace;
  readonly database: TestDatabase;
  up(words?: readonly string[]): Promise<Ended>;
  fix(): Promise<void>;
  /** The ID of the report of the run that ended. */
  readonly reportId: string;
}

/** A migration that ended with one rejected document. */
async function ended(): Promise<Ground> {
  const place = await workplace();
  const database = await freshDatabase();
  const folder = join(place.folder, 'dump', 'nextcrm');
  await writeDump(folder, source(false));
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  const up: Ground['up'] = (words = []) => place.run(words, environment);
  const first = await up();
  assert.is(first.exit, 1, first.output);
  return {
    place,
    database,
    up,
    fix: () => writeDump(folder, source(true)),
    reportId: (await place.report()).id,
    [Symbol.asyncDispose]: async () => {
      await place[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function within<T>(
  { database }: Ground,
  work: (session: Awaited<ReturnType<typeof testSession>>) => Promise<T>,
): Promise<T> {
  await using session = await testSession(database.url);
  return await work(session);
}

const everything = (ground: Ground) =>
  within(ground, async (session) => ({
    catalog: await readStructure((text) => session.query(text), nextcrm.naming),
    digest: await digestOf(session),
  }));

async function upgraded(ground: Ground, migrations: Readonly<Record<string, string>>): Promise<Folder> {
  const app = await appFolder({ '0_init': `-- The app's own text.\n${await migration('0_init')}`, ...migrations });
  await deployFrom(app.path, ground.database.url);
  return app;
}

function refused(run: Ended, code: string): void {
  assert.is(run.exit, 4, run.output);
  assert.match(run.output, code);
}

test('in front of an upgraded app it is refused and nothing is changed, with and without the source, until it is accepted', async () => {
  await using ground = await ended();
  await using _app = await upgraded(ground, knownMigrations);
  await ground.fix();
  const before = await everything(ground);
  refused(await ground.up(), 'TARGET_UPGRADED');
  assert.equal(await everything(ground), before);
  await rm(join(ground.place.folder, 'dump'), { recursive: true });
  const again = await ground.up();
  refused(again, 'TARGET_UPGRADED');
  assert.match(again.output, `accept ${ground.reportId}`);
  assert.equal(await everything(ground), before);

  const accepted = await ground.up(['accept', ground.reportId]);
  assert.is(accepted.exit, 0, accepted.output);
  assert.is((await ground.up()).exit, 0);
});

test('in front of an upgrade that stopped in the middle of its first step it is refused too', async () => {
  await using ground = await ended();
  await using _app = await upgraded(ground, { '20260301000000_stops': 'select 1/0' });
  await ground.fix();
  const before = await everything(ground);
  refused(await ground.up(), 'TARGET_UPGRADED');
  assert.equal(await everything(ground), before);
});

for (const [what, sql] of [
  ['edited a row that the retry would load again', `update "crm_Accounts" set name = 'edited', "updatedAt" = now()`],
  ['edited a row that shows no time of it', `update "Users" set name = 'edited'`],
  ['added a row', `insert into "crm_Accounts" (id, "__v", name) values (gen_random_uuid(), 0, 'added')`],
  ['deleted a row', `delete from "crm_Contacts" where id = '${uuid(0x21)}'`],
  ['taken a link away', 'delete from "AccountWatchers"'],
] as const) {
  test(`where somebody has ${what}, it is refused and nothing is changed`, async () => {
    await using ground = await ended();
    await within(ground, (session) => session.script(sql));
    await ground.fix();
    const before = await everything(ground);
    refused(await ground.up(), 'TARGET_CHANGED');
    assert.equal(await everything(ground), before);
  });
}

test('what was refused can be accepted, and ends with 0 from then on, also without the records of the migration', async () => {
  await using ground = await ended();
  await within(ground, (session) => session.script(`update "Users" set name = 'edited'`));
  refused(await ground.up(), 'TARGET_CHANGED');
  const accepted = await ground.up(['accept', ground.reportId]);
  assert.is(accepted.exit, 0, accepted.output);
  assert.is((await ground.up()).exit, 0);
  await within(ground, (session) => session.script('drop schema nextcrm_migration cascade'));
  const last = await ground.up();
  assert.is(last.exit, 0, last.output);
  assert.is(JSON.parse(await readFile(join(ground.place.volume, 'checkpoint.json'), 'utf8')).step, 'finished');
});

test.run();
