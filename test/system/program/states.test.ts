/** Commands that meet: a run is moved on by one of them at a time, and findings that nobody accepted never end as exit code 0. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import type { Report } from '../../../src/report/model.ts';
import { rawDocuments, writeDump } from '../../support/dump.ts';
import { killedRun, titles } from '../../support/kills.ts';
import { loadableDatabase } from '../../support/loadable-database.ts';
import type { TestDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Workplace, workplace } from '../../support/program.ts';
import { checkpointOf, heldOpen, type Running, said } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('one command at a time moves a run');

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const user = (n: number, more: Document = {}): Document => ({ _id: id(n), __v: 0, email: `${n}@example.com`, ...more });
const noMail: Document = { _id: id(99), __v: 0 };

interface Migration {
  readonly place: Workplace;
  readonly database: TestDatabase;
  readonly environment: { readonly MONGODB_URL: string; readonly DATABASE_URL: string };
  readonly users: (...documents: Document[]) => Promise<void>;
}

/** Ends with 1. `damaged`: by bytes that are no document; else the documents have one that is rejected. */
async function finished(place: Workplace, database: TestDatabase, { damaged }: { damaged: boolean }): Promise<Migration> {
  const folder = join(place.folder, 'dump', 'nextcrm');
  const users = (...Users: Document[]) => writeDump(folder, { Users });
  await users(user(1), user(2), ...(damaged ? [] : [noMail]));
  if (damaged) await writeFile(join(folder, 'Users.bson'), rawDocuments([user(1), user(2), new Uint8Array([9, 9, 9])]));
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  const ended = await place.run([], environment);
  assert.is(ended.exit, 1, ended.output);
  return { place, database, environment, users };
}

async function script(url: string, text: string): Promise<void> {
  await using session = await testSession(url);
  await session.script(text);
}

async function runRow(url: string): Promise<Record<string, unknown>> {
  await using session = await testSession(url);
  const [row] = await session.query('select step, verdict, exit_code, report_id, accepted_at from nextcrm_migration.run');
  return { ...row };
}

/** What a step cannot do without, and nothing before it needs. */
const neededBy = { validate: 'public."tasksComments"', retry: 'nextcrm_migration.id_map' };

/** Starts a run and holds it in the step until `meanwhile` is over. */
async function heldIn(
  step: keyof typeof neededBy,
  { place, environment }: Pick<Migration, 'place' | 'environment'>,
  meanwhile: () => Promise<void>,
): Promise<Running> {
  await using _lock = await heldOpen(environment.DATABASE_URL, `lock table ${neededBy[step]} in access exclusive mode`);
  const run = place.start([], environment);
  await said(run, titles[step]);
  await meanwhile();
  return run;
}

for (const damaged of [true, false]) {
  const how = damaged ? 'its rows are proved again' : 'rejected documents are retried';
  test(`findings that nobody accepted block, although an older report is accepted while ${how}`, async () => {
    await using database = await loadableDatabase();
    await using place = await workplace();
    const migration = await finished(place, database, { damaged });
    const { environment } = migration;
    const old = (await place.report()).id;
    if (damaged) await script(database.url, `delete from public."Users" where id = nextcrm_migration.uuid_of('${id(1)}')`);
    else await migration.users(user(1, { name: 'new' }), user(2), noMail);
    let accepting = Promise.resolve<{ exit: number | string; output: string }>({ exit: '', output: '' });
    const run = await heldIn(damaged ? 'validate' : 'retry', migration, async () => {
      const accept = place.start(['accept', old], environment);
      accepting = accept.ended;
      await said(accept, /another migration holds the lock|are accepted/);
    });
    const ended = await run.ended;
    assert.is(ended.exit, 1, ended.output);
    const codes = (await place.report()).findings.map(({ code }) => code);
    assert.ok(codes.includes(damaged ? 'ROW_MISSING' : 'SOURCE_CHANGED'), codes.join(', '));
    const { exit, output } = await accepting;
    // On a slow machine the run continues for longer than accept waits.
    assert.ok(exit === 6 || (exit === 2 && output.includes('has findings that the older one does not have')), output);
    assert.equal((await runRow(database.url))['exit_code'], 1);
    const next = await place.run([], environment);
    assert.is(next.exit, 1, next.output);
  });
}

test('a proof that is killed leaves a run that is not finished, and the same command continues with the proof', async () => {
  await using database = await loadableDatabase();
  await using place = await workplace();
  const { environment } = await finished(place, database, { damaged: true });
  const old = (await place.report()).id;
  const killed = await killedRun(place, environment, { step: 'validate', messages: 5, passes: true });
  assert.is(killed.exit, 'SIGKILL', killed.output);
  const row = await runRow(database.url);
  assert.equal([row['step'], row['verdict'], row['exit_code'], row['report_id']], ['validate', null, null, old]);
  assert.equal([(await checkpointOf(place)).step, (await checkpointOf(place)).exitCode], ['validate', null]);
  const accept = await place.run(['accept', old], environment);
  assert.is(accept.exit, 2, accept.output);
  const last = await place.run([], environment);
  assert.is(last.exit, 1, last.output);
  assert.not.ok(last.output.includes(titles.load), last.output);
});

test('accept waits for a run like a second run does, and ends with 6 where that continues', async () => {
  await using database = await loadableDatabase();
  await using place = await workplace();
  const { environment } = await finished(place, database, { damaged: false });
  const { id: reportId } = await place.report();
  const before = await runRow(database.url);
  await using _held = await heldOpen(database.url, 'select pg_advisory_xact_lock(6398276)');
  const accept = await place.run(['accept', reportId], environment);
  assert.is(accept.exit, 6, accept.output);
  assert.match(accept.output, /another migration holds the lock/);
  assert.equal(await runRow(database.url), before);
});

test('of two starts at once of a run that ends well, the second has nothing to do', async () => {
  await using database = await loadableDatabase();
  await using place = await workplace();
  await using elsewhere = await workplace();
  const folder = join(place.folder, 'dump', 'nextcrm');
  await writeDump(folder, { Users: [user(1)] });
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  await killedRun(place, environment, { step: 'validate', messages: 0, passes: false });
  let second = Promise.resolve<{ exit: number | string; output: string }>({ exit: '', output: '' });
  const run = await heldIn('validate', { place, environment }, async () => {
    const run = elsewhere.start([], environment);
    second = run.ended;
    await said(run, 'another migration holds the lock');
  });
  const first = await run.ended;
  assert.is(first.exit, 0, first.output);
  const { exit, output } = await second;
  assert.is(exit, 0, output);
  assert.match(output, /There is nothing to do/);
  assert.not.ok(output.includes(titles.validate), output);
});

test('a verification is refused where a run that began before it has ended after it, with more findings', async () => {
  await using database = await loadableDatabase();
  await using place = await workplace();
  const { environment } = await finished(place, database, { damaged: true });
  let run: Running | null = null;
  let verified: Report;
  {
    await using _lock = await heldOpen(database.url, 'select pg_advisory_xact_lock(6398276)');
    run = place.start([], environment);
    await said(run, 'another migration holds the lock');
    const verify = await place.run(['verify'], environment);
    assert.is(verify.exit, 1, verify.output);
    verified = await place.report();
    await script(database.url, `delete from public."Users" where id = nextcrm_migration.uuid_of('${id(1)}')`);
  }
  const ended = await run.ended;
  assert.is(ended.exit, 1, ended.output);
  const later = await place.report();
  assert.ok(later.startedAt < verified.startedAt, `${later.startedAt} ${verified.startedAt}`);
  assert.ok(later.findings.some(({ code }) => code === 'ROW_MISSING'));
  const accept = await place.run(['accept', verified.id], environment);
  assert.is(accept.exit, 2, accept.output);
  assert.match(accept.output, new RegExp(`Report ${later.id} is newer than report ${verified.id}`));
});

test('a start that waited for the lock goes by what the one before it has left', async () => {
  await using database = await loadableDatabase();
  await using place = await workplace();
  await writeDump(join(place.folder, 'dump', 'nextcrm'), { Users: [user(1)] });
  const environment = { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url };
  assert.is((await place.run([], environment)).exit, 0);
  const waited = async (meanwhile: string) => {
    let run: Running | null = null;
    {
      await using _lock = await heldOpen(database.url, 'select pg_advisory_xact_lock(6398276)');
      run = place.start([], environment);
      await said(run, 'another migration holds the lock');
      await script(database.url, meanwhile);
    }
    return await run.ended;
  };
  const proved = await waited(`update nextcrm_migration.run set verdict = 'findings', exit_code = 1`);
  assert.is(proved.exit, 0, proved.output);
  assert.match(proved.output, titles.validate);
  const begun = await waited(
    `insert into public._prisma_migrations (id, checksum, migration_name) values ('1', '', '20990101000000_later')`,
  );
  assert.is(begun.exit, 0, begun.output);
  assert.match(begun.output, /An upgrade of NextCRM has begun and is not finished: 20990101000000_later/);
});

test('verify beside a run that moves comes to no verdict', async () => {
  await using database = await loadableDatabase();
  await using place = await workplace();
  const { environment } = await finished(place, database, { damaged: false });
  let run: Running | null = null;
  {
    await using _lock = await heldOpen(database.url, `lock table ${neededBy.validate} in access exclusive mode`);
    run = place.start(['verify'], environment);
    await said(run, titles.validate);
    await script(
      database.url,
      `update nextcrm_migration.run set step = 'retry', verdict = null, exit_code = null, finished_at = null`,
    );
  }
  const ended = await run.ended;
  assert.is(ended.exit, 6, ended.output);
  assert.match(ended.output, /A migration was started on .* while this was validating/);
  const { state, verdict, findings } = await place.report();
  assert.equal([state, verdict, findings], ['failed', null, []]);
  assert.is((await place.run(['status'], {})).exit, 6);
});

test('what was accepted is on the volume too, whatever stopped accept behind the database', async () => {
  await using database = await loadableDatabase();
  await using place = await workplace();
  const { environment } = await finished(place, database, { damaged: false });
  const { id: reportId } = await place.report();
  await script(
    database.url,
    `update nextcrm_migration.run set accepted_at = now(), accepted_by = session_user, accepted_report_id = report_id,
       accepted_findings = '${JSON.stringify((await place.report()).findings).replaceAll("'", "''")}', verdict = 'accepted', exit_code = 0`,
  );
  const next = await place.run([], { DATABASE_URL: environment.DATABASE_URL });
  assert.is(next.exit, 0, next.output);
  const { id: top, verdict, exitCode } = await place.report();
  assert.equal([top, verdict, exitCode], [reportId, 'accepted', 0]);
  assert.is((await checkpointOf(place)).exitCode, 0);
  assert.is((await place.run(['status'], {})).exit, 0);
});

test.run();
