/** What was begun with one source, or by one version of the program, is not continued with by another. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient, ObjectId } from 'mongodb';
import * as assert from 'uvu/assert';
import { writeDump } from '../../support/dump.ts';
import { faultContent, faultDump } from '../../support/faults.ts';
import { killedRun, type StepName } from '../../support/kills.ts';
import { insertAll, mongoServer, mongoUnavailable } from '../../support/mongo.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Ended, type Workplace, workplace } from '../../support/program.ts';
import { digest } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('another source, another version');

function refused({ exit, output }: Ended, code: string, ...said: readonly RegExp[]): void {
  assert.is(exit, 2, output);
  assert.match(output, new RegExp(`\\(${code}, exit code 2\\)`));
  for (const text of said) assert.match(output, text);
}

async function script(url: string, text: string): Promise<void> {
  await using session = await testSession(url);
  await session.script(text);
}

/** A run from a dump that was killed in the middle of `step`. */
async function begun(place: Workplace, url: string, step: StepName, messages: number) {
  const environment = { MONGODB_URL: await faultDump(place.folder), DATABASE_URL: url };
  const { exit, output } = await killedRun(place, environment, { step, messages, passes: true });
  assert.is(exit, 'SIGKILL', output);
  return environment;
}

/** Finished with exit 1: one document is rejected, and `fix` corrects it. */
async function finishedWithReject(place: Workplace, url: string) {
  const folder = join(place.folder, 'dump', 'nextcrm');
  const users = (second: string) => [
    { _id: new ObjectId('000000000000000000000001'), email: 'one@example.com', created_on: new Date(0) },
    { _id: new ObjectId('000000000000000000000002'), email: second, created_on: new Date(0) },
  ];
  await writeDump(folder, { Users: users('one@example.com') });
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: url };
  const { exit, output } = await place.run([], environment);
  assert.is(exit, 1, output);
  return { environment, fix: () => writeDump(folder, { Users: users('two@example.com') }) };
}

test('begun from a server, it does not continue from a dump of the same name, in no step', async () => {
  for (const [step, messages] of [
    ['load', 150],
    ['resolve', 100],
    ['validate', 100],
  ] as const) {
    await using database = await freshDatabase();
    await using place = await workplace();
    const environment = await begun(place, database.url, step, messages);
    await script(
      database.url,
      "update nextcrm_migration.run set source_kind = 'server', source_description = 'mongodb://mongo.example:27017/nextcrm'",
    );
    const before = await digest(database.url);
    refused(
      await place.run([], environment),
      'OTHER_SOURCE',
      /reads from a MongoDB server \(mongodb:\/\/mongo\.example:27017\/nextcrm/,
      /MONGODB_URL is a dump folder/,
    );
    assert.equal(await digest(database.url), before);
  }
});

const withServer = test.unless(await mongoUnavailable());

withServer('begun from a dump, it does not continue from a live server with a database of the same name', async () => {
  await using server = await mongoServer();
  await using client = new MongoClient(server.url);
  const name = client.db().databaseName;
  const content = faultContent();
  await insertAll(client, content);
  await using database = await freshDatabase();
  await using place = await workplace();
  await writeDump(join(place.folder, 'dump', name), content, { metadata: false });
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  await killedRun(place, environment, { step: 'load', messages: 150, passes: true });
  refused(
    await place.run([], { ...environment, MONGODB_URL: server.url }),
    'OTHER_SOURCE',
    /reads from a dump folder/,
    /MONGODB_URL is a MongoDB server/,
  );
  const last = await place.run([], environment);
  assert.is(last.exit, 1, last.output);
});

test('a source of the same name whose collection has another UUID is another source', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const environment = await begun(place, database.url, 'load', 150);
  const file = join(place.folder, 'dump', 'nextcrm', 'crm_Accounts.metadata.json');
  const first = await readFile(file, 'utf8');
  const other = JSON.stringify({ ...(JSON.parse(first) as object), uuid: '0123456789abcdef0123456789abcdef' });
  assert.is.not(other, first);
  await writeFile(file, other);
  refused(await place.run([], environment), 'OTHER_SOURCE', /its collection crm_Accounts has a different UUID/);
  await writeFile(file, first);
  const last = await place.run([], environment);
  assert.is(last.exit, 1, last.output);
});

test('rejected documents are retried from the same kind of source only; the proof reads any copy', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const { environment, fix } = await finishedWithReject(place, database.url);
  await script(database.url, "update nextcrm_migration.run set source_kind = 'server'");
  const verified = await place.run(['verify'], environment);
  assert.is(verified.exit, 1, verified.output);
  assert.equal(
    (await place.report()).findings.map(({ code }) => code),
    ['DUPLICATE_KEY'],
  );
  await fix();
  const before = await digest(database.url);
  refused(await place.run([], environment), 'OTHER_SOURCE');
  assert.equal(await digest(database.url), before);
  await script(database.url, "update nextcrm_migration.run set source_kind = 'dump'");
  const retried = await place.run([], environment);
  assert.is(retried.exit, 0, retried.output);
});

test('what one version rejected, no other retries', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  const { environment, fix } = await finishedWithReject(place, database.url);
  await fix();
  const [{ appliance } = { appliance: '' }] = await appliances(database.url);
  await script(database.url, "update nextcrm_migration.run set appliance = '0.0.1'");
  const before = await digest(database.url);
  refused(await place.run([], environment), 'OTHER_APPLIANCE', /version 0\.0\.1/, new RegExp(`[Tt]his is version ${appliance}`));
  assert.equal(await digest(database.url), before);
  assert.equal(await appliances(database.url), [{ appliance: '0.0.1', step: 'finished' }]);
  await script(database.url, `update nextcrm_migration.run set appliance = '${appliance}'`);
  const retried = await place.run([], environment);
  assert.is(retried.exit, 0, retried.output);
});

test('another version may prove again what it need not write to', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  await writeDump(join(place.folder, 'dump', 'nextcrm'), {
    Users: [{ _id: new ObjectId('000000000000000000000001'), email: 'one@example.com', created_on: new Date(0) }],
  });
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  assert.is((await place.run([], environment)).exit, 0);
  await script(database.url, "update nextcrm_migration.run set appliance = '0.0.1', verdict = 'findings', exit_code = 1");
  const again = await place.run([], environment);
  assert.is(again.exit, 0, again.output);
});

async function appliances(url: string) {
  await using session = await testSession(url);
  return await session.query<{ appliance: string; step: string }>('select appliance, step from nextcrm_migration.run');
}

test.run();
