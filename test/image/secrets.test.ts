/** The examples with Docker secrets: both URLs and the password come from files, and are to be seen nowhere else. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { docker } from '../../scripts/lib/docker.ts';
import { suite } from '../support/suite.ts';
import { type ComposeProject, composeProject, up } from './support/compose.ts';
import { imageTests } from './support/image.ts';
import { postgresContainer, testNetwork } from './support/network.ts';

const test = suite('secrets');
const { add } = await imageTests(test);

const shipped = 'docker-compose.migrate.yml';
const password = 's3cret/with:odd@characters';

/** Files with the rights that the guide gives them; returns the line of the `.env`. */
async function secretFiles(project: ComposeProject, secrets: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(project.folder, 'secrets');
  await mkdir(folder, { mode: 0o700 });
  for (const [name, text] of Object.entries(secrets)) await writeFile(join(folder, name), `${text}\n`, { mode: 0o644 });
  return `SECRETS_DIR=${folder}`;
}

async function assertNothingShown(project: ComposeProject, output: string, secret: string): Promise<void> {
  const containers = (await project.compose('ps', '--all', '--quiet')).output.trim().split('\n');
  assert.ok(containers.length > 0);
  const inspected = await docker(['inspect', ...containers], 30_000);
  assert.is(inspected.code, 0, inspected.output);
  const files = await Promise.all(['migration.log', 'report.json', 'checkpoint.json'].map((file) => project.onVolume(file)));
  for (const text of [output, inspected.output, ...files])
    for (const form of [secret, encodeURIComponent(secret)]) assert.not.ok(text.includes(form));
}

add('the bundled PostgreSQL and the migration take theirs from deploy/compose/secrets.yml', async () => {
  await using project = await composeProject([], { files: [shipped, 'deploy/compose/secrets.yml'] });
  const directory = await secretFiles(project, {
    mongodb_url: 'file:///dump',
    database_url: `postgresql://nextcrm:${encodeURIComponent(password)}@postgres:5432/nextcrm`,
    postgres_password: password,
  });
  await project.configure([directory, `DUMP_DIR=${resolve('sample')}`]);
  const { code, output } = await project.compose(...up);
  assert.is(code, 0, output);
  await assertNothingShown(project, output, password);
});

add('an app behind them starts by deploy/compose/app-with-secrets.yml, with the address of its app.env', async () => {
  await using project = await composeProject([], { files: ['deploy/compose/app-with-secrets.yml'] });
  const url = `postgresql://nextcrm:${encodeURIComponent(password)}@postgres:5432/nextcrm`;
  const directory = await secretFiles(project, {
    mongodb_url: 'file:///dump',
    database_url: url,
    postgres_password: password,
  });
  const settings = join(project.folder, 'app.env');
  await writeFile(settings, `DATABASE_URL=${url}\n`);
  const app = ['APP_IMAGE=pgvector/pgvector:pg16', 'APP_PORT=0', `APP_ENV_FILE=${settings}`];
  await project.configure([directory, `DUMP_DIR=${resolve('sample')}`, ...app]);
  // Waits for the migration, as `up` does.
  const rows = [
    'run',
    '--rm',
    '--entrypoint',
    'sh',
    'app',
    '-c',
    'psql "$DATABASE_URL" -Atc \'select count(*) > 0 from "crm_Accounts"\'',
  ];
  const asked = await project.compose(...rows);
  assert.is(asked.code, 0, asked.output);
  assert.match(asked.output, /^t$/m);
});

add('with a PostgreSQL of your own, by deploy/compose/secrets-own-database.yml, the bundled one is not started', async () => {
  await using network = await testNetwork();
  await using postgres = await postgresContainer(network.name);
  const files = [shipped, 'deploy/compose/source-network.yml', 'deploy/compose/secrets-own-database.yml'];
  await using project = await composeProject([], { files });
  const directory = await secretFiles(project, {
    mongodb_url: 'file:///dump',
    database_url: `postgresql://crm:${postgres.password}@own-postgres:5432/crm`,
  });
  await project.configure([directory, `DUMP_DIR=${resolve('sample')}`, `SOURCE_NETWORK=${network.name}`]);
  const { code, output } = await project.compose(...up);
  assert.is(code, 0, output);
  assert.equal((await project.compose('ps', '--all', '--services')).output.trim().split('\n'), ['migrate']);
  await assertNothingShown(project, output, postgres.password);
});

add('a secret that the user 1000 may not read ends with 2 and is named', async () => {
  const files = [shipped, 'deploy/compose/secrets-own-database.yml'];
  await using project = await composeProject([], { files });
  const directory = await secretFiles(project, { mongodb_url: 'file:///dump', database_url: 'postgresql://crm@db/crm' });
  await chmod(join(project.folder, 'secrets', 'database_url'), 0o000);
  await project.configure([directory]);
  const { code, output } = await project.compose(...up);
  assert.is(code, 2, output);
  assert.match(output, /DATABASE_URL_FILE: the file \/run\/secrets\/database_url cannot be read/);
});

test.run();
