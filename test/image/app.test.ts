/** How the app's own compose file waits for the migration, and what a plain `up` tells the person who started it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { docker } from '../../scripts/lib/docker.ts';
import { type Block, blocksOf } from '../support/document.ts';
import { temporaryFolder } from '../support/dump.ts';
import { suite } from '../support/suite.ts';
import { type ComposeProject, composeProject } from './support/compose.ts';
import { image, imageTests, inspected, saysInLog } from './support/image.ts';

const test = suite('app');
const { add, why } = await imageTests(test);

const app = `${image}-app`;
const dump = [`MONGODB_URL=file:///dump`, `DUMP_DIR=${resolve('sample')}`];

test.before(async () => {
  if (why !== null) return;
  const built = await docker(['build', '--quiet', '--tag', app, 'test/image/support/app'], 300_000);
  assert.is(built.code, 0, built.output);
});

/** A port that is free, and no settings of its own. */
const appSettings = [`APP_IMAGE=${app}`, 'APP_PORT=0', 'APP_ENV_FILE=/dev/null'];

const withApp = (settings: readonly string[]) =>
  composeProject([...appSettings, ...settings], { files: ['deploy/compose/app.yml'] });

const at = async (container: string, moment: 'StartedAt' | 'FinishedAt') =>
  Date.parse(await inspected(container, `{{.State.${moment}}}`));

async function beginsAfterTheMigration(project: ComposeProject): Promise<void> {
  const { code, output } = await project.compose('up', '--detach');
  assert.is(code, 0, output);
  const [migrate, started] = [await project.container('migrate'), await project.container('app')];
  assert.is(await inspected(migrate, '{{.State.ExitCode}}'), '0');
  assert.match(await saysInLog(started, /the app is up/), /the app is up on postgres:5432/);
  assert.ok((await at(started, 'StartedAt')) >= (await at(migrate, 'FinishedAt')));
}

add('the app starts when the migration has ended with 0, at the first start and at every other', async () => {
  await using project = await withApp(dump);
  await beginsAfterTheMigration(project);
  await project.compose('stop', '--timeout', '5');
  // As it is when MongoDB has been switched off for good.
  await project.configure([...appSettings, 'MONGODB_URL=mongodb://127.0.0.1:1/nextcrm']);
  await beginsAfterTheMigration(project);
  assert.match((await docker(['logs', await project.container('migrate')], 10_000)).output, /nothing to do/);
});

add('the app does not start where the migration did not end with 0', async () => {
  await using project = await withApp(['MONGODB_URL=file:///dump']);
  const { code, output } = await project.compose('up', '--detach');
  assert.is(code, 1, output);
  assert.is(await inspected(await project.container('migrate'), '{{.State.ExitCode}}'), '2');
  assert.is(await inspected(await project.container('app'), '{{.State.Status}}'), 'created');
});

const [ownFile, ownNetwork] = (await blocksOf('docs/operator.md')).filter(({ info }) => info === 'yaml');

/** As the guide gives it, with what it leaves to the reader. */
async function writtenFile(folder: string, block: Block | undefined, app: object): Promise<string> {
  assert.ok(block, 'the guide has the lines');
  const text = block.text.replace('./docker-compose', resolve('docker-compose')).replace('PASSWORD', 'nextcrm');
  const { services, ...others } = parse(text) as { services?: { app: object } };
  const path = join(folder, 'compose.yaml');
  await writeFile(path, stringify({ ...others, services: { app: { ...services?.app, ...app } } }));
  return path;
}

add("the guide's lines for an app's own compose file make it wait for the migration", async () => {
  await using folder = await temporaryFolder();
  await using project = await composeProject(dump, { files: [await writtenFile(folder.path, ownFile, { image: app })] });
  await beginsAfterTheMigration(project);
});

add("the guide's lines for a project of another name reach the bundled PostgreSQL", async () => {
  await using project = await composeProject(dump);
  await project.compose('up', '--detach', '--wait', 'postgres');
  await using folder = await temporaryFolder();
  const path = await writtenFile(folder.path, ownNetwork, { image, entrypoint: ['pg_isready', '-h', 'postgres'] });
  await writeFile(path, (await readFile(path, 'utf8')).replace('nextcrm-migrate_default', `${project.name}_default`));
  await using other = await composeProject([], { files: [path] });
  const { code, output } = await other.compose('run', '--rm', 'app');
  assert.is(code, 0, output);
});

add('a plain up says that it stays attached to the bundled PostgreSQL, and what to press', async () => {
  await using project = await composeProject(dump);
  const child = spawn('docker', project.commandOf('up'), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  try {
    let said = '';
    const reported = Promise.withResolvers<void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
        if (/press Ctrl\+C/.test(said)) reported.resolve();
      });
    }
    await Promise.race([reported.promise, ended.then(() => Promise.reject(new Error(said)))]);
    const postgres = await project.container('postgres');
    assert.is(await inspected(postgres, '{{.State.Running}}'), 'true');
    child.kill('SIGINT');
    await ended;
    assert.is(await inspected(postgres, '{{.State.Running}}'), 'false');
    assert.is(await inspected(await project.container('migrate'), '{{.State.ExitCode}}'), '0');
  } finally {
    child.kill();
  }
});

test.run();
