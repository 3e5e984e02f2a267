/** The image itself: how it is built, what it holds, and as whom it runs. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { docker } from '../../scripts/lib/docker.ts';
import { summary } from '../support/outcome.ts';
import { suite } from '../support/suite.ts';
import { composeProject } from './support/compose.ts';
import { base, image, imageTests, inspected } from './support/image.ts';

const test = suite('contents');
const { add } = await imageTests(test);

const buildImage = resolve('scripts/build-image');
const addedBytesMax = 145_000_000;

/** Runs a program of the image's instead of ours. */
const inside = async (...command: readonly [string, ...string[]]) => {
  const [program, ...args] = command;
  const { code, output } = await docker(['run', '--rm', '--network', 'none', '--entrypoint', program, image, ...args], 120_000);
  assert.is(code, 0, output);
  return output.trim();
};

const megabytes = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`;

add('it holds at most 145 MB more than its base', async () => {
  const size = async (name: string) => Number(await inspected(name, '{{.Size}}'));
  const added = (await size(image)) - (await size(base));
  assert.ok(added <= addedBytesMax, `${added} bytes`);
  const folders = await inside(
    'sh',
    '-c',
    'du -sb /app/node_modules/@*/* /app/node_modules/* /app/build /app/.compile-cache | sort -rn',
  );
  const largest = folders
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, path = '']) => !/node_modules\/@[^/]+$/.test(path))
    .slice(0, 6)
    .map(([bytes, path = '']) => `${path.replace('/app/', '').replace('node_modules/', '')} ${megabytes(Number(bytes))}`);
  const app = Number((await inside('du', '-sb', '/app')).split('\t')[0]);
  summary(
    `the image: ${megabytes(added)} above ${base}: the program ${megabytes(app)} (${largest.join(', ')}), the PostgreSQL tools ${megabytes(added - app)}`,
  );
});

add('it runs without root, and needs no entry in a list of users', async () => {
  assert.is(await inspected(image, '{{.Config.User}}'), '1000:1000');
  assert.is(await inside('id', '-u'), '1000');
});

add('its labels name version, revision, licence and base', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  const labels = JSON.parse(await inspected(image, '{{json .Config.Labels}}')) as Record<string, string>;
  const label = (name: string) => labels[`org.opencontainers.image.${name}`];
  assert.equal(
    [label('title'), label('version'), label('licenses'), label('base.name')],
    ['nextcrm-migrate', version, 'MIT', base],
  );
  assert.ok(label('revision') && label('created') && label('description'));
});

add('it has the client tools of PostgreSQL, and no compiler, test or package of development', async () => {
  for (const tool of ['psql', 'pg_dump', 'pg_restore', 'pg_isready'])
    assert.match(await inside(tool, '--version'), /\(PostgreSQL\) 1[6-9]|[2-9]\d/);
  const present = new Set((await inside('sh', '-c', 'cd /app && find node_modules -name package.json')).split('\n'));
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as { packages: Record<string, { dev?: true }> };
  const forDevelopment = Object.keys(packages).filter((path) => packages[path]?.dev);
  assert.ok(forDevelopment.length > 10);
  assert.equal(
    forDevelopment.filter((path) => present.has(`${path}/package.json`)),
    [],
  );
  assert.equal(
    (await inside('sh', '-c', 'ls /app')).split('\n').filter((name) => /test|scripts/.test(name)),
    [],
  );
});

add('nothing in it but its base and the PostgreSQL tools is of one processor alone', async () => {
  // The first bytes of a program or library of Linux, macOS and Windows.
  const look = `
    const { openSync, readSync, closeSync, readdirSync } = require('node:fs');
    const native = /^(7f454c46|feedfac[ef]|cffaedfe|cafebabe|4d5a)/;
    const head = Buffer.alloc(4);
    for (const { parentPath, name } of readdirSync('/app', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
      const file = openSync(parentPath + '/' + name);
      readSync(file, head, 0, 4, 0);
      closeSync(file);
      if (native.test(head.toString('hex')) || name.endsWith('.node')) console.log(parentPath + '/' + name);
    }`;
  assert.is(await inside('node', '-e', look), '');
});

add('what Node made of the program and of the Prisma CLI is kept for the user that runs them', async () => {
  const look = `
    const { accessSync, constants, globSync } = require('node:fs');
    const folders = globSync(process.env.NODE_COMPILE_CACHE + '/*-' + process.getuid());
    for (const folder of folders) for (const file of globSync(folder + '/*')) accessSync(file, constants.R_OK);
    console.log(folders.map((folder) => globSync(folder + '/*').length).sort((a, b) => a - b).join(' '));`;
  // Apart for each set of V8's options.
  const [program = 0, cli = 0] = (await inside('node', '-e', look)).split(' ').map(Number);
  assert.ok(program > 0 && cli > 100, `${program} and ${cli} files`);
});

add('the bill of materials names each package that is inside, and the licence texts are those of the same packages', async () => {
  const bill = JSON.parse(await inside('cat', '/app/sbom.cdx.json')) as { components: { name: string; version: string }[] };
  const listed = new Set(bill.components.map(({ name, version }) => `${name} ${version}`));
  // In the bundle, or beside it.
  const manifests = await inside('sh', '-c', 'cd /app && find node_modules build/packages -name package.json');
  const packages = manifests
    .split('\n')
    .filter((path) => /(node_modules|build\/packages)\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path));
  const names = await inside(
    'node',
    '-p',
    `${JSON.stringify(packages)}.map((p) => { const { name, version } = require('/app/' + p); return name + ' ' + version }).join('\\n')`,
  );
  const present = new Set(names.split('\n'));
  assert.ok(present.size > 50, `${present.size} packages`);
  assert.equal([...present].filter((name) => !listed.has(name)).sort(), []);
  assert.equal([...listed].filter((name) => !present.has(name)).sort(), []);
  const texts = await inside('cat', '/app/LICENCES.txt');
  assert.equal(
    [...present].filter((name) => !texts.includes(`\n${name} (`)),
    [],
  );
  assert.match(await inside('cat', '/app/LICENSE'), /MIT/);
});

add('docker compose builds it too, as a first "up" does', async () => {
  await using project = await composeProject([]);
  const { code, output } = await project.compose('build');
  assert.is(code, 0, output);
});

for (const [builder, variable] of [
  ['BuildKit', '1'],
  ['the older builder', '0'],
] as const) {
  add(`scripts/build-image builds and tags it with ${builder}`, async () => {
    const name = `${image}-built-${variable}`;
    const built = spawnSync(buildImage, [name], {
      env: { ...process.env, DOCKER_BUILDKIT: variable },
      encoding: 'utf8',
    });
    assert.is(built.status, 0, built.stderr);
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    const id = await inspected(`${name}:latest`, '{{.Id}}');
    assert.is(await inspected(`${name}:${version}`, '{{.Id}}'), id);
    const labels = JSON.parse(await inspected(id, '{{json .Config.Labels}}')) as Record<string, string>;
    const revision = labels['org.opencontainers.image.revision'] ?? '';
    assert.match(revision, /^[0-9a-f]{40}(-modified)?$/);
    const said = await docker(['run', '--rm', '--network', 'none', id, '--version'], 60_000);
    assert.equal([said.code, said.output.trim()], [0, version]);
    const tags = (await docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', name], 10_000)).output.trim().split('\n');
    assert.ok(
      tags.some((tag) => tag.startsWith(`${name}:${version}-${revision.slice(0, 12)}`)),
      tags.join(' '),
    );
    await docker(['image', 'rm', ...tags], 60_000);
  });
}

test.run();
