/** What users run: the image, by the shipped compose file, on a mounted dump. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { writeDump } from '../support/dump.ts';
import { summary } from '../support/outcome.ts';
import { suite } from '../support/suite.ts';
import { type ComposeProject, composeProject, up } from './support/compose.ts';
import { imageTests, inspected } from './support/image.ts';

const test = suite('compose');
const { add, why } = await imageTests(test);

const shipped = 'docker-compose.migrate.yml';
const dump = [`MONGODB_URL=file:///dump`, `DUMP_DIR=${resolve('sample')}`];

interface Inspected {
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[];
    readonly SecurityOpt: readonly string[];
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly RestartPolicy: { readonly Name: string };
  };
  readonly Config: { readonly User: string };
}

let project: ComposeProject;

test.before(async () => {
  if (why === null) project = await composeProject(dump, { files: [shipped, 'test/image/support/no-network.yml'] });
});
test.after(async () => {
  if (why === null) await project[Symbol.asyncDispose]();
});

add(
  'up migrates a mounted dump into the bundled PostgreSQL, without a network, and leaves the report on the volume',
  async () => {
    const began = Date.now();
    const { code, output } = await project.compose(...up);
    assert.is(code, 0, output);
    summary(
      `the sample of 10,000 documents: ${((Date.now() - began) / 1000).toFixed(1)} s from "up" to its exit, the images being there`,
    );
    const report = await project.report();
    assert.equal([report.state, report.exitCode], ['finished', 0]);
    const loaded = Object.values(report.collections).reduce((sum, collection) => sum + collection.loaded, 0);
    assert.ok(loaded > 5000, `${loaded} documents are loaded`);
    // As the README says.
    const copy = join(project.folder, 'migration-report');
    const copied = await project.compose('cp', 'migrate:/data', copy);
    assert.is(copied.code, 0, copied.output);
    const files = await readdir(copy);
    for (const file of [
      'checkpoint.json',
      'migration.log',
      'rejects.jsonl',
      'report.html',
      'report.json',
      'report.txt',
      'reports',
    ])
      assert.ok(files.includes(file), `${file} is missing: ${files}`);
    assert.match(await project.onVolume('report.html'), /<html/);
  },
);

add(
  'the container that did it had a read-only root filesystem, no capability, no way to more rights, and 512 MB without swap',
  async () => {
    const container = await project.container('migrate');
    const { HostConfig: host, Config: config } = JSON.parse(await inspected(container, '{{json .}}')) as Inspected;
    assert.equal([host.ReadonlyRootfs, host.CapDrop, host.SecurityOpt], [true, ['ALL'], ['no-new-privileges:true']]);
    const limit = 512 * 1024 * 1024;
    // Memory and swap together.
    assert.equal([host.Memory, host.MemorySwap], [limit, limit]);
    assert.equal([host.RestartPolicy.Name, config.User], ['no', '1000:1000']);
  },
);

add('a second up does nothing and says so, also when the dump is gone', async () => {
  await project.configure(['MONGODB_URL=file:///dump']);
  const { code, output } = await project.compose(...up);
  assert.is(code, 0, output);
  assert.match(output, /nothing to do/);
  await project.configure(dump);
});

add('status needs no server', async () => {
  const { code, output } = await project.compose('run', '--rm', '--no-deps', 'migrate', 'status');
  assert.is(code, 0, output);
  assert.match(output, new RegExp((await project.report()).id));
});

add('verify compares everything again, and accept says that there is nothing to accept', async () => {
  const first = (await project.report()).id;
  const verified = await project.compose('run', '--rm', 'migrate', 'verify');
  assert.is(verified.code, 0, verified.output);
  const { id, exitCode } = await project.report();
  assert.equal([id === first, exitCode], [false, 0]);
  const accepted = await project.compose('run', '--rm', 'migrate', 'accept', first);
  assert.is(accepted.code, 0, accepted.output);
  assert.match(accepted.output, /nothing to accept/);
});

add('psql of the bundled PostgreSQL shows the migrated rows', async () => {
  await project.compose('up', '--detach', '--wait', 'postgres');
  const query = 'select count(*) > 0 from "crm_Accounts"';
  const { code, output } = await project.compose('exec', '-T', 'postgres', 'psql', '-U', 'nextcrm', '-At', '-c', query);
  assert.equal([code, output.trim()], [0, 't']);
});

add('what was rejected ends with 1, can be accepted, and is a no-op from then on', async () => {
  await using other = await composeProject([]);
  const email = 'twice@example.com';
  await writeDump(join(other.folder, 'nextcrm'), {
    Users: [
      { _id: new ObjectId(), email },
      { _id: new ObjectId(), email },
    ],
  });
  await other.configure([`MONGODB_URL=file:///dump`, `DUMP_DIR=${other.folder}`]);
  const { code, output } = await other.compose(...up);
  assert.is(code, 1, output);
  const { id } = await other.report();
  const accepted = await other.compose('run', '--rm', 'migrate', 'accept', id);
  assert.is(accepted.code, 0, accepted.output);
  const again = await other.compose(...up);
  assert.is(again.code, 0, again.output);
  assert.match(again.output, /findings were accepted .* nothing to do/);
});

add('PostgreSQL 17 is taken by POSTGRES_IMAGE', async () => {
  await using newer = await composeProject([...dump, 'POSTGRES_IMAGE=pgvector/pgvector:pg17']);
  const { code, output } = await newer.compose(...up);
  assert.is(code, 0, output);
  assert.match((await newer.report()).versions['PostgreSQL'] ?? '', /^17\./);
});

add('with DATABASE_URL the bundled PostgreSQL is not started', async () => {
  await using external = await composeProject([...dump, 'DATABASE_URL=postgresql://crm:secret@db.example/crm']);
  const { output } = await external.compose('config', '--services');
  assert.equal(output.trim().split('\n'), ['migrate']);
});

add("a database's own URL stands in one variable of the migration alone", async () => {
  const url = 'postgresql://crm:secret@db.example/crm';
  await using external = await composeProject([...dump, `DATABASE_URL=${url}`]);
  const { output } = await external.compose('config', 'migrate');
  assert.equal(output.match(/secret/g)?.length, 1);
  assert.match(output, 'BUNDLED_DATABASE: not-yes');
});

add('COMPOSE_PROFILES of another compose file does not take the bundled PostgreSQL away', async () => {
  await using shared = await composeProject([...dump, 'COMPOSE_PROFILES=app']);
  const { output } = await shared.compose('config', '--services');
  assert.equal(output.trim().split('\n').sort(), ['migrate', 'postgres']);
});

test.run();
