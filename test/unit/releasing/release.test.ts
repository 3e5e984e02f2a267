/** scripts/release, on a scratch clone. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { notesOf, unreleased } from '../../../scripts/releasing/changelog.ts';
import { editedFiles } from '../../../scripts/releasing/edits.ts';
import { imageOf, isLater, repositoryOf } from '../../../scripts/releasing/names.ts';
import { suite } from '../../support/suite.ts';

const test = suite('releasing');

const image = 'ghcr.io/owner/nextcrm-migrate';
let clone: string;

test.before(() => {
  clone = mkdtempSync(join(tmpdir(), 'nextcrm-release-'));
  for (const path of [...editedFiles, 'scripts/releasing']) cpSync(path, join(clone, path), { recursive: true });
  // Of a released version nothing is unreleased.
  writeFileSync(join(clone, 'CHANGELOG.md'), read('CHANGELOG.md').replace('## Unreleased\n', '## Unreleased\n\n- A change.\n'));
  symlinkSync(resolve('node_modules'), join(clone, 'node_modules'));
  writeFileSync(join(clone, '.gitignore'), 'node_modules\n');
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'test');
  git('config', 'user.email', 'test@example.com');
  git('config', 'commit.gpgsign', 'false');
  git('config', 'tag.gpgsign', 'false');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
});
test.after(() => rmSync(clone, { recursive: true }));

const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: clone, encoding: 'utf8' }).trim();

function run(program: string, ...args: readonly string[]): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('scripts/releasing', program), ...args], {
    cwd: clone,
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

const read = (path: string) => readFileSync(join(clone, path), 'utf8');

test('a version is not prepared without a repository on GitHub, with changes, or without a number', () => {
  assert.match(run('main.ts', '9.0.0').output, 'not on GitHub');
  assert.is(run('main.ts', 'next', '--image', image).code, 2);
  assert.match(run('main.ts', '9.0.0', '--image', 'ghcr.io/owner/app').output, 'has another name');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  assert.match(run('main.ts', version, '--image', image).output, `${version} is not later than ${version}`);
  writeFileSync(join(clone, 'LICENSE'), 'changed');
  assert.match(run('main.ts', '9.0.0', '--image', image).output, 'the checkout has changes');
  rmSync(join(clone, 'LICENSE'));
  assert.is(git('tag', '--list'), '');
});

test('a tag that was not prepared is not published', () => {
  const { code, output } = run('check.ts', 'v9.0.0');
  assert.is(code, 1);
  assert.match(output, 'CHANGELOG.md has no notes of 9.0.0');
});

test('a version is everywhere, is dated in the CHANGELOG, committed and tagged, and may be published', () => {
  const notes = unreleased(read('CHANGELOG.md'));
  git('remote', 'add', 'origin', 'git@github.com:Owner/App.js.git');
  const { code, output } = run('main.ts', '9.0.0');
  assert.is(code, 0, output);
  assert.is(git('status', '--porcelain'), '');
  assert.is(git('describe'), 'v9.0.0');
  assert.is(git('log', '-1', '--format=%s'), 'Release 9.0.0');

  assert.is(JSON.parse(read('package.json')).version, '9.0.0');
  const lock = JSON.parse(read('package-lock.json'));
  assert.equal([lock.version, lock.packages[''].version], ['9.0.0', '9.0.0']);
  const chart = parse(read('deploy/helm/Chart.yaml'));
  assert.equal([chart.version, chart.appVersion], ['9.0.0', '9.0.0']);
  assert.is(parse(read('deploy/helm/values.yaml')).image.repository, image);
  const migrate = parse(read('docker-compose.migrate.yml')).services.migrate;
  assert.is(migrate.image, `\${MIGRATE_IMAGE:-${image}:9.0.0}`);
  assert.is(migrate.build, '.', 'it is still built where it cannot be pulled');
  const beside = parse(read('deploy/compose/nextcrm.yml')).services.migrate;
  assert.is(beside.image, `\${NEXTCRM_MIGRATE_IMAGE:-${image}:9.0.0}`);
  assert.is(beside.build, '../nextcrm-migrate', 'so is this one');
  for (const file of ['job', 'reports']) assert.match(read(`deploy/kubernetes/${file}.yaml`), `image: ${image}:9.0.0\n`);
  assert.match(read('CHANGELOG.md'), /^## Unreleased\n\n## 9\.0\.0 \(\d{4}-\d\d-\d\d\)$/m);

  const check = run('check.ts', 'v9.0.0');
  assert.is(check.code, 0, check.output);
  assert.is(check.output.trim(), notes);
});

test('the guide has names of the version that can be copied, in each of its commands', () => {
  const guide = read('docs/operator.md');
  assert.not.match(guide, /OWNER|VERSION\b|\bREPOSITORY\b/);
  for (const text of [
    'git clone --branch v0.21.2 https://github.com/pdovhomilja/nextcrm-app.git nextcrm-new\n',
    'git clone https://github.com/Owner/App.js.git nextcrm-migrate\n',
    `cosign verify ${image}:9.0.0 `,
    String.raw`'^https://github\.com/Owner/App\.js/\.github/workflows/release\.yml@refs/tags/v'`,
    `oci://${image}:9.0.0 --repo Owner/App.js `,
    `${image}@sha256:`,
    'oci://ghcr.io/owner/charts/nextcrm-migrate`',
    'registry.example/nextcrm-migrate:',
  ])
    assert.ok(guide.includes(text), text);
});

test('the next one is prepared over it, and not without notes, nor twice', () => {
  assert.match(run('main.ts', '9.1.0', '--image', image).output, 'nothing under "Unreleased"');
  writeFileSync(join(clone, 'CHANGELOG.md'), read('CHANGELOG.md').replace('## Unreleased\n', '## Unreleased\n\n- One change.\n'));
  git('commit', '--quiet', '--all', '--message', 'Change');
  assert.match(run('main.ts', '9.0.0', '--image', image).output, 'exists');
  assert.match(run('main.ts', '8.9.9', '--image', image).output, 'not later');
  assert.is(run('main.ts', '9.1.0', '--image', 'registry.example:5000/nextcrm-migrate').code, 0);
  assert.match(read('deploy/kubernetes/job.yaml'), 'image: registry.example:5000/nextcrm-migrate:9.1.0\n');
  assert.is(notesOf(read('CHANGELOG.md'), '9.1.0'), '- One change.');
  assert.match(read('docs/operator.md'), 'cosign verify registry.example:5000/nextcrm-migrate:9.1.0 ');
  assert.is(run('check.ts', 'v9.1.0').code, 0);
  git('remote', 'set-url', 'origin', 'https://github.com/other/App.js');
  assert.match(run('check.ts', 'v9.1.0').output, 'docs/operator.md has another version, image or repository');
  assert.is(run('check.ts', 'v9.0.0').code, 1, 'the checkout has another version');
});

test('the image belongs to the owner of the repository', () => {
  for (const url of [
    'https://github.com/Owner/App.git',
    'git@github.com:Owner/App.git',
    'https://x:y@github.com/Owner/App',
    'ssh://git@github.com/Owner/App/',
  ])
    assert.is(repositoryOf(url), 'Owner/App', url);
  assert.is(imageOf('Owner/App'), 'ghcr.io/owner/nextcrm-migrate');
  for (const url of ['', 'https://gitlab.com/a/b', '/srv/git/a.git', 'https://github.com.example/a/b'])
    assert.is(repositoryOf(url), null, url);
});

test('versions are compared by their numbers', () => {
  for (const [one, other] of [
    ['1.10.0', '1.9.9'],
    ['2.0.0', '1.99.99'],
    ['0.1.1', '0.1.0'],
  ] as const) {
    assert.ok(isLater(one, other) && !isLater(other, one), `${one} ${other}`);
  }
  assert.not.ok(isLater('1.0.0', '1.0.0'));
});

test.run();
