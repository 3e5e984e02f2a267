/** The program while PostgreSQL is not there: it waits visibly, shows no password, and ends at a signal. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { dumpUrl, workplace } from '../../support/program.ts';
import { said } from '../../support/runs.ts';
import { suite } from '../../support/suite.ts';

const test = suite('PostgreSQL is not there');
const nowhere = 'postgresql://crm:s3cret@127.0.0.1:1/crm';

for (const words of [[], ['verify']]) {
  const name = words[0] ?? 'a run';
  test(`${name} waits, which is reported, and ends with 5 on SIGTERM`, async () => {
    await using place = await workplace();
    await mkdir(join(place.folder, 'dump'));
    const run = place.start(words, { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: nowhere });
    await said(run, 'waiting for PostgreSQL (up to 60 s)');
    run.process.kill('SIGTERM');
    const { exit, output } = await run.ended;
    assert.is(exit, 5, output);
    assert.not.match(output, /s3cret/);
    assert.is((await place.report()).state, 'interrupted');
  });
}

for (const [name, words, environment, exit] of [
  ['status', ['status'], { DATABASE_URL: nowhere }, 0],
  ['accept, which may be given a wrong ID', ['accept', '20260131-094500-3f2a'], { DATABASE_URL: nowhere }, 2],
  ['an unknown command', ['frobnicate'], { DATABASE_URL: nowhere }, 2],
  ['a missing URL', [], {}, 2],
  ['a MongoDB URL', [], { MONGODB_URL: 'mongodb://db/x', DATABASE_URL: 'mongodb://db/x' }, 2],
  ['a secret that cannot be read', [], { MONGODB_URL: 'mongodb://db/x', DATABASE_URL_FILE: '/nowhere/secret' }, 2],
] as const) {
  test(`nothing is waited for by ${name}`, async () => {
    await using place = await workplace();
    const ended = await place.run(words, environment);
    assert.is(ended.exit, exit, ended.output);
    assert.not.match(ended.output, /waiting/);
  });
}

test.run();
