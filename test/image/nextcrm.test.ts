/**
 * The operator's guide, "From the old NextCRM to the first sign-in": each of its commands, in its order, in the checkout of NextCRM's own
 * release: its compose file and its entrypoint, on its PostgreSQL; images that are not at hand are stood in for.
 */
import { randomBytes } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { docker } from '../../scripts/lib/docker.ts';
import type { Report } from '../../src/report/model.ts';
import { appPrisma, appRelease, appReleaseMissing } from '../support/app-release.ts';
import type { Block } from '../support/document.ts';
import { type TemporaryFolder, temporaryFolder, writeDump } from '../support/dump.ts';
import { suite } from '../support/suite.ts';
import { guide, partsOf, typed } from './support/guide.ts';
import { base, image, imageTests, inspected, migrateDeploy, saysInLog } from './support/image.ts';

const test = suite("the guide to the app's own compose project");
const { why, unless } = await imageTests(test);
const add = unless(appReleaseMissing);

const name = `nextcrm-own-${randomBytes(4).toString('hex')}`;
const [appImage, neighbourImage] = [`${name}-app`, `${name}-neighbour`];

/** What the entrypoint of the release calls, by these names. */
const programs = {
  // Seeding a migrated database is what must not happen.
  prisma: `#!/usr/local/bin/node
const args = process.argv.slice(2);
if (args.join(' ') !== 'migrate deploy') throw new Error('prisma ' + args.join(' '));
process.exitCode = ${migrateDeploy};
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

let folder: TemporaryFolder;
const inFolder = (...path: readonly string[]) => join(folder.path, ...path);
const app = () => inFolder('nextcrm-new');

const [, composeFile] = /^ {4}(COMPOSE_FILE=\S+)$/m.exec(guide) ?? [];
const settings = {
  COMPOSE_PROJECT_NAME: name,
  MONGODB_URL: 'file:///dump',
  DUMP_DIR: '../dump',
  POSTGRES_PASSWORD: 'abc123',
  BETTER_AUTH_SECRET: 'secret',
  EMAIL_ENCRYPTION_KEY: 'key',
  EMAIL_FROM: 'crm@example.com',
  RESEND_API_KEY: 'resend',
  NEXTCRM_MIGRATE_IMAGE: image,
};

test.before(async () => {
  if (why !== null || appReleaseMissing !== null) return;
  folder = await temporaryFolder();
  await chmod(folder.path, 0o755);
  await mkdir(app());
  await copyFile(join(appRelease, 'docker-compose.yml'), join(app(), 'docker-compose.yml'));
  await cp(appPrisma, join(app(), 'prisma'), { recursive: true });
  await cp('deploy', inFolder('nextcrm-migrate/deploy'), { recursive: true });
  await writeFile(join(app(), 'stand-ins.yml'), standIns);
  await writeDump(inFolder('dump/nextcrm'), source);
  const lines = [`${composeFile}:stand-ins.yml`, ...Object.entries(settings).map(([key, value]) => `${key}=${value}`)];
  await writeFile(join(app(), '.env'), `${lines.join('\n')}\n`);
  await buildStandIns(folder.path);
});
test.after(async () => {
  if (why !== null || appReleaseMissing !== null) return;
  for (const project of [name, `${name}-rehearsal`])
    await shell(`docker compose -p ${project} down --volumes --remove-orphans --timeout 5`);
  await docker(['rmi', '--force', appImage, neighbourImage], 60_000);
  await folder[Symbol.asyncDispose]();
});

const as = () => ({ cwd: app(), env: { COMPOSE_ANSI: 'never' } });
const shell = (text: string) => typed({ text, info: 'sh' }, as());

const container = async (service: string) => (await shell(`docker compose ps --all --quiet ${service}`)).trim();

async function ask(sql: string): Promise<string> {
  const psql = 'docker compose exec -T postgres psql -U nextcrm -d nextcrm -At';
  return (await shell(`${psql} <<'END'\n${sql}\nEND`)).trim();
}

async function report(): Promise<Report> {
  await shell('docker compose cp migrate:/data/report.json ../report.json');
  return JSON.parse(await readFile(inFolder('report.json'), 'utf8')) as Report;
}

/** As a person would type it, but for the names and the report's ID. */
async function typedHere({ text, info }: Block): Promise<string> {
  const command = text
    .replaceAll('nextcrm-rehearsal', `${name}-rehearsal`)
    .replaceAll('accept ID', text.includes('accept ID') ? `accept ${(await report()).id}` : '')
    .replaceAll('you@example.com', 'Chief@Example.com');
  return await typed({ text: command, info }, as());
}

/** What is to be seen after each part. */
const seen: Readonly<Record<string, (outputs: readonly string[]) => Promise<void>>> = {
  '3. Rehearse': async () => {
    assert.match(await readFile(inFolder('rehearsal-report.html'), 'utf8'), 'Completed with 1 finding');
    assert.is((await docker(['volume', 'ls', '--quiet', '--filter', `name=${name}-rehearsal`], 10_000)).output, '');
  },
  // With findings the app is not started, and its migrations are not applied.
  '5. Migrate, and start the new NextCRM': async () => {
    assert.is(await inspected(await container('migrate'), '{{.State.ExitCode}}'), '1');
    assert.is(await inspected(await container('migrate'), '{{index .Config.Labels "com.docker.compose.project"}}'), name);
    assert.is(await inspected(await container('app'), '{{.State.Status}}'), 'created');
    assert.is(await ask("select count(*) from _prisma_migrations where migration_name > '20260405'"), '0');
    assert.is((await report()).verdict, 'findings');
  },
  // Once they are accepted, the same command applies them, restores, proves, and the app starts without a seed.
  '6. Read the report': async () => {
    assert.match(await readFile(inFolder('migration-report.html'), 'utf8'), 'Completed with 1 finding');
    assert.is(await inspected(await container('migrate'), '{{.State.ExitCode}}'), '0');
    const said = await saysInLog(await container('app'), /listens/);
    // Without a statement; a later migration of the release deletes its record (src/catalog/migrations.ts).
    assert.equal(
      [...said.matchAll(/└─ (\d\w+)\//g)].map(([, migration]) => migration),
      ['20260404120000_add_currency_support'],
    );
    assert.match(said, /already has 2 user\(s\), skipping seed/);
    assert.not.match(said, /Generated (BETTER_AUTH_SECRET|EMAIL_ENCRYPTION_KEY)/);
    const names = (await readdir(join(app(), 'prisma/migrations'))).filter((entry) => /^\d/.test(entry));
    const applied = await ask('select distinct migration_name from _prisma_migrations where finished_at is not null');
    assert.equal(applied.split('\n').sort(), names.sort());
    assert.is(await ask(`select role from "Users" where email = 'chief@example.com'`), 'admin');
    assert.is(await ask('select currency from "crm_Opportunities"'), 'USD');
    assert.match(await ask('show server_version'), /^17\./);
  },
  '7. The first sign-in': async ([output = '']) => assert.match(output, /^ 123456$/m),
  '8. Afterwards': async () => {
    assert.is((await readFile(inFolder('nextcrm.dump'))).subarray(0, 5).toString(), 'PGDMP');
    assert.not.match(await readFile(join(app(), '.env'), 'utf8'), 'MONGODB_URL');
    assert.is(await ask(`select count(*) from pg_namespace where nspname like 'nextcrm%'`), '0');
    assert.is(await inspected(await container('migrate'), '{{.State.ExitCode}}'), '0');
    await saysInLog(await container('app'), /listens/);
    assert.not.match(await shell('docker compose run --rm --no-deps --entrypoint ls migrate /data'), 'before-upgrade');
  },
};

const parts = await partsOf('From the old NextCRM to the first sign-in');

for (const { title, blocks } of parts) {
  add(`${title}: its commands do what it says`, async () => {
    // What NextCRM does when somebody asks for a code.
    if (title.startsWith('7.'))
      await ask(`insert into verification (identifier, value, "expiresAt")
        values ('sign-in-otp-chief@example.com', '123456:0', now())`);
    const outputs: string[] = [];
    for (const block of blocks) outputs.push(await typedHere(block));
    const look = seen[title];
    assert.ok(look !== undefined, 'nobody looks at what it has done');
    await look(outputs);
  });
}

test('every part is looked at, and every setting is in the guide', () => {
  assert.equal(
    parts.map(({ title }) => title),
    Object.keys(seen),
  );
  for (const key of Object.keys(settings)) assert.match(guide, new RegExp(`\\b${key}\\b`), key);
});

test.run();
