/** A run that is stopped resumes where it stopped, and a finished one is a no-op. */
import { join } from 'node:path';
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { digestOf } from '../../support/digest.ts';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { dumpUrl, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('stop and continue');

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const users = Array.from({ length: 60_000 }, (_, n) => ({
  _id: id(n + 1),
  email: `user${n % 59_990}@example.com`,
  name: 'x'.repeat(400),
  watching_accountsIDs: n % 10 === 0 ? [id(0x100000 + (n % 70))] : [],
}));
const accounts = Array.from({ length: 50 }, (_, n) => ({
  _id: id(0x100000 + n),
  name: `Account ${n}`,
  assigned_to: id(n + 59_980),
  extra: n,
}));

async function dumpInto(folder: string): Promise<string> {
  await writeDump(join(folder, 'dump', 'nextcrm'), { Users: users, crm_Accounts: accounts });
  return dumpUrl(join(folder, 'dump'));
}

test('SIGKILL in every step: the same command ends with the same data', async () => {
  await using undisturbed = await freshDatabase();
  await using place = await workplace();
  const source = await dumpInto(place.folder);
  const whole = await place.run([], { MONGODB_URL: source, DATABASE_URL: undisturbed.url });
  assert.is(whole.exit, 1, whole.output);
  const expected = await digest(undisturbed.url);

  await using database = await freshDatabase();
  await using second = await workplace();
  const environment = { MONGODB_URL: source, DATABASE_URL: database.url };
  for (const step of ['Create schema', 'Load', 'Resolve', 'Link', 'Build keys', 'Validate', 'Hand over']) {
    const run = second.start([], environment);
    await new Promise<void>((resolve) => {
      run.process.stdout?.on('data', () => run.output().includes(step) && resolve());
      run.process.once('close', () => resolve());
    });
    run.process.kill('SIGKILL');
    await run.ended;
  }
  const last = await second.run([], environment);
  assert.is(last.exit, 1, last.output);
  assert.equal(await digest(database.url), expected);
});

test('after success the same command is a no-op that needs no source', async () => {
  await using database = await freshDatabase();
  await using place = await workplace();
  await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users: users.slice(0, 10) });
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  assert.is((await place.run([], environment)).exit, 0);
  const again = await place.run([], { DATABASE_URL: database.url });
  assert.is(again.exit, 0, again.output);
  assert.match(again.output, /nothing to do/);
  const verified = await place.run(['verify'], environment);
  assert.is(verified.exit, 0, verified.output);
  const status = await place.run(['status'], {});
  assert.is(status.exit, 0, status.output);
});

async function digest(url: string): Promise<unknown> {
  await using session = await testSession(url);
  return await digestOf(session);
}

test.run();
