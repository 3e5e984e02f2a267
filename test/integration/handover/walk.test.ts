/**
 * The whole way: a migration, its hand-over, the app's later history, a client generated from the later schema that reads the migrated
 * rows, administrators, the init job in front of it again, and the clean-up.
 */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { runIn } from '../../../src/prisma/cli.ts';
import { knownMigrations } from '../../support/later-releases.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { adapterFor, appFolder, deployFrom, type Folder, migration } from '../../support/prisma.ts';
import { dumpUrl, type Workplace, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const { collections, junctions } = nextcrm;

const test = suite('a move from end to end');
let database: TestDatabase;
let place: Workplace;
let app: Folder;
let before: ReadonlyMap<string, number>;

test.before(async () => {
  database = await freshDatabase();
  place = await workplace();
  app = await appFolder({ '0_init': `-- The app's own text.\n${await migration('0_init')}`, ...knownMigrations });
});
test.after(async () => {
  await app[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function counts(): Promise<ReadonlyMap<string, number>> {
  await using session = await testSession(database.url);
  const found = new Map<string, number>();
  for (const table of [...collections.map(({ collection }) => collection), ...junctions.map((junction) => junction.table)]) {
    const [row] = await session.query<{ n: number }>(`select count(*)::integer as n from "${table}"`);
    found.set(table, row?.n ?? 0);
  }
  return found;
}

/** As an init job at every later start: the source is switched off, its URL may be gone from the settings. */
async function startsAgain(): Promise<void> {
  const again = await place.run([], { DATABASE_URL: database.url });
  assert.is(again.exit, 0, again.output);
  assert.match(again.output, 'There is nothing to do');
}

test('the sample moves, and the report says where its values are in the newest release', async () => {
  const dump = join(place.folder, 'dump');
  await cp(resolve('sample'), dump, { recursive: true });
  const run = await place.run([], { MONGODB_URL: dumpUrl(dump), DATABASE_URL: database.url });
  assert.is(run.exit, 0, run.output);
  const { nextcrm } = await place.report();
  assert.is(nextcrm?.state, 'not upgraded');
  const html = await readFile(join(place.volume, 'report.html'), 'utf8');
  for (const section of ['First sign-in', 'In NextCRM', 'What an administrator should look at']) assert.match(html, section);
  before = await counts();
});

test('before the first release is started, the init job does nothing', startsAgain);

test("the later release's migrations are applied, and a second deploy has none", async () => {
  const deployed = await deployFrom(app.path, database.url);
  assert.is(deployed.exitCode, 0, deployed.stderr);
  assert.match((await deployFrom(app.path, database.url)).stdout, 'No pending migrations to apply');
});

test('a client generated from the later schema reads every migrated row', async () => {
  const schema = join(app.path, 'prisma/schema.prisma');
  const pulled = await runIn(app.path, ['db', 'pull'], { url: database.url });
  assert.is(pulled.exitCode, 0, pulled.stderr);
  const generator = `generator client {
  provider            = "prisma-client"
  output              = "../client"
  runtime             = "nodejs"
  moduleFormat        = "esm"
  importFileExtension = "ts"
}\n`;
  await writeFile(schema, generator + (await readFile(schema, 'utf8')));
  const generated = await runIn(app.path, ['generate'], undefined);
  assert.is(generated.exitCode, 0, generated.stderr);
  const { PrismaClient } = (await import(pathToFileURL(join(app.path, 'client/client.ts')).href)) as {
    PrismaClient: new (options: {
      adapter: unknown;
    }) => Record<string, { findMany(): Promise<readonly unknown[]> }> & {
      $disconnect(): Promise<void>;
    };
  };
  const client = new PrismaClient({ adapter: await adapterFor(database.url) });
  try {
    const gone = ['Invoices', 'openAi_keys', 'gpt_models', 'modulStatus', 'system_Modules_Enabled'];
    let read = 0;
    for (const [table, count] of before) {
      if (gone.includes(table)) continue;
      const model = `${table.charAt(0).toLowerCase()}${table.slice(1)}`;
      const delegate = client[model];
      assert.ok(delegate !== undefined, `the later client has no model ${model}`);
      const rows = await delegate.findMany();
      assert.is(rows.length, count, table);
      read += rows.length;
    }
    assert.ok(read > 9_000, `${read} rows`);
  } finally {
    await client.$disconnect();
  }
});

test('the same command restores what the upgrade took away, once, without the source', async () => {
  const restored = await place.run([], { DATABASE_URL: database.url });
  assert.is(restored.exit, 0, restored.output);
  assert.match(restored.output, 'Restore what the migrations moved or dropped: done');
  const { nextcrm, collections, findings } = await place.report();
  assert.is(nextcrm?.restored, true);
  assert.equal(findings, []);
  assert.ok(Object.keys(collections).length > 20);
  await using session = await testSession(database.url);
  const rows = await session.query<{ role: string; n: number }>(
    'select role::text, count(*)::integer as n from "Users" group by 1 order by 1',
  );
  const [admins] = await session.query<{ n: number }>(
    'select count(*)::integer as n from nextcrm_archive."Users" where is_admin',
  );
  assert.ok((admins?.n ?? 0) > 0);
  assert.equal(
    rows.map((row) => ({ ...row })),
    [
      { role: 'admin', n: admins?.n },
      { role: 'manager', n: (before.get('Users') ?? 0) - (admins?.n ?? 0) },
    ],
  );
});

test('what the upgrade dropped is read from the archive', async () => {
  await using session = await testSession(database.url);
  for (const table of ['Invoices', 'openAi_keys', 'gpt_models', 'modulStatus', 'system_Modules_Enabled', 'DocumentsToInvoices']) {
    const [row] = await session.query<{ n: number }>(`select count(*)::integer as n from nextcrm_archive."${table}"`);
    assert.is(row?.n, before.get(table), table);
    assert.ok((row?.n ?? 0) > 0, table);
  }
});

test('in front of the upgraded app the init job does nothing and ends with 0', startsAgain);

test('with a volume that was lost it ends with 0 too', async () => {
  await rm(place.volume, { recursive: true });
  await startsAgain();
});

test('with the schemas of ours dropped, the init job still ends with 0, and the app with its deploy', async () => {
  await using session = await testSession(database.url);
  await session.script('drop schema nextcrm_archive cascade');
  await startsAgain();
  await session.script('drop schema nextcrm_migration cascade');
  await startsAgain();
  const last = await deployFrom(app.path, database.url);
  assert.match(last.stdout, 'No pending migrations to apply', last.stderr);
});

test('another database than the one that was migrated is still distinguished', async () => {
  await using other = await freshDatabase();
  await using folder = await appFolder({ '0_init': await migration('0_init') });
  assert.is((await deployFrom(folder.path, other.url)).exitCode, 0);
  await using session = await testSession(other.url);
  await session.script(
    `update _prisma_migrations set checksum = '0c30baa2b075fa76f0f49db0bcbd593a631f7a1f5585f7a545775bb37a2e549d'`,
  );
  const refused = await place.run([], { DATABASE_URL: other.url });
  assert.is(refused.exit, 2, refused.output);
  assert.match(refused.output, 'OTHER_TARGET');
});

test.run();
