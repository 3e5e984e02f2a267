/** What the shipped compose file and the image do where they cannot work: each tells why, by exit code and code, and does no harm. */
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { docker } from '../../scripts/lib/docker.ts';
import { suite } from '../support/suite.ts';
import { composeProject, up } from './support/compose.ts';
import { image, imageTests, inspected, saysInLog } from './support/image.ts';

const test = suite('refused');
const { add, why } = await imageTests(test);

const dump = [`MONGODB_URL=file:///dump`, `DUMP_DIR=${resolve('sample')}`];
const nowhere = ['--env', 'DATABASE_URL=postgresql://crm:s3cret@127.0.0.1:1/crm', '--env', 'MONGODB_URL=mongodb://127.0.0.1:1/x'];

const run = (...args: readonly string[]) => docker(['run', '--rm', ...args], 120_000);

async function started(...args: readonly string[]): Promise<string> {
  const { code, output } = await docker(['run', '--detach', ...args, image], 60_000);
  assert.is(code, 0, output);
  return output.trim();
}

const remove = (container: string) => docker(['rm', '--force', container], 30_000);

/** Waits in the background, for the last test. */
let waiting: string;
test.before(async () => {
  if (why === null) waiting = await started(...nowhere);
});
test.after(async () => {
  if (why === null) await remove(waiting);
});

add('a password that the volume of the bundled PostgreSQL does not know ends with 4', async () => {
  await using project = await composeProject(dump);
  const first = await project.compose('up', '--detach', '--wait', 'postgres');
  assert.is(first.code, 0, first.output);
  await project.configure([...dump, 'POSTGRES_PASSWORD=an-0ther']);
  const { code, output } = await project.compose(...up);
  assert.is(code, 4, output);
  assert.match(output, /TARGET_LOGIN_REFUSED/);
  assert.not.match(output, /an-0ther/);
});

add('a PostgreSQL without pgvector ends with 4 and says what to use', async () => {
  const without = `${image}-postgres-without-vector`;
  const context = resolve('test/image/support/postgres-without-vector');
  const built = await docker(['build', '--quiet', '--tag', without, context], 300_000);
  assert.is(built.code, 0, built.output);
  await using project = await composeProject([...dump, `POSTGRES_IMAGE=${without}`]);
  const { code, output } = await project.compose(...up);
  assert.is(code, 4, output);
  assert.match(output, /TARGET_VECTOR_MISSING/);
});

add('a volume that belongs to root ends with 2 and says whose it is', async () => {
  await using project = await composeProject(dump);
  const makeUnwritable = 'touch /data/of-root && chown -R 0:0 /data && chmod 755 /data';
  await run('--user', '0', '--volume', `${project.name}_data:/data`, '--entrypoint', 'sh', image, '-c', makeUnwritable);
  const { code, output } = await project.compose(...up);
  assert.is(code, 2, output);
  assert.match(output, /VOLUME_NOT_WRITABLE/);
  assert.match(output, /chown/);
});

add('a volume that is mounted read-only is enough for status', async () => {
  const volume = `${image}-read-only`;
  try {
    const { code, output } = await run('--volume', `${volume}:/data:ro`, image, 'status');
    assert.is(code, 0, output);
    assert.match(output, /No migration has been started/);
  } finally {
    await docker(['volume', 'rm', volume], 30_000);
  }
});

add('a MongoDB URL in DATABASE_URL is refused at once', async () => {
  const { code, output } = await run('--env', 'DATABASE_URL=mongodb://db/x', '--env', 'MONGODB_URL=mongodb://db/x', image);
  assert.is(code, 2, output);
  assert.not.match(output, /waiting/);
});

add('a container that waits for PostgreSQL shows no password and ends with 5 on SIGTERM', async () => {
  const container = await started(...nowhere);
  try {
    await saysInLog(container, /waiting for PostgreSQL/);
    assert.not.match((await docker(['top', container], 10_000)).output, /s3cret/);
    await docker(['stop', '--time', '20', container], 60_000);
    // 137 where it waited out the grace period.
    assert.is(await inspected(container, '{{.State.ExitCode}}'), '5');
  } finally {
    await remove(container);
  }
});

add('PostgreSQL is waited for, which is reported, then the program says that it cannot be reached', async () => {
  assert.is((await docker(['wait', waiting], 150_000)).output.trim(), '4');
  const { output } = await docker(['logs', waiting], 10_000);
  assert.match(output, /waiting for PostgreSQL \(up to 60 s\)/);
  assert.match(output, /TARGET_UNREACHABLE/);
});

test.run();
