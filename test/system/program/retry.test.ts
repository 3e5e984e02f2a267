/** Rejected documents are retried, and only they, when a finished run is started again after the source was corrected. */
import { join } from 'node:path';
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { digestOf } from '../../support/digest.ts';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { dumpUrl, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('rejected documents are retried');

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const when = new Date('2022-02-03T04:05:06Z');
const user = (n: number, email: unknown, fields: Document = {}): Document => ({
  _id: id(n),
  __v: 0,
  email,
  created_on: when,
  ...fields,
});

/** As long as these are rejected, what refers to user 3 refers to user 2, who has the address, and what refers to user 'odd' dangles. */
function source(corrected: boolean): Record<string, Document[]> {
  return {
    Users: [
      user(1, 'one@example.com'),
      user(2, 'two@example.com'),
      user(3, corrected ? 'three@example.com' : 'two@example.com', { watching_boardsIDs: [id(0x21)], strange: 1 }),
      user(4, corrected ? 'four@example.com' : null),
      { ...user(5, corrected ? 'odd@example.com' : { no: 'text' }), _id: 'odd' },
      ...(corrected ? [] : [user(6, null)]),
    ],
    Boards: [
      { _id: id(0x20), __v: 0, description: 'd', title: 't', user: id(3) },
      { _id: id(0x21), __v: 0, description: 'd', title: 't', user: id(1), watchers: [id(3), id(1)], createdAt: when },
    ],
    Sections: [{ _id: id(0x30), __v: 0, title: 't', board: id(0x20) }],
    Tasks: [{ _id: id(0x40), __v: 0, title: 't', priority: 'p', position: 0, section: id(0x30), user: id(3), createdBy: id(3) }],
    crm_Accounts: [
      { _id: id(0x50), __v: 0, name: 'n', createdAt: when, assigned_to: id(3), watchers: [id(3), id(4), id(0x666)] },
      { _id: id(0x51), __v: 0, name: 'n', createdAt: when, assigned_to: 'odd' },
      { _id: id(0x52), __v: 0, name: 'n', createdAt: when, assigned_to: id(0x666), extra: 'kept' },
    ],
  };
}

test('a corrected source ends as if it had been sound from the beginning', async () => {
  await using place = await workplace();
  const folder = join(place.folder, 'dump', 'nextcrm');
  await writeDump(folder, source(false));
  await using database = await freshDatabase();
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  const first = await place.run([], environment);
  assert.is(first.exit, 1, first.output);
  assert.is(
    Object.values((await place.report()).collections).reduce((sum, { rejected }) => sum + rejected, 0),
    4,
    first.output,
  );

  await writeDump(folder, source(true));
  const second = await place.run([], environment);
  assert.is(second.exit, 0, `${second.output}${JSON.stringify((await place.report()).findings, null, 1)}`);

  await using sound = await freshDatabase();
  await using other = await workplace();
  await writeDump(join(other.folder, 'dump', 'nextcrm'), source(true));
  const whole = await other.run([], { MONGODB_URL: dumpUrl(join(other.folder, 'dump')), DATABASE_URL: sound.url });
  assert.is(whole.exit, 0, whole.output);
  assert.equal(await digest(database.url), await digest(sound.url));
});

test('a source that was not corrected ends as before, and again', async () => {
  await using place = await workplace();
  await writeDump(join(place.folder, 'dump', 'nextcrm'), source(false));
  await using database = await freshDatabase();
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  assert.is((await place.run([], environment)).exit, 1);
  const before = await digest(database.url);
  for (let round = 0; round < 2; round += 1) {
    const again = await place.run([], environment);
    assert.is(again.exit, 1, again.output);
    assert.equal(await digest(database.url), before);
  }
});

test('any other difference of the source is a finding', async () => {
  await using place = await workplace();
  const folder = join(place.folder, 'dump', 'nextcrm');
  await writeDump(folder, source(false));
  await using database = await freshDatabase();
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  assert.is((await place.run([], environment)).exit, 1);
  const changed = source(true);
  await writeDump(folder, {
    ...changed,
    Users: (changed['Users'] ?? []).map((one) => (one['email'] === 'one@example.com' ? { ...one, name: 'new' } : one)),
  });
  const second = await place.run([], environment);
  assert.is(second.exit, 1, second.output);
  const codes = (await place.report()).findings.map(({ code, collection }) => `${collection} ${code}`);
  assert.ok(codes.includes('Users SOURCE_CHANGED'), codes.join(', '));
});

test('the migration ended when it last wrote to the tables, not when they were proved again', async () => {
  await using place = await workplace();
  const folder = join(place.folder, 'dump', 'nextcrm');
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  const ended = async (users: Document[]) => {
    await writeDump(folder, { Users: users });
    const run = await place.run([], { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url });
    assert.is(run.exit, 1, run.output);
    const [row] = await session.query<{ finished_at: Date }>('select finished_at from nextcrm_migration.run');
    return row?.finished_at.getTime() ?? Number.NaN;
  };
  const loaded = await ended([user(1, 'one@example.com'), user(2, null)]);
  // What was rejected is sound now, and another document has changed: a finding, and nothing left to retry.
  const corrected = [user(1, 'one@example.com', { name: 'new' }), user(2, 'two@example.com')];
  const retried = await ended(corrected);
  assert.ok(retried > loaded, `${retried} and ${loaded}`);
  assert.is(await ended(corrected), retried);
});

test('a document twice in a dump whose row must go is rejected with both copies kept', async () => {
  await using place = await workplace();
  const duplicate = user(9, 'one@example.com');
  await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users: [user(1, 'one@example.com'), duplicate, duplicate] });
  await using database = await freshDatabase();
  const ended = await place.run([], { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url });
  assert.is(ended.exit, 1, ended.output);
  await using session = await testSession(database.url);
  const rejects = await session.query<{ code: string }>('select code from nextcrm_migration.reject order by 1');
  assert.equal(rejects, [{ code: 'DUPLICATE_ID' }, { code: 'DUPLICATE_KEY' }]);
});

test('accepted findings hold for verify and status, until there are more', async () => {
  await using place = await workplace();
  await writeDump(join(place.folder, 'dump', 'nextcrm'), source(false));
  await using database = await freshDatabase();
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  assert.is((await place.run([], environment)).exit, 1);
  assert.is((await place.run(['accept', (await place.report()).id], environment)).exit, 0);
  const verified = await place.run(['verify'], environment);
  assert.is(verified.exit, 0, verified.output);
  assert.is((await place.run(['status'], {})).exit, 0);
  await using session = await testSession(database.url);
  await session.script(`delete from public."Tasks"`);
  const worse = await place.run(['verify'], environment);
  assert.is(worse.exit, 1, worse.output);
});

async function digest(url: string): Promise<unknown> {
  await using session = await testSession(url);
  return await digestOf(session);
}

test.run();
