/** uvu's suite with a time limit per test and skips that carry their reason. `run()` must be called, as with uvu. */
import { type Context, type Test, suite as uvuSuite } from 'uvu';

/** Longer than any honest test; a test that hangs fails instead of stopping the run. */
const timeLimitMs = 120_000;

export interface Suite {
  (name: string, body: () => Promise<void> | void, limitMs?: number): void;
  before(body: () => Promise<void> | void): void;
  after(body: () => Promise<void> | void): void;
  beforeEach(body: () => Promise<void> | void): void;
  afterEach(body: () => Promise<void> | void): void;
  /** Counted and named by the runner. */
  skip(name: string, reason: string): void;
  run(): void;
}

export function suite(name: string): Suite {
  const inner: Test<Context> = uvuSuite(name);
  const add = (testName: string, body: () => Promise<void> | void, limitMs = timeLimitMs) => inner(testName, () => limited(testName, body, limitMs));
  return Object.assign(add, {
    before: (body: () => Promise<void> | void) => inner.before(body),
    after: (body: () => Promise<void> | void) => inner.after(body),
    beforeEach: (body: () => Promise<void> | void) => inner.before.each(body),
    afterEach: (body: () => Promise<void> | void) => inner.after.each(body),
    skip: (testName: string, reason: string) => {
      console.log(`SKIPPED ${name}: ${testName}: ${reason}`);
      inner.skip(testName, () => undefined);
    },
    run: () => inner.run(),
  });
}

async function limited(name: string, body: () => Promise<void> | void, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`"${name}" did not end within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([Promise.resolve(body()), limit]);
  } finally {
    clearTimeout(timer);
  }
}
