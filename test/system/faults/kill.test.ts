/** SIGKILL at the boundaries between steps, inside each step and at random moments: the same command ends with the same data. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { digestOf } from '../../support/digest.ts';
import { faultDump, severalBatches } from '../../support/faults.ts';
import {
  copyVolume,
  type KillPlan,
  killedRun,
  type Measured,
  measuredRun,
  Observer,
  type Place,
  type RunEnvironment,
  type StepName,
  seeded,
  steps,
} from '../../support/kills.ts';
import { summary } from '../../support/outcome.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { type Workplace, workplace } from '../../support/program.ts';
import { batchesOf } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('killed and started again');

const long = process.env['TEST_LONG'] === '1';
/** In each step, besides the one at its beginning; the hand-over and the report behind it are two. */
const killsInEach = long ? 48 : 1;
/** Attempts besides these, at most, until one has fallen where it was meant to. */
const morePatience = 12;
const killsAtRandom = long ? 16 : 4;
/** Kills of one run, before it may end. */
const killsInARow = 4;

const seed = Number(process.env['TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const random = seeded(seed);
const below = (end: number) => Math.floor(random() * end);

/** Of the messages of the hand-over, so many until the target is handed over; the others are the report's. */
const messagesOfHandover = 4;
/** How many messages an undisturbed run sends in each step: the places where it can be killed. */
let measured: Measured;

type Counts = Map<Place, number>;
const add = (counts: Counts, where: Place) => void counts.set(where, (counts.get(where) ?? 0) + 1);
/** By what the target says of the run that was killed. */
const killsByPlace: Counts = new Map();
/** Those that fell where they were meant to: at a step's first message, and behind it. */
const atBeginnings: Counts = new Map();
const inside: Counts = new Map();
let betweenBatches = 0;

interface Beginning {
  readonly database: string;
  readonly volume: string;
}
/** Database and volume as they were when the step began. */
const beginnings = new Map<StepName, Beginning>();
const templates: string[] = [];

const observer = new Observer();
let place: Workplace;
let source: string;
const databaseOf = (url: string) => new URL(url).pathname.slice(1);
let expected: Outcome;
/** Of the collection that has several. */
let batches: number;

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
async function kill(
  work: Workplace,
  environment: RunEnvironment,
  plan: KillPlan,
  meant: Place = plan.step,
): Promise<Place | null> {
  const killed = await killedRun(work, environment, plan);
  if (killed.exit !== 'SIGKILL') {
    assert.is(killed.exit, 1, `${JSON.stringify(plan)}\n${killed.output}`);
    return null;
  }
  const where = await observer.place(databaseOf(environment.DATABASE_URL));
  add(killsByPlace, where);
  // Not by the next step's title, and not a message too late.
  if (where === meant && killed.messages > plan.messages) add(plan.messages === 0 ? atBeginnings : inside, where);
  if (where === 'load') {
    const batch = await batchesOf(environment.DATABASE_URL);
    if (batch > 0 && batch < batches) betweenBatches += 1;
  }
  return where;
}

async function finish(work: Workplace, environment: RunEnvironment, sequence: readonly unknown[]): Promise<void> {
  const reported = `seed ${seed}: ${sequence.map((plan) => JSON.stringify(plan)).join(', ')}`;
  const last = await work.run([], environment);
  assert.is(last.exit, 1, `${reported}\n${last.output}`);
  const found = await outcome(work, environment.DATABASE_URL);
  assert.equal(found.digest, expected.digest, reported);
  assert.is(found.rejects, expected.rejects, reported);
  assert.equal(found.findings, expected.findings, reported);
}

async function keepBeginning(step: StepName, work: Workplace, url: string): Promise<void> {
  const template = `${databaseOf(url)}_${step}`;
  templates.push(template);
  await observer.copy(databaseOf(url), template);
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
  await observer.copy(beginning.database, name);
  templates.push(name);
  const work = await workplace();
  await copyVolume(beginning.volume, work.volume);
  return { work, environment: { MONGODB_URL: source, DATABASE_URL: observer.urlOf(name) }, name };
}

test.before(async () => {
  console.log(`kills: seed ${seed} (TEST_SEED)`);
  place = await workplace();
  source = await faultDump(place.folder);
});

test.after(async () => {
  for (const name of templates) await observer.drop(name);
  await observer[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

test('an undisturbed run is what all others are compared with', async () => {
  await using database = await freshDatabase();
  await using work = await workplace();
  const environment = { MONGODB_URL: source, DATABASE_URL: database.url };
  const whole = await measuredRun(work, environment, severalBatches.collection);
  assert.is(whole.exit, 1, whole.output);
  expected = await outcome(work, database.url);
  batches = await batchesOf(database.url);
  assert.ok(batches >= severalBatches.batchesMin, `${batches} batches`);
  const again = await measuredRun(work, environment, severalBatches.collection);
  assert.is(again.exit, 1, again.output);
  measured = { ...whole, messages: { ...whole.messages, retry: again.messages.retry } };
  assert.ok(expected.rejects.split('\n').length > 20);
});

test('killed at the beginning of every step, it ends with the same data', async () => {
  await using database = await freshDatabase();
  await using work = await workplace();
  const environment = { MONGODB_URL: source, DATABASE_URL: database.url };
  const sequence: unknown[] = [];
  for (const step of steps) {
    const plan = { step, messages: 0, passes: false };
    sequence.push([plan, await kill(work, environment, plan)]);
    await keepBeginning(step, work, database.url);
  }
  await finish(work, environment, sequence);
  // Started once more, it takes up what was rejected: from here on the step "retry".
  await keepBeginning('retry', work, database.url);
});

/** After so many messages of the step: anywhere behind the first; of the load, every second time between two batches of a collection. */
function messagesInto(step: StepName | 'report', tried: number): number {
  const { messages, betweenBatches: between } = measured;
  if (step === 'report') return messagesOfHandover + 1 + below(messages.handover - messagesOfHandover - 1);
  if (step === 'handover') return 1 + below(messagesOfHandover);
  if (step === 'load' && tried % 2 === 0) return between.from + 1 + below(between.to - between.from - 1);
  return 1 + below(messages[step] - 1);
}

for (const step of [...steps, 'retry', 'report'] as const) {
  test(
    `killed inside the step ${step}, several times in a row, it ends with the same data`,
    async () => {
      const stepOf = step === 'report' ? 'handover' : step;
      const missed = () => !inside.has(step) || (step === 'load' && betweenBatches === 0);
      let tried = 0;
      let kills = 0;
      const goesOn = () => (kills < killsInEach || missed()) && tried < killsInEach + morePatience;
      while (goesOn()) {
        const { work, environment, name } = await from(stepOf);
        await using _work = work;
        const sequence: unknown[] = [];
        for (let inARow = 0; inARow < killsInARow && goesOn(); inARow += 1) {
          const plan = { step: stepOf, messages: messagesInto(step, tried), passes: random() < 0.5 };
          const where = await kill(work, environment, plan, step);
          sequence.push([plan, where]);
          tried += 1;
          if (where === null) break;
          kills += 1;
          if (where !== stepOf && where !== step) break;
        }
        await finish(work, environment, sequence);
        await observer.drop(name);
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
      const sequence: unknown[] = [];
      for (let inARow = 0; inARow < killsInARow && kills < killsAtRandom; inARow += 1) {
        const milliseconds = below(3_000);
        const run = work.start([], environment);
        const timer = setTimeout(() => run.process.kill('SIGKILL'), milliseconds);
        const { exit, output } = await run.ended;
        clearTimeout(timer);
        assert.ok(exit === 'SIGKILL' || exit === 1, output);
        if (exit === 1) break;
        const where = await observer.place(databaseOf(database.url));
        add(killsByPlace, where);
        sequence.push([milliseconds, where]);
        kills += 1;
      }
      await finish(work, environment, sequence);
    }
  },
  long ? 600_000 : 300_000,
);

test('every step got a kill at its beginning and one inside, and one fell between two batches of a collection', () => {
  const all = killsByPlace.values().reduce((sum, kills) => sum + kills, 0);
  const list = (counts: Counts) => [...counts].map(([where, kills]) => `${where} ${kills}`).join(', ');
  summary(
    `kills by step: ${list(killsByPlace)}; ${all} in total; meant for the beginning of a step: ${list(atBeginnings)}; ` +
      `meant for its inside: ${list(inside)}; between two batches of a collection: ${betweenBatches}`,
  );
  for (const step of steps) assert.ok(atBeginnings.has(step), `no kill fell at the beginning of ${step}`);
  for (const step of [...steps, 'retry', 'report'] as const) assert.ok(inside.has(step), `no kill fell inside ${step}`);
  assert.ok(betweenBatches > 0, 'no kill fell between two batches of a collection');
  assert.ok(all >= (long ? 400 : 20), `${all} kills`);
});

test.run();
