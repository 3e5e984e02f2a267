/** The volume says "finished" once the target does, and not before; and who does not hold the lock leaves the report of who does alone. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { writeDump } from '../../support/dump.ts';
import { copyVolume, killedRun, Observer } from '../../support/kills.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Workplace, workplace } from '../../support/program.ts';
import { type ClientMessage, type FaultyProxy, type Link, startProxy } from '../../support/proxy.ts';
import { checkpointOf, heldOpen, type Running, said } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the verdict');

const observer = new Observer();
let template: Workplace;
let source: string;
let before: TestDatabase;

/** Killed where the proof begins. The source is sound: the verdict will be exit code 0. */
test.before(async () => {
  template = await workplace();
  source = dumpUrl(join(template.folder, 'dump'));
  const user = { _id: new ObjectId('000000000000000000000001'), email: 'one@example.com', created_on: new Date(0) };
  await writeDump(join(template.folder, 'dump', 'nextcrm'), { Users: [user] });
  before = await freshDatabase();
  const environment = { MONGODB_URL: source, DATABASE_URL: before.url };
  await killedRun(template, environment, { step: 'validate', messages: 0, passes: false });
});

test.after(async () => {
  await before[Symbol.asyncDispose]();
  await template[Symbol.asyncDispose]();
  await observer[Symbol.asyncDispose]();
});

interface Place {
  readonly work: Workplace;
  readonly environment: { readonly MONGODB_URL: string; readonly DATABASE_URL: string };
}

async function inCopy(body: (place: Place) => Promise<void>): Promise<void> {
  const from = new URL(before.url).pathname.slice(1);
  const name = `${from}_${Math.floor(Math.random() * 2 ** 40).toString(36)}`;
  await observer.copy(from, name);
  await using work = await workplace();
  await copyVolume(template.volume, work.volume);
  try {
    await body({ work, environment: { MONGODB_URL: source, DATABASE_URL: observer.urlOf(name) } });
  } finally {
    await observer.drop(name);
  }
}

const isVerdict = ({ text }: ClientMessage) => text.includes("set step = 'finished'");

async function stepIn(url: string): Promise<string> {
  await using session = await testSession(url);
  const [row] = await session.query<{ step: string }>('select step from nextcrm_migration.run');
  return row?.step ?? '';
}

async function recorded(url: string): Promise<void> {
  while ((await stepIn(url)) !== 'finished');
}

interface Said {
  readonly state: string;
  readonly exitCode: number | null;
}
const reportNow = (work: Workplace) => JSON.parse(readFileSync(join(work.volume, 'report.json'), 'utf8')) as Said;

/** Nothing at the top of the volume says that the run ended. */
async function saysNotFinished(work: Workplace): Promise<void> {
  const { state, exitCode } = reportNow(work);
  assert.equal([state, exitCode], ['running', null]);
  const checkpoint = await checkpointOf(work);
  assert.equal([checkpoint.step, checkpoint.exitCode], ['handover', null]);
  const status = await work.run(['status'], {});
  assert.ok(status.exit === 5 || status.exit === 6, status.output);
}

async function saysFinished(work: Workplace): Promise<void> {
  const { state, exitCode } = reportNow(work);
  assert.equal([state, exitCode], ['finished', 0]);
  const checkpoint = await checkpointOf(work);
  assert.equal([checkpoint.step, checkpoint.exitCode], ['finished', 0]);
  const status = await work.run(['status'], {});
  assert.is(status.exit, 0, status.output);
  assert.match(status.output, /Completed/);
}

test.fault('killed right before the verdict is recorded, no file says "finished"; the next start gives it', () =>
  inCopy(async ({ work, environment }) => {
    let run: Running | null = null;
    await using proxy = await startProxy(environment.DATABASE_URL, {
      onMessage: (message) => {
        if (!isVerdict(message)) return 'pass';
        run?.process.kill('SIGKILL');
        return 'hold';
      },
    });
    run = work.start([], { ...environment, DATABASE_URL: proxy.through(environment.DATABASE_URL) });
    assert.is((await run.ended).exit, 'SIGKILL');
    assert.is(await stepIn(environment.DATABASE_URL), 'handover');
    await saysNotFinished(work);
    const last = await work.run([], environment);
    assert.is(last.exit, 0, last.output);
    await saysFinished(work);
  }),
);

/** The server has the verdict, and its answer does not come through: `then` happens. */
async function unheard(
  { work, environment }: Place,
  then: (run: Running, link: Link) => void,
): Promise<Awaited<Running['ended']>> {
  let verdictOn: Link | null = null;
  await using proxy: FaultyProxy = await startProxy(environment.DATABASE_URL, {
    onMessage: (message) => {
      if (isVerdict(message)) verdictOn = message.link;
      // Parsed before it is run: the answer to that must come through.
      else if (message.link === verdictOn && message.type === 'B' && !unanswered) {
        unanswered = message.link;
        void recorded(environment.DATABASE_URL).then(() => then(run, message.link));
      }
      return 'pass';
    },
    onServerBytes: (_bytes, link) => (link === unanswered ? 'hold' : 'pass'),
  });
  let unanswered: Link | null = null;
  const run = work.start([], { ...environment, DATABASE_URL: proxy.through(environment.DATABASE_URL) });
  const ended = await run.ended;
  assert.ok(unanswered, ended.output);
  return ended;
}

test.fault('killed right after the verdict was recorded: the next start has nothing to do but to say so in the files', () =>
  inCopy(async (place) => {
    const { work, environment } = place;
    const ended = await unheard(place, (run) => run.process.kill('SIGKILL'));
    assert.is(ended.exit, 'SIGKILL', ended.output);
    await saysNotFinished(work);
    const last = await work.run([], { DATABASE_URL: environment.DATABASE_URL });
    assert.is(last.exit, 0, last.output);
    assert.match(last.output, /nothing to do/);
    await saysFinished(work);
  }),
);

test.fault(
  'the connection breaks before the verdict is recorded: everything is proved again, and no file says "finished" meanwhile',
  () =>
    inCopy(async ({ work, environment }) => {
      const atVerdict: Said[] = [];
      await using proxy: FaultyProxy = await startProxy(environment.DATABASE_URL, {
        onMessage: (message) => {
          if (!isVerdict(message)) return 'pass';
          atVerdict.push(reportNow(work));
          if (atVerdict.length > 1) return 'pass';
          proxy.refuse(true);
          message.link.cut();
          return 'hold';
        },
      });
      const run = work.start([], { ...environment, DATABASE_URL: proxy.through(environment.DATABASE_URL) });
      await said(run, /Retrying in/);
      await saysNotFinished(work);
      proxy.refuse(false);
      const { exit, output } = await run.ended;
      assert.is(exit, 0, output);
      assert.equal(
        atVerdict.map(({ state, exitCode }) => [state, exitCode]),
        [
          ['running', null],
          ['running', null],
        ],
      );
      await saysFinished(work);
    }),
);

test.fault('the connection breaks behind the verdict, before it is heard: the run ends with it, and nothing is done twice', () =>
  inCopy(async (place) => {
    const { exit, output } = await unheard(place, (_run, link) => link.cut());
    assert.is(exit, 0, output);
    assert.match(output, /Retrying in/);
    assert.is(output.split('Validate every record: done').length, 2, output);
    assert.match(output, /All 1 documents? of the source/);
    await saysFinished(place.work);
  }),
);

test('who waits for the lock and is stopped, or never gets as far, leaves the report of the run at work alone', () =>
  inCopy(async ({ work, environment }) => {
    const lock = await heldOpen(environment.DATABASE_URL, 'lock table public."tasksComments" in access exclusive mode');
    const killed = await work.report();
    const first = work.start([], environment);
    await said(first, 'Validate every record');
    let { id } = killed;
    while (id === killed.id) ({ id } = await work.report());
    const reports = await readdir(join(work.volume, 'reports'));
    const second = work.start([], environment);
    await said(second, 'another migration holds the lock');
    second.process.kill('SIGTERM');
    assert.is((await second.ended).exit, 5);
    const closed = new URL(environment.DATABASE_URL);
    closed.port = '1';
    const third = work.start([], { ...environment, DATABASE_URL: closed.href });
    await said(third, 'waiting for PostgreSQL');
    third.process.kill('SIGTERM');
    assert.is((await third.ended).exit, 5);
    assert.equal(await readdir(join(work.volume, 'reports')), reports);
    const report = await work.report();
    assert.equal([report.id, report.state], [id, 'running']);
    assert.is((await checkpointOf(work)).exitCode, null);
    await lock[Symbol.asyncDispose]();
    const { exit, output } = await first.ended;
    assert.is(exit, 0, output);
    await saysFinished(work);
  }));

test.run();
