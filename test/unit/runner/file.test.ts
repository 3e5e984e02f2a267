import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { runTestFile } from '../../runner/file.ts';
import { Tally } from '../../runner/tally.ts';
import { suite } from '../../support/suite.ts';

const test = suite('test runner');

const heading = `import { suite } from ${JSON.stringify(resolve('test/support/suite.ts'))};\nconst test = suite('inner');\n`;

/** Runs a test file of this text, silently. */
async function tallyOf(text: string): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-test-'));
  const log = console.log;
  try {
    console.log = () => undefined;
    const path = join(folder, 'inner.test.ts');
    await writeFile(path, heading + text);
    const tally = new Tally();
    await runTestFile({ path, group: 'unit' }, tally);
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

test.run();
