/**
 * uvu's suite with a time limit per test, skips that carry their reason, and the outcome of each test reported to the runner
 * (test/run.ts), which may leave out a whole file. `run()` must be called, as with uvu; a file that forgets it fails.
 */
import { env } from 'node:process';
import { type Context, type Test, suite as uvuSuite } from 'uvu';
import { leftOutVariable, type TestOutcome, tell } from './outcome.ts';

/** Longer than any honest test takes, also on a busy machine; a test that hangs fails instead of stopping the run. */
const timeLimitMs = 300_000;

type Body = () => Promise<void> | void;

export interface Tests {
  (name: string, body: Body, limitMs?: number): void;
  /** A test that causes a fault and passes where the program survives it: the runner counts these. */
  fault(name: string, body: Body, limitMs?: number): void;
}

export interface Suite extends Tests {
  before(body: Body): void;
  after(body: Body): void;
  beforeEach(body: Body): void;
  afterEach(body: Body): void;
  /** Counted and named by the runner. A reason that names what is required (REQUIRE_DOCKER=1, REQUIRE_NEXTCRM=1) is a failure. */
  skip(name: string, reason: string): void;
  /** Tests that are skipped where there is a reason why they cannot run. */
  unless(reason: string | null): Tests;
  run(): void;
}

export function suite(name: string): Suite {
  const inner: Test<Context> = uvuSuite(name);
  const awaited = new Set<string>();
  const done = new Set<string>();
  const beforeEach: Body[] = [];
  const afterEach: Body[] = [];
  const faults = new Set<string>();
  const record = (test: string, outcome: TestOutcome['outcome'], detail = '') => {
    done.add(test);
    tell({ suite: name, test, outcome, detail, fault: faults.has(test) });
  };

  const add = (test: string, body: Body, limitMs = timeLimitMs) => {
    if (awaited.has(test)) throw new Error(`suite "${name}" has two tests named "${test}"`);
    awaited.add(test);
    inner(test, async () => {
      try {
        await limited(test, () => surrounded(beforeEach, body, afterEach), limitMs);
        record(test, 'passed');
      } catch (error) {
        record(test, 'failed', error instanceof Error ? error.message : String(error));
        throw error;
      }
    });
  };
  // A forgotten run(), a before() that failed, a process that ended too early: what did not end did not pass.
  process.on('exit', () => {
    for (const test of awaited) {
      if (done.has(test)) continue;
      record(test, 'failed', 'it did not run to its end: run() forgotten, before() failed, or the process ended early');
      process.exitCode ||= 1;
    }
  });
  const skip = (test: string, reason: string) => {
    record(test, 'skipped', reason);
    console.log(`SKIPPED ${name}: ${test}: ${reason}`);
    inner.skip(test, () => undefined);
  };
  const tests: Tests = Object.assign(add, {
    fault: (test: string, body: Body, limitMs?: number) => {
      faults.add(test);
      add(test, body, limitMs);
    },
  });
  const reason = env[leftOutVariable];
  if (reason) return leftOut((test) => skip(test, reason), inner.run);
  return Object.assign(tests, {
    before: (body: Body) => inner.before(() => shown(body)),
    after: (body: Body) => inner.after(body),
    beforeEach: (body: Body) => void beforeEach.push(body),
    afterEach: (body: Body) => void afterEach.push(body),
    skip,
    unless: (reason: string | null) => (reason === null ? tests : skipping((test) => skip(test, reason))),
    run: () => inner.run(),
  });
}

function skipping(skip: (test: string) => void): Tests {
  return Object.assign((test: string) => skip(test), { fault: skip });
}

/** All tests are skipped, and nothing is done before and after them. */
function leftOut(skip: (test: string) => void, run: () => void): Suite {
  const nothing = () => undefined;
  const tests = skipping(skip);
  const hooks = { before: nothing, after: nothing, beforeEach: nothing, afterEach: nothing };
  return Object.assign(tests, { ...hooks, skip, unless: () => tests, run });
}

async function surrounded(before: readonly Body[], body: Body, after: readonly Body[]): Promise<void> {
  try {
    for (const hook of before) await hook();
    await body();
  } finally {
    for (const hook of after) await hook();
  }
}

/** uvu 0.5.6 swallows what a before() throws. */
async function shown(body: Body): Promise<void> {
  try {
    await body();
  } catch (error) {
    console.error('before() failed:', error);
    throw error;
  }
}

async function limited(name: string, body: () => Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`"${name}" did not end within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([body(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
