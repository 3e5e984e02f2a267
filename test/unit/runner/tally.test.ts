/** What the end of a run says. */
import * as assert from 'uvu/assert';
import { Tally } from '../../runner/tally.ts';
import { suite } from '../../support/suite.ts';
import { printed } from './printed.ts';

const test = suite('tally');

test('a file that was skipped as a whole has one line, and counts by its tests', () => {
  const tally = new Tally();
  tally.pass();
  tally.skipAll('a.test.ts', 14, 'why');
  tally.skip('b.test.ts: suite: test', 'why not');
  assert.equal(printed(tally), [
    'SKIPPED a.test.ts (14 tests): why',
    'SKIPPED b.test.ts: suite: test: why not',
    '1 passed, 0 failed, 15 skipped',
  ]);
});

test('failures come last, before the counts, with the first line of their reason', () => {
  const tally = new Tally();
  tally.fail('b.test.ts: suite: test', 'broken\nat length');
  tally.skip('a.test.ts: suite: test', 'why');
  tally.summarize('12 things');
  assert.equal(printed(tally), [
    '12 things',
    'SKIPPED a.test.ts: suite: test: why',
    'FAILED  b.test.ts: suite: test: broken',
    '0 passed, 1 failed, 1 skipped',
  ]);
});

test.run();
