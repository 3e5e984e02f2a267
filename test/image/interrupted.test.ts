/** A migration of many documents by the shipped compose file: killed, stopped, started again, all within its 512 MB. */
import { spawn } from 'node:child_process';
import * as assert from 'uvu/assert';
import { docker } from '../../scripts/lib/docker.ts';
import { summary } from '../support/outcome.ts';
import { suite } from '../support/suite.ts';
import { type ComposeProject, composeProject, up } from './support/compose.ts';
import { imageTests, inspected, saysInLog } from './support/image.ts';
import { makeSample } from './support/sample.ts';

const test = suite('interrupted');
const { add, why } = await imageTests(test);

const documents = process.env['TEST_LONG'] ? 1_000_000 : 200_000;
let project: ComposeProject;
let memory: ReturnType<typeof watchedMemory>;

test.before(async () => {
  if (why !== null) return;
  project = await composeProject([]);
  await makeSample(project.folder, documents);
  await project.configure(['MONGODB_URL=file:///dump', `DUMP_DIR=${project.folder}`]);
  memory = watchedMemory();
});
test.after(async () => {
  if (why !== null) return;
  memory.end();
  await project[Symbol.asyncDispose]();
});

/** Starts in the background; resolves with the container once it has said `text`. */
async function startedUntil(text: RegExp): Promise<string> {
  const { code, output } = await project.compose('up', '--detach');
  assert.is(code, 0, output);
  const container = await project.container('migrate');
  await saysInLog(container, text);
  return container;
}

/** How a start ended, none of them by the limit: 137 alone could be either. */
async function assertEnded(container: string, exitCode: number): Promise<void> {
  const state = await inspected(container, '{{.State.ExitCode}} {{.State.OOMKilled}} {{.HostConfig.Memory}}');
  assert.is(state, `${exitCode} false ${512 * 1024 * 1024}`);
}

/** Of the bundled PostgreSQL, by psql in its container. */
async function answer(query: string): Promise<string> {
  const { output } = await project.compose('exec', '-T', 'postgres', 'psql', '-U', 'nextcrm', '-At', '-c', query);
  return output.trim();
}

add('docker kill while it loads leaves a state that the next up continues from', async () => {
  const container = await startedUntil(/Load documents/);
  while ((await answer('select coalesce(sum(batch), 0) > 0 from nextcrm_migration.progress')) !== 't')
    assert.is(await inspected(container, '{{.State.Running}}'), 'true');
  await docker(['kill', '--signal', 'KILL', container], 60_000);
  assert.is((await docker(['wait', container], 60_000)).output.trim(), '137');
  await assertEnded(container, 137);
  assert.not.equal(await answer('select step from nextcrm_migration.run'), 'finished');
});

add('docker compose stop ends it with 5, well within its grace period of a minute', async () => {
  const container = await startedUntil(/Resolve references/);
  await project.compose('stop', '--timeout', '45', 'migrate');
  // 137 where it waited out the grace period.
  await assertEnded(container, 5);
  const { code, output } = await project.compose('run', '--rm', '--no-deps', 'migrate', 'status');
  assert.is(code, 5, output);
});

add('up continues to the end, within 512 MB, and every document is in one place', async () => {
  const { code, output } = await project.compose(...up);
  assert.is(code, 0, output);
  assert.not.match(output, /Load documents/);
  await assertEnded(await project.container('migrate'), 0);
  const { collections } = await project.report();
  let read = 0;
  for (const [name, balance] of Object.entries(collections)) {
    if (balance.known) read += balance.read;
    // Documents of a former name are taken under the present one or are unmapped, as all are whose name is none of NextCRM's.
    const accounted = balance.known ? balance.loaded + balance.rejected : balance.taken + balance.leftover;
    assert.is(balance.read, accounted, name);
  }
  assert.ok(read > documents * 0.9, `${read} documents were read`);
  summary(
    `${read} documents after a kill and a stop: done within 512 MB; the most that was seen in use, in all three starts: ${memory.most()}`,
  );
});

/** The migration's memory as `docker stats` shows it, about once a second, through all its starts. */
function watchedMemory() {
  let most = 0;
  const child = spawn('docker', ['stats', '--format', '{{.Name}} {{.MemUsage}}'], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    for (const [, number = '', unit] of chunk.matchAll(new RegExp(`${project.name}-migrate\\S* ([\\d.]+)(MiB|GiB)`, 'g')))
      most = Math.max(most, Number(number) * (unit === 'GiB' ? 1024 : 1));
  });
  return { most: () => `${Math.round(most)} MiB`, end: () => child.kill() };
}

test.run();
