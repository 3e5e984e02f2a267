/**
 * deploy/compose/nextcrm.yml in the checkout of NextCRM's own release, as the guide gives it: its compose file and its entrypoint, on its
 * PostgreSQL; images that are not at hand are stood in for.
 */
import { randomBytes } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { docker } from '../../scripts/lib/docker.ts';
import type { Report } from '../../src/report/model.ts';
import { appPrisma, appRelease, appReleaseMissing } from '../support/app-release.ts';
import { type TemporaryFolder, temporaryFolder, writeDump } from '../support/dump.ts';
import { suite } from '../support/suite.ts';
import { base, image, imageTests, inspected, saysInLog } from './support/image.ts';

const test = suite("the app's own compose project");
const { why, unless } = await imageTests(test);
const add = unless(appReleaseMissing);

const name = `nextcrm-own-${randomBytes(4).toString('hex')}`;
const [appImage, neighbourImage] = [`${name}-app`, `${name}-neighbour`];

/** What the entrypoint of the release calls, by these names. */
const programs = {
  // Seeding a migrated database is what must not happen.
  prisma: `#!/usr/local/bin/node
const { runIn } = await import('/app/src/prisma/cli.ts');
const args = process.argv.slice(2);
if (args.join(' ') !== 'migrate deploy') throw new Error('prisma ' + args.join(' '));
const { exitCode, stdout, stderr } = await runIn('/nextcrm', args, { url: process.env.DATABASE_URL });
console.log(stdout, stderr);
process.exitCode = exitCode;
`,
  curl: `#!/usr/local/bin/node
const args = process.argv.slice(2);
const method = args.includes('-X') ? args[args.indexOf('-X') + 1] : 'GET';
const { status } = await fetch(args.find((arg) => arg.startsWith('http')), { method });
if (args.includes('-w')) console.log(status);
else if (status >= 400) process.exitCode = 22;
`,
} as const;

const answers = (port: number) =>
  `process.on('SIGTERM', () => process.exit(0));
require('node:http').createServer((_, answer) => answer.end()).listen(${port}, () => console.log('listens'));\n`;

/** The release's own entrypoint on our image, which has Prisma and PostgreSQL's client. */
async function buildStandIns(folder: string): Promise<void> {
  const context = join(folder, 'images');
  for (const [program, text] of Object.entries(programs)) {
    await mkdir(join(context, 'bin'), { recursive: true });
    await writeFile(join(context, 'bin', `${program}.mjs`), text);
    await chmod(join(context, 'bin', `${program}.mjs`), 0o755);
  }
  await cp(appPrisma, join(context, 'prisma'), { recursive: true });
  await copyFile('prisma.config.ts', join(context, 'prisma.config.ts'));
  await copyFile(join(appRelease, 'docker-entrypoint.sh'), join(context, 'docker-entrypoint.sh'));
  await writeFile(join(context, 'server.cjs'), answers(3000));
  await writeFile(join(context, 'neighbour.cjs'), answers(9000));
  const links = Object.keys(programs).map((program) => `ln -s /programs/${program}.mjs /usr/local/bin/${program}`);
  await writeFile(
    join(context, 'app'),
    `FROM ${image}
USER root
COPY bin /programs
COPY . /nextcrm
RUN ${[...links, 'cp /nextcrm/server.cjs /nextcrm/server.js', 'ln -s /app/node_modules /nextcrm/node_modules'].join(' && ')}
USER node
WORKDIR /nextcrm
ENTRYPOINT ["sh", "/nextcrm/docker-entrypoint.sh"]\n`,
  );
  await writeFile(
    join(context, 'neighbour'),
    `FROM ${base}
COPY bin /programs
COPY neighbour.cjs /
RUN ln -s /programs/curl.mjs /usr/local/bin/curl
ENTRYPOINT ["node", "/neighbour.cjs"]\n`,
  );
  for (const [file, tag] of [
    ['app', appImage],
    ['neighbour', neighbourImage],
  ] as const) {
    const built = await docker(['build', '--quiet', '--file', join(context, file), '--tag', tag, context], 300_000);
    assert.is(built.code, 0, built.output);
  }
}

/** Beside the two files of the guide: images that are here, and any free port. */
const standIns = `services:
  app:
    image: ${appImage}
    build: !reset null
    ports: !override ["0:3000"]
  minio:
    image: ${neighbourImage}
  inngest:
    image: ${neighbourImage}
`;

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const when = new Date('2023-02-03T04:05:06Z');

/** What the release's migrations stop at or drop; the last account is rejected. */
const source: Record<string, Document[]> = {
  Users: [
    { _id: id(1), email: 'Chief@Example.com', is_admin: true, created_on: when },
    { _id: id(2), email: 'other@example.com', created_on: when },
  ],
  crm_Accounts: [
    { _id: id(4), name: 'Account', createdAt: when, assigned_to: id(1) },
    { _id: id(5), createdAt: when, assigned_to: id(1) },
  ],
  crm_Leads: [{ _id: id(6), lastName: 'Lead', status: 'IN_PROGRESS', type: 'DEMO', lead_source: 'fair' }],
  crm_Opportunities: [{ _id: id(7), name: 'Opportunity', currency: '$', budget: 10, expected_revenue: 4, account: id(4) }],
  Invoices: [
    {
      _id: id(8),
      invoice_number: 'R-1',
      invoice_file_mimeType: 'application/pdf',
      invoice_file_url: '/r-1.pdf',
      last_updated: when,
      last_updated_by: id(1),
      date_received: when,
      assigned_to_user_id: id(1),
    },
  ],
};

let checkout: TemporaryFolder;

test.before(async () => {
  if (why !== null || appReleaseMissing !== null) return;
  checkout = await temporaryFolder();
  await chmod(checkout.path, 0o755);
  await copyFile(join(appRelease, 'docker-compose.yml'), join(checkout.path, 'docker-compose.yml'));
  await cp(appPrisma, join(checkout.path, 'prisma'), { recursive: true });
  await writeFile(join(checkout.path, 'stand-ins.yml'), standIns);
  await writeDump(join(checkout.path, 'dump/nextcrm'), source);
  await settings(['MONGODB_URL=file:///dump', 'DUMP_DIR=./dump']);
  await buildStandIns(checkout.path);
});
test.after(async () => {
  if (why !== null || appReleaseMissing !== null) return;
  await compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
  await docker(['rmi', '--force', appImage, neighbourImage], 60_000);
  await checkout[Symbol.asyncDispose]();
});

/** The lines of `.env`. */
const settings = (lines: readonly string[]) =>
  writeFile(join(checkout.path, '.env'), [`NEXTCRM_MIGRATE_IMAGE=${image}`, ...lines, ''].join('\n'));

const compose = (...args: readonly string[]) => {
  const files = ['docker-compose.yml', resolve('deploy/compose/nextcrm.yml'), 'stand-ins.yml'];
  const options = ['--project-name', name, '--project-directory', checkout.path, '--ansi', 'never'];
  return docker(['compose', ...options, ...files.flatMap((file) => ['--file', resolve(checkout.path, file)]), ...args], 300_000);
};

const container = async (service: string) => (await compose('ps', '--all', '--quiet', service)).output.trim();

async function ask(sql: string): Promise<string> {
  const { code, output } = await compose('exec', '-T', 'postgres', 'psql', '-U', 'nextcrm', '-d', 'nextcrm', '-At', '-c', sql);
  assert.is(code, 0, output);
  return output.trim();
}

async function report(): Promise<Report> {
  const file = join(checkout.path, 'report.json');
  const { code, output } = await compose('cp', 'migrate:/data/report.json', file);
  assert.is(code, 0, output);
  return JSON.parse(await readFile(file, 'utf8')) as Report;
}

add('with findings the app is not started, and its migrations are not applied', async () => {
  const { code, output } = await compose('up', '--detach');
  assert.is.not(code, 0, output);
  assert.is(await inspected(await container('migrate'), '{{.State.ExitCode}}'), '1');
  assert.is(await inspected(await container('app'), '{{.State.Status}}'), 'created');
  assert.is(await ask("select count(*) from _prisma_migrations where migration_name > '20260405'"), '0');
  assert.is((await report()).verdict, 'findings');
});

add('once they are accepted the same command applies them, restores, proves, and the app starts without a seed', async () => {
  const { id: reportId } = await report();
  const accepted = await compose('run', '--rm', 'migrate', 'accept', reportId);
  assert.is(accepted.code, 0, accepted.output);
  // As it is when MongoDB has been switched off.
  await settings([]);
  const { code, output } = await compose('up', '--detach');
  assert.is(code, 0, output);
  const migrate = await container('migrate');
  assert.is(await inspected(migrate, '{{.State.ExitCode}}'), '0');
  const said = await saysInLog(await container('app'), /listens/);
  // Without a statement; a later migration of the release deletes its record (src/catalog/migrations.ts).
  assert.equal(
    [...said.matchAll(/└─ (\d\w+)\//g)].map(([, migration]) => migration),
    ['20260404120000_add_currency_support'],
  );
  assert.match(said, /already has 2 user\(s\), skipping seed/);
  const names = (await readdir(join(checkout.path, 'prisma/migrations'))).filter((entry) => /^\d/.test(entry));
  const applied = await ask('select distinct migration_name from _prisma_migrations where finished_at is not null');
  assert.equal(applied.split('\n').sort(), names.sort());
  assert.is(await ask(`select role from "Users" where email = 'chief@example.com'`), 'admin');
  assert.is(await ask('select currency from "crm_Opportunities"'), 'USD');
  assert.match(await ask('show server_version'), /^17\./);
});

add('at every later start there is nothing to do, and the app starts', async () => {
  await compose('stop', '--timeout', '5');
  const { code, output } = await compose('up', '--detach');
  assert.is(code, 0, output);
  assert.match((await docker(['logs', await container('migrate')], 10_000)).output, /nothing to do/);
  await saysInLog(await container('app'), /listens/);
});

test.run();
