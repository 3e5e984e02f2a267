/** scripts/fetch-nextcrm, in a scratch checkout and from a made-up repository. */
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { appRelease } from '../../support/app-release.ts';
import { suite } from '../../support/suite.ts';

const test = suite('scripts/fetch-nextcrm');
const script = readFileSync('scripts/fetch-nextcrm', 'utf8');
const version = basename(appRelease);
const read = [
  'LICENSE',
  'docker-compose.yml',
  'docker-entrypoint.sh',
  'prisma/migrations/0_init/migration.sql',
  'prisma/schema.prisma',
];

let scratch: string;
let repository: string;
const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim();

test.before(() => {
  scratch = mkdtempSync(join(tmpdir(), 'nextcrm-fetch-'));
  repository = join(scratch, 'app');
  for (const path of [...read, 'prisma/seeds/seed.ts', 'app/page.tsx']) write(join(repository, path), path);
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  for (const message of ['One', 'Two']) git(...who, 'commit', '--quiet', '--allow-empty', '--message', message);
});
test.after(() => rmSync(scratch, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
}

/** In a checkout of its own, with another pinned commit; what is in its .cache afterwards. */
function fetched(commit: string, ...args: readonly string[]) {
  const checkout = mkdtempSync(join(scratch, 'checkout-'));
  write(join(checkout, 'scripts/fetch-nextcrm'), script.replace(/^commit=.*$/m, `commit=${commit}`));
  const run = () => spawnSync('bash', ['scripts/fetch-nextcrm', ...args], { cwd: checkout, encoding: 'utf8' });
  const files = () => globSync('.cache/nextcrm/*/**', { cwd: checkout, withFileTypes: true }).filter((entry) => entry.isFile());
  const { status, stderr } = run();
  return { status, stderr, again: run, files: files().map((entry) => join(entry.parentPath, entry.name).split('/nextcrm/')[1]) };
}

test('it has the version that the tests look for, and a whole commit', () => {
  assert.match(script, `\nversion=${version}\n`);
  assert.match(script, /^commit=[0-9a-f]{40}$/m);
});

test('of an earlier commit what the tests read is brought, and nothing else; a second call asks nobody', () => {
  const { status, stderr, files, again } = fetched(git('rev-parse', 'HEAD~1'), repository);
  assert.is(status, 0, stderr);
  assert.equal(files.sort(), read.map((path) => `${version}/${path}`).sort());
  rmSync(join(repository, '.git/HEAD'));
  assert.is(again().status, 0);
  writeFileSync(join(repository, '.git/HEAD'), 'ref: refs/heads/main\n');
});

test('where the commit is missing nothing is left behind', () => {
  const { status, files } = fetched('0123456789abcdef0123456789abcdef01234567', repository);
  assert.is.not(status, 0);
  assert.equal(files, []);
});

test.run();
