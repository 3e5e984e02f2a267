/** The operator's guide, "A move from end to end": each of its commands, in its order, with the shipped compose files. */
import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { docker } from '../../scripts/lib/docker.ts';
import type { Block } from '../support/document.ts';
import { writeDump } from '../support/dump.ts';
import { knownMigrations } from '../support/later-releases.ts';
import { migration } from '../support/prisma.ts';
import { suite } from '../support/suite.ts';
import { guide, partsOf, typed } from './support/guide.ts';
import { image, imageTests, inspected, migrateDeploy, saysInLog } from './support/image.ts';

const test = suite('the guide to a move');
const { add, why } = await imageTests(test);

/** Names that a shared engine may have already. */
const project = `nextcrm-move-${randomBytes(4).toString('hex')}`;
const appImage = `${project}-app`;
const oldApp = `${project}-old`;
let folder = '';

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const when = new Date('2022-02-03T04:05:06Z');

/** The lines of `.env`, each of which the guide names. The port is any that is free. */
const settings = {
  MONGODB_URL: 'file:///dump',
  DUMP_DIR: './dump',
  MIGRATE_IMAGE: image,
  POSTGRES_PASSWORD: 'abc123',
  APP_IMAGE: appImage,
  APP_PORT: '0',
  POSTGRES_RESTART: 'unless-stopped',
};

/** With a document that is rejected, so that there is something to accept, and an administrator. */
const source: Record<string, Document[]> = {
  Users: [
    { _id: id(1), __v: 0, email: 'chief@example.com', is_admin: true, created_on: when },
    { _id: id(2), __v: 0, email: 'other@example.com', created_on: when },
    { _id: id(3), __v: 0, created_on: when },
  ],
  crm_Accounts: [{ _id: id(4), __v: 0, name: 'Account', createdAt: when, assigned_to: id(1) }],
  crm_Leads: [{ _id: id(5), __v: 0, lastName: 'Lead', status: 'New', type: 'DEMO', lead_source: 'fair' }],
  openAi_keys: [{ _id: id(6), __v: 0, user: id(1), organization_id: 'o', api_key: 'k' }],
};

/** Stands in for a later release: it upgrades the database at its start, as NextCRM does, and is up. */
async function buildApp(): Promise<void> {
  const context = join(folder, 'later');
  const migrations = { '0_init': await migration('0_init'), ...knownMigrations };
  for (const [name, text] of Object.entries(migrations)) {
    await mkdir(join(context, 'prisma/migrations', name), { recursive: true });
    await writeFile(join(context, 'prisma/migrations', name, 'migration.sql'), text);
  }
  await writeFile(join(context, 'prisma/migrations/migration_lock.toml'), 'provider = "postgresql"\n');
  await writeFile(join(context, 'prisma/schema.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n');
  await cp('prisma.config.ts', join(context, 'prisma.config.ts'));
  await writeFile(
    join(context, 'app.mjs'),
    `process.on('SIGTERM', () => process.exit(0));
const exitCode = ${migrateDeploy};
if (exitCode !== 0) process.exit(exitCode);
if (process.env.NEXTAUTH_URL === undefined) throw new Error('its own settings are missing');
console.log('the app is up');
setInterval(() => undefined, 60000);\n`,
  );
  await writeFile(
    join(context, 'Dockerfile'),
    `FROM ${image}\nUSER root\nCOPY . /later\nRUN ln -s /app/node_modules /later/node_modules\nUSER node\nWORKDIR /later\nENTRYPOINT []\nCMD ["node", "app.mjs"]\n`,
  );
  const built = await docker(['build', '--quiet', '--tag', appImage, context], 300_000);
  assert.is(built.code, 0, built.output);
}

test.before(async () => {
  if (why !== null) return;
  folder = await mkdtemp(join(tmpdir(), 'nextcrm-move-'));
  await chmod(folder, 0o755);
  await cp('docker-compose.migrate.yml', join(folder, 'docker-compose.migrate.yml'));
  await cp('deploy', join(folder, 'deploy'), { recursive: true });
  await writeDump(join(folder, 'dump/nextcrm'), source);
  await writeFile(
    join(folder, '.env'),
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  await writeFile(join(folder, 'app.env'), 'DATABASE_URL=mongodb://former/nextcrm\nNEXTAUTH_URL=http://localhost:3000\n');
  await buildApp();
  const old = await docker(['run', '--detach', '--name', oldApp, '--entrypoint', 'sleep', image, 'infinity'], 60_000);
  assert.is(old.code, 0, old.output);
});

test.after(async () => {
  if (why !== null) return;
  const down = ['--env-file', join(folder, '.env'), 'down', '--volumes', '--remove-orphans', '--timeout', '5'];
  for (const name of [project, `${project}-rehearsal`])
    await docker(['compose', '-p', name, '-f', join(folder, 'deploy/compose/app.yml'), ...down], 120_000);
  await docker(['rm', '--force', oldApp], 60_000);
  await docker(['rmi', '--force', appImage], 60_000);
  await rm(folder, { recursive: true, force: true });
});

/** As a person would type it, but for the names and the report's ID. */
async function typedHere({ text, info }: Block): Promise<string> {
  const report = text.includes('accept ID')
    ? JSON.parse(await readFile(join(folder, 'migration-report/report.json'), 'utf8'))
    : null;
  const command = text
    .replaceAll('nextcrm-rehearsal', `${project}-rehearsal`)
    .replaceAll('nextcrm-app', oldApp)
    .replaceAll('accept ID', `accept ${report?.id}`);
  return await typed({ text: command, info }, { cwd: folder, env: { COMPOSE_PROJECT_NAME: project, COMPOSE_ANSI: 'never' } });
}

async function ask(sql: string): Promise<string> {
  const psql = ['exec', '-T', 'postgres', 'psql', '-U', 'nextcrm', '-d', 'nextcrm', '-At', '-c', sql];
  const { code, output } = await docker(
    ['compose', '-p', project, '-f', join(folder, 'docker-compose.migrate.yml'), ...psql],
    60_000,
  );
  assert.is(code, 0, output);
  return output.trim();
}

const container = async (service: string): Promise<string> =>
  (
    await docker(
      [
        'ps',
        '--all',
        '--quiet',
        '--filter',
        `label=com.docker.compose.project=${project}`,
        '--filter',
        `label=com.docker.compose.service=${service}`,
      ],
      10_000,
    )
  ).output.trim();

/** What is to be seen after each chapter. */
const seen: Readonly<Record<string, (outputs: readonly string[]) => Promise<void>>> = {
  Rehearsal: async () => {
    assert.ok((await readdir(join(folder, 'rehearsal-report'))).includes('report.html'));
    assert.is((await docker(['volume', 'ls', '--quiet', '--filter', `name=${project}-rehearsal`], 10_000)).output, '');
  },
  'The real run': async () => {
    const report = JSON.parse(await readFile(join(folder, 'migration-report/report.json'), 'utf8'));
    assert.equal([report.state, report.exitCode, report.verdict], ['finished', 1, 'findings']);
    assert.is(await inspected(oldApp, '{{.State.Running}}'), 'false');
  },
  Acceptance: async ([output = '']) => assert.match(output, 'are accepted'),
  "The app's first start, and every later one": async () => {
    assert.match(await saysInLog(await container('app'), /the app is up/), 'the app is up');
    await saysInLog(await container('migrate'), /There is nothing to do/);
    assert.not.match(await readFile(join(folder, '.env'), 'utf8'), 'MONGODB_URL');
    assert.is(await ask('select role from "Users" where email like \'chief%\''), 'admin');
    assert.is(await ask('select role from "Users" where email like \'other%\''), 'manager');
  },
  'Roll back': async () => {
    const dump = await readFile(join(folder, 'nextcrm-after-the-move.dump'));
    assert.is(dump.subarray(0, 5).toString(), 'PGDMP');
  },
  'Clean-up': async () => {
    assert.is(await ask(`select count(*) from pg_namespace where nspname like 'nextcrm%'`), '0');
    assert.is(await inspected(await container('migrate'), '{{.State.ExitCode}}'), '0');
    assert.match(await saysInLog(await container('app'), /the app is up/), 'the app is up');
  },
  'To start over': async () => {
    await docker(
      [
        'compose',
        '-p',
        project,
        '-f',
        join(folder, 'docker-compose.migrate.yml'),
        '--env-file',
        join(folder, '.env'),
        'up',
        '--detach',
        '--wait',
        'postgres',
      ],
      120_000,
    );
    assert.is(await ask('select count(*) from "Users" where is_admin'), '1');
  },
};

const parts = await partsOf('A move from end to end');

for (const { title, blocks } of parts) {
  add(`${title}: its commands do what it says`, async () => {
    const outputs: string[] = [];
    for (const block of blocks) {
      outputs.push(await typedHere(block));
      // The guide says to wait for it.
      if (block.text.trim().endsWith('app.yml up --detach')) await saysInLog(await container('app'), /the app is up/);
    }
    const look = seen[title];
    assert.ok(look !== undefined, 'nobody looks at what it has done');
    await look(outputs);
  });
}

test('every setting that the move needs is in the guide', () => {
  for (const name of Object.keys(settings)) assert.match(guide, new RegExp(`\\b${name}=`), name);
});

test('every chapter is there', () =>
  assert.equal(
    parts.map(({ title }) => title),
    Object.keys(seen),
  ));

test.run();
