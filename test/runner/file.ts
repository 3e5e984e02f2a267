/** Runs one test file in a process of its own, within a time limit, and counts what its tests reported. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { leftOutVariable, outcomeFileVariable, readOutcomes, type TestOutcome } from '../support/outcome.ts';
import type { Group } from './arguments.ts';
import type { TestFile } from './files.ts';
import type { Tally } from './tally.ts';

/** For a whole file; a test's own limit is in test/support/suite.ts. With --long five times as much. */
const limitMs: Readonly<Record<Group, number>> = { unit: 60_000, integration: 600_000, system: 1_200_000, image: 900_000 };

/** The product's own variables, which a person's shell may hold, are not the tests'. */
const notForTests = ['MONGODB_URL', 'DATABASE_URL', 'MONGODB_URL_FILE', 'DATABASE_URL_FILE', 'MIGRATION_DIR'];

const running = new Set<ChildProcess>();

export async function runTestFile(file: TestFile, tally: Tally): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-test-'));
  try {
    const outcomes = join(folder, 'outcomes.jsonl');
    await writeFile(outcomes, '');
    const began = Date.now();
    const ended = await runNode(file, outcomes);
    const problems = count(file, outcomes, ended, tally);
    if (problems > 0) console.log(ended.output.trimEnd());
    const verdict = file.leftOut === undefined ? 'ok  ' : 'skip';
    console.log(`${problems === 0 ? verdict : 'FAIL'} ${file.path} (${Date.now() - began} ms)`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ends all test files that run at this moment, with the programs that they started. */
export function stopTestFiles(): void {
  for (const child of running) stop(child);
}

interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly output: string;
  readonly tookTooLong: boolean;
}

function runNode(file: TestFile, outcomes: string): Promise<Ended> {
  const inherited = Object.fromEntries(Object.entries(env).filter(([name]) => !notForTests.includes(name)));
  // testcontainers' helper needs an image of its own from a registry; the tests remove their containers themselves.
  const own = { TESTCONTAINERS_RYUK_DISABLED: 'true', [outcomeFileVariable]: outcomes, [leftOutVariable]: file.leftOut ?? '' };
  return new Promise((resolve) => {
    // A process group of its own, so that the limit ends the programs that it started too.
    const child = spawn(execPath, [file.path], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...own, ...inherited, ...own },
    });
    running.add(child);
    let tookTooLong = false;
    const timer = setTimeout(
      () => {
        tookTooLong = true;
        stop(child);
      },
      limitMs[file.group] * (env['TEST_LONG'] ? 5 : 1),
    );
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    // What it left behind would keep its outputs open, and `close` away.
    child.on('exit', () => stop(child));
    child.on('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, output: Buffer.concat(chunks).toString(), tookTooLong });
    });
  });
}

function stop(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group has ended.
  }
}

/** Adds the file's outcomes to the tally and returns how many failed. A file must have run at least one test. */
function count(file: TestFile, outcomes: string, ended: Ended, tally: Tally): number {
  const before = tally.failed;
  const tests: TestOutcome[] = [];
  for (const one of readOutcomes(outcomes)) {
    if (one.outcome === 'summary') tally.summarize(one.detail);
    else tests.push(one);
  }
  const reason = sharedReason(tests);
  if (reason !== null && !isForbidden(reason)) tally.skipAll(file.path, tests.length, reason);
  else for (const one of tests) countTest(file, one, tally);
  if (ended.tookTooLong) tally.fail(file.path, `it did not end within ${limitMs[file.group] / 1000} s`);
  else if (tests.length === 0) tally.fail(file.path, `it ran no test (exit code ${ended.code})`);
  else if (ended.code !== 0 && tally.failed === before)
    tally.fail(file.path, `its process ended with ${ended.code} after its tests`);
  return tally.failed - before;
}

function countTest(file: TestFile, { suite, test, outcome, detail, fault }: TestOutcome, tally: Tally): void {
  const name = `${file.path}: ${suite}: ${test}`;
  if (outcome === 'passed') {
    tally.pass();
    if (fault === true) tally.survive(file.path);
  } else if (outcome === 'failed') tally.fail(name, detail);
  else if (isForbidden(detail)) tally.fail(name, `skipped, though what it needs is required: ${detail}`);
  else tally.skip(name, detail);
}

/** Where several tests are all of the file's and all skipped for the same reason. */
function sharedReason([first, ...others]: readonly TestOutcome[]): string | null {
  if (first === undefined || others.length === 0) return null;
  const { detail } = first;
  return [first, ...others].every((one) => one.outcome === 'skipped' && one.detail === detail) ? detail : null;
}

/** What a variable of value 1 requires, as the reasons name it. */
const required: Readonly<Record<string, RegExp>> = { REQUIRE_DOCKER: /docker/i, REQUIRE_NEXTCRM: /scripts\/fetch-nextcrm/ };

/** Nothing may be skipped for want of what is required. */
const isForbidden = (reason: string): boolean =>
  Object.entries(required).some(([variable, named]) => env[variable] === '1' && named.test(reason));
