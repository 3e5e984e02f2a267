/** Debian's PgBouncer before the target: refused by name in two of its modes, no hindrance in the third. */

import { join } from 'node:path';
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { writeDump } from '../../support/dump.ts';
import { type OwnServer, ownServer } from '../../support/own-server.ts';
import { pgBouncerUnavailable, startPgBouncer } from '../../support/pgbouncer.ts';
import { dumpUrl, workplace } from '../../support/program.ts';
import { digest } from '../../support/runs.ts';
import { suite } from '../../support/suite.ts';

const test = suite('PgBouncer');
const unavailable = await pgBouncerUnavailable();
const withPgBouncer = test.unless(unavailable);
let server: OwnServer;

if (unavailable === null) {
  test.before(async () => {
    server = await ownServer({ trusting: true });
  });
  test.after(async () => await server[Symbol.asyncDispose]());
}

const content = {
  Users: Array.from({ length: 300 }, (_, n) => ({ _id: new ObjectId(), email: `user${n}@example.com`, created_on: new Date(0) })),
};

/** Runs the program through a pooler of this mode. */
async function run(mode: 'session' | 'transaction' | 'statement', size: number) {
  await using pooler = await startPgBouncer(server.url, { mode, size });
  await using place = await workplace();
  await writeDump(join(place.folder, 'dump', 'nextcrm'), content);
  const { exit, output } = await place.run([], {
    MONGODB_URL: dumpUrl(join(place.folder, 'dump')),
    DATABASE_URL: pooler.through(server.url),
  });
  return { exit, output };
}

for (const [mode, size] of [
  ['transaction', 1],
  ['transaction', 20],
  ['statement', 1],
  ['statement', 20],
] as const) {
  withPgBouncer(`in ${mode} mode with ${size} connections it is named, and nothing is written`, async () => {
    const { exit, output } = await run(mode, size);
    assert.is(exit, 4, output);
    assert.match(output, /TARGET_POOLED/);
    assert.equal(await digest(server.url), {});
  });
}

withPgBouncer('in session mode the migration completes through it', async () => {
  const { exit, output } = await run('session', 20);
  assert.is(exit, 0, output);
  assert.match(output, '300 loaded');
});

test.run();
