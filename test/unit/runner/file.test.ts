import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { env } from 'node:process';
import * as assert from 'uvu/assert';
import { runTestFile } from '../../runner/file.ts';
import { Tally } from '../../runner/tally.ts';
import { appReleaseMissing } from '../../support/app-release.ts';
import { suite } from '../../support/suite.ts';
import { printed } from './printed.ts';

const test = suite('test runner');

const heading = `import { suite } from ${JSON.stringify(resolve('test/support/suite.ts'))};\nconst test = suite('inner');\n`;

/** Runs a test file of this text, silently, or leaves it out. */
async function tallyOf(text: string, leftOut?: string): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-test-'));
  const log = console.log;
  try {
    console.log = () => undefined;
    const path = join(folder, 'inner.test.ts');
    await writeFile(path, heading + text);
    const tally = new Tally();
    await runTestFile({ path, group: 'unit', leftOut }, tally);
    return tally;
  } finally {
    console.log = log;
    await rm(folder, { recursive: true, force: true });
  }
}

const cases: readonly (readonly [name: string, text: string, passed: number, failed: number, skipped: number])[] = [
  [
    'passed, failed and skipped tests are counted',
    `test('a', () => {}); test('b', () => { throw new Error('b'); }); test.skip('c', 'why'); test.run();`,
    1,
    1,
    1,
  ],
  [
    'what has a reason not to run is skipped, and only that',
    `const no = () => { throw new Error('x'); };
     test.unless(null)('a', () => {}); test.unless(null).fault('b', () => {}); test.unless(null)('c', no);
     test.unless('why')('d', no); test.unless('why').fault('e', no); test.run();`,
    2,
    1,
    2,
  ],
  ['a forgotten run() fails', `test('a', () => {});`, 0, 1, 0],
  ['a file without a test fails', `test.run();`, 0, 1, 0],
  [
    'a failing before() fails the tests behind it',
    `test.before(() => { throw new Error('x'); }); test('a', () => {}); test.run();`,
    0,
    1,
    0,
  ],
  ['a failing after() fails the file', `test.after(() => { throw new Error('x'); }); test('a', () => {}); test.run();`, 1, 1, 0],
  [
    'a failing beforeEach() fails its test',
    `test.beforeEach(() => { throw new Error('x'); }); test('a', () => {}); test.run();`,
    0,
    1,
    0,
  ],
  ['a process that ends early fails its tests', `test('a', () => process.exit(0)); test('b', () => {}); test.run();`, 0, 2, 0],
  ['a test beyond its time limit fails', `test('a', () => new Promise((end) => setTimeout(end, 300)), 20); test.run();`, 0, 1, 0],
  ['a syntax error fails', `test('a', () => {`, 0, 1, 0],
];

for (const [name, text, passed, failed, skipped] of cases) {
  test(name, async () => {
    const tally = await tallyOf(text);
    assert.equal([tally.passed, tally.failed, tally.skipped], [passed, failed, skipped]);
  });
}

test('a fault is survived where its test has passed, and no other test counts as one', async () => {
  const tally = await tallyOf(`
    test.fault('a', () => {});
    test.fault('b', () => { throw new Error('b'); });
    test('c', () => {});
    test.run();`);
  assert.equal([tally.passed, tally.failed, tally.survived], [2, 1, 1]);
});

const noisy = `
  const no = () => { throw new Error('x'); };
  test.before(no); test.beforeEach(no); test.afterEach(no); test.after(no);
  test('a', no); test.fault('b', no); test.unless(null)('c', no); test.unless('other').fault('d', no); test.skip('e', 'another');
  test.run();`;

test('of a file that is left out no test and nothing around them is run, and each test counts as skipped for that reason', async () => {
  const tally = await tallyOf(noisy, 'why');
  assert.equal([tally.passed, tally.failed, tally.skipped, tally.survived], [0, 0, 5, 0]);
  const lines = printed(tally);
  assert.is(lines.length, 2, lines.join('\n'));
  assert.match(lines[0] ?? '', /^SKIPPED .*inner\.test\.ts \(5 tests\): why$/);
});

test('what breaks beside the tests of a file that is left out is a failure', async () => {
  assert.is((await tallyOf(`test('a', () => {}); test.run(); throw new Error('x');`, 'why')).failed, 1);
});

test('skips have a line each where there is one alone, another reason, or a test that was run', async () => {
  for (const [text, skipped] of [
    [`test.skip('a', 'why'); test.run();`, 1],
    [`test.skip('a', 'why'); test.skip('b', 'other'); test.run();`, 2],
    [`test.skip('a', 'why'); test.skip('b', 'why'); test('c', () => {}); test.run();`, 2],
  ] as const) {
    const lines = printed(await tallyOf(text));
    assert.is(lines.filter((line) => /^SKIPPED .*inner\.test\.ts: inner: [ab]: /.test(line)).length, skipped, lines.join('\n'));
  }
});

for (const [variable, reason] of [
  ['REQUIRE_DOCKER', 'no Docker engine'],
  ['REQUIRE_NEXTCRM', appReleaseMissing ?? 'scripts/fetch-nextcrm brings it'],
] as const) {
  test(`with ${variable}=1 each test that is skipped for want of it fails, also where all of the file are`, async () => {
    const before = env[variable];
    // The text of a test file that the runner is given, not a skip of this one.
    const text = `test.skip('a', '${reason}'); test.skip('b', '${reason}'); test.run();`;
    try {
      env[variable] = '1';
      const tally = await tallyOf(text);
      assert.equal([tally.failed, tally.skipped], [2, 0]);
      delete env[variable];
      assert.is((await tallyOf(text)).skipped, 2);
    } finally {
      if (before !== undefined) env[variable] = before;
    }
  });
}

test.run();
