/** Waits of half a minute and more: a target that is silent, away, or in somebody else's hands. */
import * as assert from 'uvu/assert';
import {
  cut,
  freeze,
  goesOnByItself,
  insideMiddleBatch,
  inTheMiddleOfIndexes,
  runWith,
  undisturbed,
} from '../../support/breaks.ts';
import { killedRun, titles } from '../../support/kills.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { makeFirstTables } from '../../support/prisma.ts';
import { workplace } from '../../support/program.ts';
import { digest, heldOpen, said } from '../../support/runs.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the target is silent');

const whole = undisturbed(test);

/** These wait half a minute and more, each for its own: side by side. */
const long: Readonly<Record<string, () => Promise<void>>> = {
  'half-open in the middle of a COPY: it is noticed, and the run continues by itself': () =>
    goesOnByItself(whole, { step: 'load', at: insideMiddleBatch(), happens: freeze }),
  'half-open while an index is built: it is noticed, and the run continues by itself': () =>
    goesOnByItself(whole, { step: 'index', at: inTheMiddleOfIndexes, happens: freeze }),
  'half-open during validation: it is noticed, and the run continues by itself': () =>
    goesOnByItself(whole, { step: 'validate', at: (_, seen) => seen === 300, happens: freeze }),

  'not there at the start: it is waited for a minute, then exit 4': async () => {
    await using work = await workplace();
    const { exit, output } = await work.run([], {
      MONGODB_URL: whole.source,
      DATABASE_URL: 'postgresql://user:canary@127.0.0.1:1/nextcrm',
    });
    assert.is(exit, 4, output);
    assert.match(output, /waiting for PostgreSQL \(up to 60 s\)/);
    assert.match(output, /127\.0\.0\.1:1\b.* cannot be reached[\s\S]*TARGET_UNREACHABLE/);
    assert.not.match(output, /canary|^\s+at .*:\d+:\d+/m);
  },

  'away for longer than a minute: exit 4, and the next start continues': async () => {
    await using database = await freshDatabase();
    await using work = await workplace();
    const { exit, output } = await runWith(work, whole.source, database.url, {
      step: 'load',
      at: insideMiddleBatch(),
      happens: (link, proxy) => {
        proxy.refuse(true);
        return cut(link);
      },
    });
    assert.is(exit, 4, output);
    assert.match(output, /TARGET_UNREACHABLE/);
    assert.ok(output.split('Retrying in').length > 6, output);
    const last = await work.run([], { MONGODB_URL: whole.source, DATABASE_URL: database.url });
    assert.is(last.exit, 1, last.output);
    assert.equal(await digest(database.url), whole.left);
  },

  'back after fifty seconds, the run continues by itself': async () => {
    await using database = await freshDatabase();
    await using work = await workplace();
    const { exit, output } = await runWith(work, whole.source, database.url, {
      step: 'load',
      at: insideMiddleBatch(),
      happens: (link, proxy) => {
        proxy.refuse(true);
        setTimeout(() => proxy.refuse(false), 50_000);
        return cut(link);
      },
    });
    assert.is(exit, 1, output);
    assert.equal(await digest(database.url), whole.left);
  },

  'a table that another program holds for more than a minute ends the run with 4 and names the cause': async () => {
    await using database = await freshDatabase();
    await using work = await workplace();
    const environment = { MONGODB_URL: whole.source, DATABASE_URL: database.url };
    await killedRun(work, environment, { step: 'index', messages: 0, passes: false });
    {
      await using _lock = await heldOpen(database.url, 'lock table public."crm_Leads" in share update exclusive mode');
      const run = await work.run([], environment);
      assert.is(run.exit, 4, run.output);
      assert.match(run.output, /TARGET_LOCKED/);
      // Half a minute without a sign is reported.
      assert.match(run.output, /no progress for [3-9]\d s/);
    }
    const last = await work.run([], environment);
    assert.is(last.exit, 1, last.output);
  },

  'a table that is held while the migrations are applied ends the run with 4 and is named': async () => {
    await using database = await freshDatabase();
    await using work = await workplace();
    const environment = { MONGODB_URL: whole.source, DATABASE_URL: database.url };
    await makeFirstTables(database.url);
    await using _lock = await heldOpen(database.url, 'lock table public."Boards" in access share mode');
    const run = await work.run([], environment);
    assert.is(run.exit, 4, run.output);
    assert.match(run.output, /TARGET_LOCKED/);
    assert.match(run.output, /Locks held now: Boards \(PostgreSQL process \d+\)/);
  },

  'a wait behind the last step is reported too': async () => {
    await using database = await freshDatabase();
    await using work = await workplace();
    const environment = { MONGODB_URL: whole.source, DATABASE_URL: database.url };
    await killedRun(work, environment, { step: 'validate', messages: 0, passes: false });
    await using lock = await heldOpen(database.url, 'lock table nextcrm_migration.damage in access exclusive mode');
    const run = work.start([], environment);
    await said(run, /no progress for [3-9]\d s; waiting for PostgreSQL \(counting for the report\)/);
    await lock[Symbol.asyncDispose]();
    const { exit, output } = await run.ended;
    assert.is(exit, 1, output);
  },

  'of two runs at once, the second says what it waits for and ends with 6; the first is not disturbed': async () => {
    await using database = await freshDatabase();
    await using work = await workplace();
    const environment = { MONGODB_URL: whole.source, DATABASE_URL: database.url };
    await killedRun(work, environment, { step: 'index', messages: 0, passes: false });
    await using lock = await heldOpen(database.url, 'lock table public."crm_Leads" in share update exclusive mode');
    const first = work.start([], environment);
    await said(first, titles.index);
    await using elsewhere = await workplace();
    const second = await elsewhere.run([], environment);
    assert.is(second.exit, 6, second.output);
    assert.match(second.output, /another migration holds the lock on .*: waiting up to 30 s/);
    assert.match(second.output, /LOCKED/);
    await lock[Symbol.asyncDispose]();
    const { exit, output } = await first.ended;
    assert.is(exit, 1, output);
  },
};

const underWay = new Map<string, Promise<void>>();
test('what takes half a minute and more is begun', () => {
  for (const [name, body] of Object.entries(long)) {
    const running = body();
    running.catch(() => undefined);
    underWay.set(name, running);
  }
});
for (const name of Object.keys(long)) test.fault(name, async () => await underWay.get(name), 400_000);

test.run();
