/** The backup before NextCRM's migrations, with a stand-in for pg_dump that shows what it was given, and with the real one where it is. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { type Backup, backUp, backupFile, formerBackup, restoreCommand } from '../../../src/backup/pg-dump.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { targetUrl, testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the backup with pg_dump');
const path = process.env['PATH'] ?? '';
const password = 'CANARY:word';
let database: TestDatabase;
let folder: string;

test.before(async () => {
  database = await freshDatabase({ password });
});
test.after(async () => {
  await database[Symbol.asyncDispose]();
});
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-'));
});
test.afterEach(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
});

async function made(target = targetUrl(database.url)): Promise<Backup> {
  await using session = await testSession(database.url);
  return await backUp({ session, target, directory: folder, signal: new AbortController().signal });
}

/** It writes its arguments and environment into the file that it is told. */
async function standIn({ version = '99.1', exit = 0, said = '' } = {}): Promise<void> {
  const bin = await mkdtemp(join(folder, 'bin-'));
  const script = `#!/bin/sh
if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) ${version} (Debian ${version}-1)"; exit 0; fi
for argument in "$@"; do case $argument in --file=*) file=\${argument#--file=};; esac; done
{ printf '%s\\n' "$@"; env; } > "$file"
printf '%s\\n' '${said}' second >&2
exit ${exit}
`;
  await writeFile(join(bin, 'pg_dump'), script);
  await chmod(join(bin, 'pg_dump'), 0o755);
  process.env['PATH'] = [bin, path].join(delimiter);
}

const why = (backup: Backup) => (backup.made ? 'it was made' : backup.why);
const files = async () => (await readdir(folder)).filter((name) => !name.startsWith('bin-'));

test('is in custom format, readable for its owner alone, and the password is on no command line', async () => {
  await standIn();
  const backup = await made();
  assert.ok(backup.made, why(backup));
  assert.is(backup.file, backupFile);
  assert.equal(await files(), [backupFile]);
  assert.is((await stat(join(folder, backupFile))).mode & 0o777, 0o600);
  const [argumentLines, environment] = (await readFile(join(folder, backupFile), 'utf8')).split(/\n(?=[A-Z_]+=)/, 2);
  assert.match(argumentLines ?? '', /^--format=custom\n/);
  assert.not.match(argumentLines ?? '', /CANARY/);
  assert.match(await readFile(join(folder, backupFile), 'utf8'), `PGPASSWORD=${password}\n`);
  assert.ok(environment !== undefined);
});

test('replaces an earlier one', async () => {
  await writeFile(join(folder, backupFile), 'old');
  await standIn();
  assert.ok((await made()).made);
  assert.not.match(await readFile(join(folder, backupFile), 'utf8'), /^old/);
});

test('is not made without a client, by an older one, or where it fails, and leaves nothing half', async () => {
  process.env['PATH'] = folder;
  assert.match(why(await made()), /there is no pg_dump/);
  await standIn({ version: '15.18' });
  assert.match(why(await made()), /pg_dump is version 15, and the server is version \d+/);
  await standIn({ exit: 3 });
  assert.match(why(await made()), /exit code 3/);
  assert.equal(await files(), []);
});

test('the first line of what pg_dump says is kept, without a password', async () => {
  await standIn({ exit: 1, said: `pg_dump: error: refused ${password}` });
  const backup = await made();
  assert.is(backup.made ? '' : backup.said, 'pg_dump: error: refused ***');
});

test('one that an earlier process made is found', async () => {
  assert.is(await formerBackup(folder), null);
  await standIn();
  assert.equal(await made(), await formerBackup(folder));
});

test('verify-ca without a certificate gives libpq the authorities that Node knows, since "system" needs verify-full', async () => {
  await standIn();
  const target = targetUrl(database.url);
  const url = new URL(target.url);
  url.searchParams.set('sslmode', 'verify-ca');
  assert.ok((await made({ ...target, url: url.href })).made);
  const text = await readFile(join(folder, backupFile), 'utf8');
  assert.match(text, 'PGSSLMODE=verify-ca\n');
  assert.match(text, `PGSSLROOTCERT=${join(folder, backupFile)}.authorities\n`);
  assert.equal(await files(), [backupFile]);
});

async function realMissing(): Promise<string | null> {
  const { stdout } = await execa('pg_dump', ['--version'], { reject: false });
  const version = Number(/\b(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
  return version >= 16 ? null : 'pg_dump of version 16 or later is not there';
}

test.unless(await realMissing())('can be restored by the command that the report gives', async () => {
  {
    await using session = await testSession(database.url);
    await session.script('create table "kept" (n integer); insert into "kept" values (1)');
  }
  const backup = await made();
  assert.ok(backup.made, why(backup));
  await using empty = await freshDatabase();
  const { hostname, port, username, password: secret, pathname } = new URL(empty.url);
  const values: readonly (readonly [string, string])[] = [
    ['5432', port || '5432'],
    ['HOST', hostname],
    ['USER', username],
    ['EMPTY_DATABASE', pathname.slice(1)],
    ["'PASSWORD'", `'${decodeURIComponent(secret)}'`],
  ];
  let command = restoreCommand;
  for (const [word, value] of values) {
    assert.ok(command.includes(word), word);
    command = command.replace(word, () => value);
  }
  await execa('sh', ['-euc', command], { cwd: folder });
  await using session = await testSession(empty.url);
  assert.equal(await session.query('select n from "kept"'), [{ n: 1 }]);
});

test.run();
