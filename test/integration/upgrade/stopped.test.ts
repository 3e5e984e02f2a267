/** The app's own `migrate deploy` has stopped at a value that nothing was prepared for: the program prepares it, and the app can continue. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { appPrisma, appReleaseMissing } from '../../support/app-release.ts';
import { copyOfDatabase } from '../../support/database-copy.ts';
import { type TemporaryFolder, temporaryFolder, writeDump } from '../../support/dump.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { deployFrom, folderOf } from '../../support/prisma.ts';
import { type Ended, type Workplace, workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';
import { ask, change } from '../releases/upgraded.ts';
import { smallCrm } from './small-crm.ts';

const test = suite("an upgrade of the app's own that has stopped");
const release = test.unless(appReleaseMissing);
let dump: TemporaryFolder;
let finished: TestDatabase;
let finishedPlace: Workplace;

test.before(async () => {
  if (appReleaseMissing !== null) return;
  dump = await temporaryFolder();
  await writeDump(join(dump.path, 'nextcrm'), smallCrm);
  finished = await freshDatabase();
  finishedPlace = await workplace();
  ends(await finishedPlace.run([], { MONGODB_URL: dump.url, DATABASE_URL: finished.url }), 0);
});
test.after(async () => {
  await dump?.[Symbol.asyncDispose]();
  await finished?.[Symbol.asyncDispose]();
  await finishedPlace?.[Symbol.asyncDispose]();
});

function ends({ exit, output }: Ended, expected: number): string {
  assert.is(exit, expected, output);
  return output;
}

/** As version 0.1.0 leaves a target. */
const earlier = `drop table nextcrm_migration.restored, nextcrm_migration.restored_subject, nextcrm_migration.fingerprint, "Currency", "crm_Lead_Types",
  "crm_Lead_Statuses", "crm_Lead_Sources", "crm_Contact_Types"`;
const enteredSince = `update "crm_Leads" set type = 'Entered since' where type is null`;
const stoppedAt = '20260327000001_crm_settings_db_backed';

async function stopped(script: string) {
  const database = await copyOfDatabase(finished.url);
  const place = await workplace();
  await cp(finishedPlace.volume, place.volume, { recursive: true });
  const folder = await folderOf(appPrisma);
  await change(database.url, script);
  const deploy = () => deployFrom(folder.path, database.url);
  assert.is.not((await deploy()).exitCode, 0);
  assert.equal(await ask(database.url, 'select migration_name as name from _prisma_migrations where finished_at is null'), [
    { name: stoppedAt },
  ]);
  return {
    url: database.url,
    deploy,
    codes: async () => (await place.report()).notes.map(({ code }) => code),
    up: (environment: Readonly<Record<string, string>> = {}, words: readonly string[] = []) =>
      place.run(words, { DATABASE_URL: database.url, ...environment }),
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function assertLinked(url: string, types: readonly (string | null)[]): Promise<void> {
  const rows = await ask(
    url,
    `select s.name as status, t.name as type from "crm_Leads" l left join "crm_Lead_Statuses" s on s.id = l.lead_status_id
     left join "crm_Lead_Types" t on t.id = l.lead_type_id order by l.id`,
  );
  assert.equal(
    rows,
    ['IN_PROGRESS', 'New'].map((status, index) => ({ status, type: types[index] ?? null })),
  );
}

/** From the copies, which version 0.1.0 has made too. */
async function assertRestored(url: string): Promise<void> {
  assert.equal(await ask(url, `select role::text as role, email from "Users" order by id`), [
    { role: 'admin', email: 'chief@example.com' },
    { role: 'manager', email: 'clerk@example.com' },
  ]);
  assert.equal(await ask(url, `select s.name from "crm_Leads" l join "crm_Lead_Sources" s on s.id = l.lead_source_id`), [
    { name: 'Fair' },
  ]);
  assert.equal(await ask(url, 'select "companyName" as name, "baseCurrency" as currency from "Invoice_Settings"'), [
    { name: 'Company', currency: 'CZK' },
  ]);
  assert.equal(await ask(url, `select count(*)::integer as n from "Documents" where document_system_type::text = 'OTHER'`), [
    { n: 2 },
  ]);
}

for (const { name, script, types } of [
  { name: 'a type entered since', script: enteredSince, types: ['Webinar', 'Entered since'] },
  { name: 'a target of version 0.1.0', script: earlier, types: ['Webinar', null] },
]) {
  release(`${name}: it is prepared, the migration is marked as rolled back, the app continues`, async () => {
    await using at = await stopped(script);
    const output = ends(await at.up(), 0);
    assert.match(output, stoppedAt);
    assert.match(output, 'marked as rolled back');
    const { exitCode, stdout, stderr } = await at.deploy();
    assert.is(exitCode, 0, `${stdout}${stderr}`);
    ends(await at.up(), 0);
    await assertLinked(at.url, types);
    await assertRestored(at.url);
    assert.is((await at.codes()).includes('NOT_COMPARED'), script === earlier);
    assert.match(ends(await at.up(), 0), 'There is nothing to do');
    ends(await at.up({ MONGODB_URL: dump.url }, ['verify']), script === earlier ? 0 : 1);
  });

  release(`${name}: with NEXTCRM_PRISMA the same command applies the rest`, async () => {
    await using at = await stopped(script);
    ends(await at.up({ NEXTCRM_PRISMA: appPrisma }), 0);
    await assertLinked(at.url, types);
  });
}

release('a migration that was only begun is named, with the command for one that does not end', async () => {
  await using at = await stopped(enteredSince);
  await change(at.url, 'update _prisma_migrations set logs = null where finished_at is null');
  assert.match(ends(await at.up(), 0), `prisma migrate resolve --rolled-back ${stoppedAt}`);
});

test.run();
