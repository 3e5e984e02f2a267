/** SIGKILL at the boundaries between steps, inside each step and at random moments: the same command ends with the same data. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { digestOf } from '../../support/digest.ts';
import { faultDump } from '../../support/faults.ts';
import {
  copyVolume,
  type KillPlan,
  killedRun,
  Onlooker,
  type Place,
  type RunEnvironment,
  type StepName,
  seeded,
  steps,
} from '../../support/kills.ts';
import { summary } from '../../support/outcome.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { type Workplace, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('killed and started again');

const long = process.env['TEST_LONG'] === '1';
/** In each step, besides the one at its beginning; the hand-over and the report behind it are two. */
const killsInEach = long ? 48 : 4;
const killsAtRandom = long ? 16 : 4;
/** Kills of one run, before it may end. */
const killsInARow = 4;

const seed = Number(process.env['TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const random = seeded(seed);
const below = (end: number) => Math.floor(random() * end);

/** How many messages an undisturbed run sends in each step, about: the places where it can be killed. */
const messagesIn: Readonly<Record<StepName, number>> = {
  schema: 130,
  load: 360,
  retry: 60,
  resolve: 820,
  link: 45,
  index: 1220,
  validate: 750,
  handover: 4,
};
/** After the hand-over: the balances, the report, the verdict. */
const messagesOfReport = 31;

const killsByPlace = new Map<Place, number>();
interface Beginning {
  readonly database: string;
  readonly volume: string;
}
/** Database and volume as they were when the step began. */
const beginnings = new Map<StepName, Beginning>();
const templates: string[] = [];

const onlooker = new Onlooker();
const place = await workplace();
const source = await faultDump(place.folder);
const databaseOf = (url: string) => new URL(url).pathname.slice(1);
let expected: Outcome;

interface Outcome {
  readonly digest: Record<string, string>;
  readonly rejects: string;
  readonly findings: unknown;
}

async function outcome(work: Workplace, url: string): Promise<Outcome> {
  await using session = await testSession(url);
  const { findings, collections, junctions, layers } = await work.report();
  const counted = Object.values(collections).map(({ seconds: _, ...rest }) => rest);
  return {
    digest: await digestOf(session),
    rejects: await readFile(join(work.volume, 'rejects.jsonl'), 'utf8'),
    // How many facts of the structure were judged may differ: an index that a session beside us may not use yet is not.
    findings: { findings, counted, junctions, layers: { ...layers, types: layers.types.status } },
  };
}

/** Kills once by the plan and says where it fell; null where the program had ended before. */
async function kill(work: Workplace, environment: RunEnvironment, plan: KillPlan): Promise<Place | null> {
  const killed = await killedRun(work, environment, plan);
  if (killed.exit !== 'SIGKILL') {
    assert.is(killed.exit, 1, `${JSON.stringify(plan)}\n${killed.output}`);
    return null;
  }
  const where = await onlooker.place(databaseOf(environment.DATABASE_URL));
  killsByPlace.set(where, (killsByPlace.get(where) ?? 0) + 1);
  return where;
}

async function finish(work: Workplace, environment: RunEnvironment, story: readonly unknown[]): Promise<void> {
  const told = `seed ${seed}: ${story.map((plan) => JSON.stringify(plan)).join(', ')}`;
  const last = await work.run([], environment);
  assert.is(last.exit, 1, `${told}\n${last.output}`);
  const found = await outcome(work, environment.DATABASE_URL);
  assert.equal(found.digest, expected.digest, told);
  assert.is(found.rejects, expected.rejects, told);
  assert.equal(found.findings, expected.findings, told);
}

async function keepBeginning(step: StepName, work: Workplace, url: string): Promise<void> {
  const template = `${databaseOf(url)}_${step}`;
  templates.push(template);
  await onlooker.copy(databaseOf(url), template);
  const volume = join(place.folder, `volume-${step}`);
  await copyVolume(work.volume, volume);
  beginnings.set(step, { database: template, volume });
}

/** A database and a volume as they were at the beginning of `step`. */
async function from(
  step: StepName,
): Promise<{ readonly work: Workplace; readonly environment: RunEnvironment; readonly name: string }> {
  const beginning = beginnings.get(step);
  if (beginning === undefined) throw new Error(`no beginning of ${step}`);
  const name = `${beginning.database}_${Math.floor(Math.random() * 2 ** 40).toString(36)}`;
  await onlooker.copy(beginning.database, name);
  templates.push(name);
  const work = await workplace();
  await copyVolume(beginning.volume, work.volume);
  return { work, environment: { MONGODB_URL: source, DATABASE_URL: onlooker.urlOf(name) }, name };
}

test.before(() => {
  console.log(`kills: seed ${seed} (TEST_SEED)`);
});

test.after(async () => {
  for (const name of templates) await onlooker.drop(name);
  await onlooker[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

test('an undisturbed run is what all others are compared with', async () => {
  await using database = await freshDatabase();
  await using work = await workplace();
  const whole = await work.run([], { MONGODB_URL: source, DATABASE_URL: database.url });
  assert.is(whole.exit, 1, whole.output);
  expected = await outcome(work, database.url);
  assert.ok(expected.rejects.split('\n').length > 20);
});

test('killed at the beginning of every step, it ends with the same data', async () => {
  await using database = await freshDatabase();
  await using work = await workplace();
  const environment = { MONGODB_URL: source, DATABASE_URL: database.url };
  const story: unknown[] = [];
  for (const step of steps) {
    const plan = { step, messages: 0, passes: false };
    story.push([plan, await kill(work, environment, plan)]);
    await keepBeginning(step, work, database.url);
  }
  await finish(work, environment, story);
  // Started once more, it takes up what was rejected: from here on the step "retry".
  await keepBeginning('retry', work, database.url);
});

for (const step of [...steps, 'retry', 'report'] as const) {
  test(
    `killed inside the step ${step}, several times in a row, it ends with the same data`,
    async () => {
      const stepOf = step === 'report' ? 'handover' : step;
      for (let kills = 0; kills < killsInEach; ) {
        const { work, environment, name } = await from(stepOf);
        await using _work = work;
        const story: unknown[] = [];
        for (let inARow = 0; inARow < killsInARow && kills < killsInEach; inARow += 1) {
          const messages = step === 'report' ? messagesIn.handover + 1 + below(messagesOfReport) : 1 + below(messagesIn[stepOf]);
          const plan = { step: stepOf, messages, passes: random() < 0.5 };
          const where = await kill(work, environment, plan);
          story.push([plan, where]);
          if (where === null) break;
          kills += 1;
          if (where !== stepOf && where !== step) break;
        }
        await finish(work, environment, story);
        await onlooker.drop(name);
      }
    },
    long ? 900_000 : 300_000,
  );
}

test(
  'killed at random moments from its start on, it ends with the same data',
  async () => {
    for (let kills = 0; kills < killsAtRandom; ) {
      await using database = await freshDatabase();
      await using work = await workplace();
      const environment = { MONGODB_URL: source, DATABASE_URL: database.url };
      const story: unknown[] = [];
      for (let inARow = 0; inARow < killsInARow && kills < killsAtRandom; inARow += 1) {
        const milliseconds = below(3_000);
        const run = work.start([], environment);
        const timer = setTimeout(() => run.process.kill('SIGKILL'), milliseconds);
        const { exit, output } = await run.ended;
        clearTimeout(timer);
        assert.ok(exit === 'SIGKILL' || exit === 1, output);
        if (exit === 1) break;
        const where = await onlooker.place(databaseOf(database.url));
        killsByPlace.set(where, (killsByPlace.get(where) ?? 0) + 1);
        story.push([milliseconds, where]);
        kills += 1;
      }
      await finish(work, environment, story);
    }
  },
  long ? 600_000 : 300_000,
);

test('every step got a kill', () => {
  const all = [...killsByPlace.values()].reduce((sum, kills) => sum + kills, 0);
  summary(`kills by step: ${[...killsByPlace].map(([where, kills]) => `${where} ${kills}`).join(', ')}; ${all} in all`);
  for (const step of [...steps, 'retry', 'report'] as const)
    assert.ok((killsByPlace.get(step) ?? 0) > 0, `no kill fell into ${step}`);
  assert.ok(all >= (long ? 400 : 40), `${all} kills`);
});

test.run();
