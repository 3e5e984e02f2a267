/** The command `status`, run as a user runs it. */
import { mkdir, readdir } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { workplace } from '../../support/program.ts';
import { suite } from '../../support/suite.ts';

const test = suite('status');

test('it only looks: a volume that may be mounted read-only is left as it was', async () => {
  await using place = await workplace();
  await mkdir(place.volume);
  const { exit, output } = await place.run(['status'], {});
  assert.is(exit, 0, output);
  assert.match(output, /No migration has been started/);
  assert.equal(await readdir(place.volume), []);
});

test.run();
