/** No room left, at the target or on the volume: exit 4, a clear sentence, and after room is made the next start ends as ever. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../../../scripts/lib/postgres/cluster.ts';
import { faultDump } from '../../support/faults.ts';
import { killedRun } from '../../support/kills.ts';
import { ownServer } from '../../support/own-server.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { workplace } from '../../support/program.ts';
import { checkpointOf, digest } from '../../support/runs.ts';
import { testSession } from '../../support/session.ts';
import { smallDisk, smallDiskUnavailable } from '../../support/small-disk.ts';
import { suite } from '../../support/suite.ts';

const test = suite('no room left');
const withSmallDisk = test.unless(await smallDiskUnavailable());

withSmallDisk.fault('the disk of PostgreSQL is full while documents are loaded', async () => {
  await using place = await workplace();
  const source = await faultDump(place.folder);
  await using plain = await freshDatabase();
  assert.is((await place.run([], { MONGODB_URL: source, DATABASE_URL: plain.url })).exit, 1);

  // Where the server's user comes to.
  const folder = await temporaryFolder();
  await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  await using disk = await smallDisk(join(folder, 'disk'), 160);
  await using server = await ownServer({ parent: disk.path });
  await using work = await workplace();
  const environment = { MONGODB_URL: source, DATABASE_URL: server.url };
  const killed = await killedRun(work, environment, { step: 'load', messages: 0, passes: false });
  assert.is(killed.exit, 'SIGKILL', killed.output);
  await disk.fill(2 * 1024 * 1024);
  const full = await work.run([], environment);
  assert.is(full.exit, 4, full.output);
  assert.match(full.output, /The disk of PostgreSQL at .* is full/);
  assert.match(full.output, /TARGET_DISK_FULL/);
  assert.is((await checkpointOf(work)).exitCode, 4);
  await disk.makeRoom();
  const last = await work.run([], environment);
  assert.is(last.exit, 1, last.output);
  assert.equal(await digest(server.url), await digest(plain.url));
});

withSmallDisk.fault('a disk of PostgreSQL without room for the schema is refused before the first write', async () => {
  const folder = await temporaryFolder();
  await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  await using disk = await smallDisk(join(folder, 'disk'), 160);
  await using server = await ownServer({ parent: disk.path });
  await using work = await workplace();
  const environment = { MONGODB_URL: await faultDump(work.folder), DATABASE_URL: server.url };
  await disk.fill(1024 * 1024);
  const full = await work.run([], environment);
  assert.is(full.exit, 4, full.output);
  assert.match(full.output, /The disk of PostgreSQL \(.*\) has .* free; .* Nothing was written/s);
  assert.match(full.output, /TARGET_DISK_FULL/);
  await using session = await testSession(server.url);
  assert.equal(await session.query("select from pg_namespace where nspname = 'nextcrm_migration'"), []);
});

withSmallDisk.fault('the volume is full: what was on it before stays whole', async () => {
  await using database = await freshDatabase();
  await using work = await workplace();
  await using disk = await smallDisk(work.volume, 4);
  const environment = { MONGODB_URL: await faultDump(work.folder), DATABASE_URL: database.url };
  const killed = await killedRun(work, environment, { step: 'resolve', messages: 0, passes: false });
  assert.is(killed.exit, 'SIGKILL', killed.output);
  await disk.fill(8 * 1024);
  const full = await work.run([], environment);
  assert.is(full.exit, 4, full.output);
  assert.match(full.output, /The volume .* is full: checkpoint, log and reports cannot be written/);
  assert.match(full.output, /VOLUME_FULL/);
  assert.is((await checkpointOf(work)).runId.length, 36);
  assert.is((await work.report()).version, 1);
  await disk.makeRoom();
  const last = await work.run([], environment);
  assert.is(last.exit, 1, last.output);
  assert.is((await work.report()).state, 'finished');
  for (const line of (await readFile(join(work.volume, 'rejects.jsonl'), 'utf8')).trim().split('\n')) JSON.parse(line);
});

test.run();
