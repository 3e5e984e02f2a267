/** The same command, from the migration to the newest release: with the app's own migrations, and without MongoDB after the end. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { appReleaseMissing } from '../../support/app-release.ts';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Ended, type Workplace, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';
import { dirty, uuid } from './dirty.ts';
import { ask, change, deployApp } from './upgraded.ts';

const test = suite('the newest release, by the program');
const add = test.unless(appReleaseMissing);
let place: Workplace;
let database: TestDatabase;

test.before(async () => {
  place = await workplace();
  database = await freshDatabase();
  await writeDump(join(place.folder, 'dump', 'nextcrm'), dirty);
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const up = (words: readonly string[] = []): Promise<Ended> => place.run(words, { DATABASE_URL: database.url });

function exits(ended: Ended, exit: number, words: string): void {
  assert.is(ended.exit, exit, ended.output);
  assert.match(ended.output, words);
}

add('what later releases cannot keep is a conversion that the proof knows', async () => {
  const run = await place.run([], { DATABASE_URL: database.url, MONGODB_URL: dumpUrl(join(place.folder, 'dump')) });
  exits(run, 1, 'First sign-in');
  const { findings, collections, nextcrm } = await place.report();
  // The account without a name, and nothing else.
  assert.equal(
    findings.map(({ code, collection }) => `${code} ${collection}`),
    ['MISSING_REQUIRED crm_Accounts'],
  );
  assert.equal(collections['crm_Opportunities']?.changes, { CURRENCY_NORMALIZED: 7, NUMBER_CLAMPED: 2 });
  assert.equal(collections['crm_Leads']?.changes, { BLANK_TO_NULL: 3 });
  assert.is(nextcrm?.state, 'not upgraded');
  await rm(join(place.folder, 'dump'), { recursive: true });
  const { id } = await place.report();
  exits(await up(['accept', id]), 0, 'are accepted');
});

add('before the upgrade each start prepares what people have entered since', async () => {
  await change(database.url, `update "crm_Leads" set type = 'Entered since' where id = '${uuid(0x1000)}'`);
  exits(await up(), 0, 'start NextCRM once, then run this again');
  assert.equal(await ask(database.url, `select name from "crm_Lead_Types" where name = 'Entered since'`), [
    { name: 'Entered since' },
  ]);
});

add('a migration of the app that is begun is named, and the app can start', async () => {
  const row = `insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'x', '20990101000000_later')`;
  await change(database.url, row);
  exits(await up(), 0, 'has begun and is not finished: 20990101000000_later');
  await change(database.url, `delete from _prisma_migrations where id = 'x'`);
});

add("after the app's own migrations it restores and proves, and a value that is lost all the same is a finding", async () => {
  await deployApp(database.url);
  await change(database.url, `update "crm_Leads" set lead_status_id = null where id = '${uuid(0x1100)}'`);
  exits(await up(), 1, 'RESTORE_WRONG');
  const { id, findings, nextcrm } = await place.report();
  assert.is(nextcrm?.restored, true);
  assert.equal(
    findings
      .filter(({ code }) => code === 'RESTORE_WRONG')
      .map(({ collection, field, sourceIds }) => ({ collection, field, sourceIds })),
    [{ collection: 'crm_Leads', field: 'status', sourceIds: [uuid(0x1100)] }],
  );
  exits(await up(), 1, `accept ${id}`);
  exits(await up(['accept', id]), 0, 'are accepted');
});

add('then there is nothing to do, whatever people change', async () => {
  await change(database.url, `update "Users" set role = 'manager' where role = 'admin'`);
  const again = await up();
  exits(again, 0, 'There is nothing to do');
  assert.not.match(again.output, 'start NextCRM once');
  assert.equal(await ask(database.url, `select count(*)::integer as n from "Users" where role::text = 'admin'`), [{ n: 0 }]);
});

add('a migration under way that an earlier version began is named and not continued', async () => {
  await change(
    database.url,
    `drop table nextcrm_migration.restored, nextcrm_migration.restored_subject;
     delete from _prisma_migrations where migration_name <> '0_init';
     update nextcrm_migration.run set step = 'load', finished_at = null, verdict = null, exit_code = null, accepted_at = null`,
  );
  exits(await up(), 4, 'OTHER_LEDGER');
});

test.run();
