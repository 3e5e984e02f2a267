/** What users run: the image, by the shipped compose file, on a mounted dump. */
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { docker } from '../../scripts/lib/docker.ts';
import { suite } from '../support/suite.ts';
import { type ComposeProject, composeProject, whyNoCompose } from './support/compose.ts';

const test = suite('compose');

const buildLimitMs = 600_000;
const dump = [`MONGODB_URL=file:///dump`, `DUMP_DIR=${resolve('sample')}`];
const up = ['up', '--abort-on-container-exit', '--exit-code-from', 'migrate'];

const why = await whyNoCompose();
const add = (name: string, body: () => Promise<void>, limitMs = buildLimitMs) =>
  why === null ? test(name, body, limitMs) : test.skip(name, why);

let project: ComposeProject;

test.before(async () => {
  if (why !== null) return;
  project = await composeProject(dump);
  const { code, output } = await project.compose('build');
  assert.is(code, 0, output);
});
test.after(async () => {
  if (why === null) await project[Symbol.asyncDispose]();
});

add('up migrates a mounted dump into the bundled PostgreSQL and leaves the report on the volume', async () => {
  const { code, output } = await project.compose(...up);
  assert.is(code, 0, output);
  const report = JSON.parse(await project.onVolume('report.json'));
  assert.equal([report.state, report.exitCode], ['finished', 0]);
  const loaded = Object.values<{ loaded: number }>(report.collections).reduce((sum, collection) => sum + collection.loaded, 0);
  assert.ok(loaded > 5000, `${loaded} documents are loaded`);
  assert.match(await project.onVolume('report.html'), /<html/);
  assert.match(await project.onVolume('report.txt'), /\d/);
});

add('a second up does nothing and says so', async () => {
  const { code, output } = await project.compose(...up);
  assert.is(code, 0, output);
  assert.match(output, /nothing to do/);
});

add('status needs no server', async () => {
  const { code, output } = await project.compose('run', '--rm', '--no-deps', 'migrate', 'status');
  assert.is(code, 0, output);
});

add('psql of the bundled PostgreSQL shows the migrated rows', async () => {
  await project.compose('up', '--detach', '--wait', 'postgres');
  const query = 'select count(*) > 0 from "crm_Accounts"';
  const { code, output } = await project.compose('exec', '-T', 'postgres', 'psql', '-U', 'nextcrm', '-At', '-c', query);
  assert.equal([code, output.trim()], [0, 't']);
});

add('with DATABASE_URL the bundled PostgreSQL is not started', async () => {
  await using external = await composeProject([...dump, 'DATABASE_URL=postgresql://crm:secret@db.example/crm']);
  const { output } = await external.compose('config', '--services');
  assert.equal(output.trim().split('\n'), ['migrate']);
});

add('COMPOSE_PROFILES of another compose file does not take the bundled PostgreSQL away', async () => {
  await using shared = await composeProject([...dump, 'COMPOSE_PROFILES=app']);
  const { output } = await shared.compose('config', '--services');
  assert.equal(output.trim().split('\n').sort(), ['migrate', 'postgres']);
});

add('the image holds at most 350 MB more than its base, and runs without root', async () => {
  const size = async (image: string) =>
    Number((await docker(['image', 'inspect', '--format', '{{.Size}}', image], 10_000)).output);
  const added = (await size('nextcrm-migrate')) - (await size('node:24-trixie-slim'));
  assert.ok(added <= 350_000_000, `${added} bytes`);
  const { output } = await docker(['run', '--rm', '--entrypoint', 'id', 'nextcrm-migrate', '-u'], 60_000);
  assert.is(output.trim(), '1000');
});

add('a container that waits for PostgreSQL shows no password and ends with 5 on SIGTERM', async () => {
  const run = [
    'run',
    '--detach',
    '--env',
    'DATABASE_URL=postgresql://crm:s3cret@127.0.0.1:1/crm',
    '--env',
    'MONGODB_URL=mongodb://db/x',
  ];
  const id = (await docker([...run, 'nextcrm-migrate'], 60_000)).output.trim();
  try {
    const limit = Date.now() + 30_000;
    while (!(await docker(['logs', id], 10_000)).output.includes('waiting for PostgreSQL'))
      assert.ok(Date.now() < limit, 'it did not wait');
    assert.not.match((await docker(['top', id], 10_000)).output, /s3cret/);
    const began = Date.now();
    await docker(['stop', '--time', '30', id], 60_000);
    assert.ok(Date.now() - began < 10_000, 'it waited out the grace period');
    assert.is((await docker(['wait', id], 10_000)).output.trim(), '5');
  } finally {
    await docker(['rm', '--force', id], 30_000);
  }
});

add('a MongoDB URL in DATABASE_URL is refused at once', async () => {
  const { code, output } = await docker(
    ['run', '--rm', '--env', 'DATABASE_URL=mongodb://db/x', '--env', 'MONGODB_URL=mongodb://db/x', 'nextcrm-migrate'],
    60_000,
  );
  assert.is(code, 2, output);
  assert.not.match(output, /waiting/);
});

test.run();
