import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Environment, type Need, readSettings } from '../../../src/config/settings.ts';
import { Failure } from '../../../src/failure.ts';
import { suite } from '../../support/suite.ts';

const test = suite('config/settings');
const both = { source: true, target: true } as const;
const mongo = 'mongodb://u:CANARY@h/d';
const postgres = 'postgresql://u:CANARY@h/d';

const folder = () => mkdtempSync(join(tmpdir(), 'settings-'));

function failureOf(env: Environment, need: Need = both, cwd = folder()): Failure {
  try {
    readSettings(env, cwd, need);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    assert.is(error.exit, 2);
    assert.is(error.cause, undefined, 'a cause may carry the URL');
    assert.not.match(`${error.message} ${error.next} ${error.stack}`, /CANARY/);
    return error;
  }
  throw new Error('the settings were taken');
}

test('both URLs and the default folder are read', () => {
  const cwd = folder();
  const { source, target, directory } = readSettings({ MONGODB_URL: mongo, DATABASE_URL: ` ${postgres}\n` }, cwd, both);
  assert.is(source.kind, 'server');
  assert.is(target.database, 'd');
  assert.is(directory, join(cwd, 'migration-data'));
});

test('MIGRATION_DIR is taken from the current folder', () => {
  assert.is(readSettings({ MIGRATION_DIR: 'x/y' }, '/somewhere', { source: false, target: false }).directory, '/somewhere/x/y');
  assert.is(readSettings({ MIGRATION_DIR: '/data' }, '/somewhere', { source: false, target: false }).directory, '/data');
});

test('NEXTCRM_PRISMA is a folder, taken from the current one; empty is as good as not set', () => {
  const none = { source: false, target: false } as const;
  assert.is(readSettings({ NEXTCRM_PRISMA: '../app/prisma' }, '/somewhere', none).appFolder, '/app/prisma');
  assert.is(readSettings({ NEXTCRM_PRISMA: '' }, '/somewhere', none).appFolder, null);
  assert.is(readSettings({}, '/somewhere', none).appFolder, null);
});

test('status needs no URL, whatever they hold', () => {
  const settings = readSettings({ MONGODB_URL: 'nonsense', DATABASE_URL: 'nonsense' }, folder(), {
    source: false,
    target: false,
  });
  assert.is(settings.source, null);
  assert.is(settings.target, null);
});

test('a source that is needed later is no problem while the target is fine', () => {
  const need = { source: 'later', target: true } as const;
  assert.is(readSettings({ DATABASE_URL: postgres }, folder(), need).source, null);
  assert.is(readSettings({ DATABASE_URL: postgres, MONGODB_URL: postgres }, folder(), need).source, null);
  assert.is(readSettings({ DATABASE_URL: postgres, MONGODB_URL: mongo }, folder(), need).source?.kind, 'server');
});

test('a source that is needed later is reported along with a problem of the target', () => {
  const { message } = failureOf({}, { source: 'later', target: true });
  assert.match(message, /MONGODB_URL is missing/);
  assert.match(message, /DATABASE_URL is missing/);
});

test('all problems are reported at once, numbered', () => {
  const { message, code } = failureOf({
    MIGRATION_BATCH: '5',
    MIGRATION_DIRECTORY: 'x',
    MONGODB_URL: 'mongodb://u:CANARY@h:0/d',
  });
  assert.is(code, 'SETTINGS_INVALID');
  assert.match(message, /4 settings are invalid/);
  assert.match(message, /1\. Unknown setting MIGRATION_BATCH\./);
  assert.match(message, /2\. Unknown setting MIGRATION_DIRECTORY\./);
  assert.match(message, /DATABASE_URL is missing/);
  assert.match(message, /MONGODB_URL contains a port that is out of range/);
});

test('a single problem is one sentence and what to do', () => {
  const { message, next } = failureOf({ MONGODB_URL: mongo });
  assert.is(message, 'DATABASE_URL is missing.');
  assert.match(next, /postgresql:\/\//);
});

test('an empty variable is a missing one', () => {
  assert.match(failureOf({ MONGODB_URL: mongo, DATABASE_URL: ' ' }).message, /DATABASE_URL is missing/);
});

test('a variable of a similar name is pointed out', () => {
  assert.match(failureOf({ MONGODB_URI: mongo, DATABASE_URL: postgres }).message, /MONGODB_URI is set, but is not read/);
});

test('a MongoDB URL in DATABASE_URL is reported with which variable is which', () => {
  const { message, next } = failureOf({ MONGODB_URL: mongo, DATABASE_URL: 'mongodb+srv://u:CANARY@h/d' });
  assert.is(message, 'DATABASE_URL contains a MongoDB URL.');
  assert.match(next, /MONGODB_URL is the source \(MongoDB\), DATABASE_URL is the target \(PostgreSQL\)/);
});

test('a PostgreSQL URL in MONGODB_URL is reported with which variable is which', () => {
  const { message, next } = failureOf({ MONGODB_URL: postgres, DATABASE_URL: postgres });
  assert.is(message, 'MONGODB_URL contains a PostgreSQL URL.');
  assert.match(next, /MONGODB_URL is the source/);
});

test('the two swapped are one problem', () => {
  const { message, next } = failureOf({ MONGODB_URL: postgres, DATABASE_URL: mongo });
  assert.is(message, 'MONGODB_URL and DATABASE_URL are swapped.');
  assert.match(next, /Swap/);
});

test('the value may stand in a file', () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'mongo'), `${mongo}\n`);
  writeFileSync(join(cwd, 'postgres'), `${postgres}\r\n`);
  const settings = readSettings({ MONGODB_URL_FILE: 'mongo', DATABASE_URL_FILE: join(cwd, 'postgres') }, cwd, both);
  assert.is(settings.source.kind, 'server');
  assert.is(settings.target.database, 'd');
});

test('a file that is absent, empty or a folder, and a value given twice, are refused', () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'empty'), '\n');
  assert.match(failureOf({ DATABASE_URL_FILE: 'absent' }, { source: false, target: true }, cwd).message, /absent cannot be read/);
  assert.match(failureOf({ DATABASE_URL_FILE: 'empty' }, { source: false, target: true }, cwd).message, /empty is empty/);
  assert.match(failureOf({ DATABASE_URL_FILE: '.' }, { source: false, target: true }, cwd).message, /cannot be read/);
  const twice = { DATABASE_URL_FILE: 'empty', DATABASE_URL: postgres };
  assert.match(failureOf(twice, { source: false, target: true }, cwd).message, /both set/);
});

test('.env is read, and overrides nothing that is set', () => {
  const cwd = folder();
  writeFileSync(
    join(cwd, '.env'),
    'MONGODB_URL="mongodb://u:CANARY@from-env-file/d"\nDATABASE_URL=postgresql://u:CANARY@from-env-file/d # note\n',
  );
  const env = { DATABASE_URL: postgres, MONGODB_URL: '' };
  const { source, target } = readSettings(env, cwd, both);
  assert.is(source.description, 'MongoDB at from-env-file');
  assert.is(target.host, 'h');
  assert.equal(env, { DATABASE_URL: postgres, MONGODB_URL: '' }, 'the environment itself stays as it was');
});

test('an unknown MIGRATION_ variable of .env is refused too', () => {
  const cwd = folder();
  writeFileSync(join(cwd, '.env'), 'MIGRATION_WORKERS=4\n');
  assert.match(failureOf({ MONGODB_URL: mongo, DATABASE_URL: postgres }, both, cwd).message, /Unknown setting MIGRATION_WORKERS/);
});

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

test('.env and secret files are read in the encodings that Windows writes, with a byte order mark', () => {
  const text = `MONGODB_URL=mongodb://from-e-file/d\r\nDATABASE_URL_FILE=secret\r\n`;
  for (const [env, secret] of [
    [utf16(text), utf16(`${postgres}\r\n`)],
    [utf16(text).swap16(), utf16(postgres).swap16()],
    [Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${postgres}`)],
  ] as const) {
    const cwd = folder();
    writeFileSync(join(cwd, '.env'), env);
    writeFileSync(join(cwd, 'secret'), secret);
    const { source, target } = readSettings({}, cwd, both);
    assert.is(source.description, 'MongoDB at from-e-file');
    assert.is(target.host, 'h');
  }
});

test('UTF-16 without a byte order mark is told, in .env and in a secret file', () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'secret'), Buffer.from(postgres, 'utf16le'));
  assert.match(failureOf({ DATABASE_URL_FILE: 'secret' }, { source: false, target: true }, cwd).message, /secret is not UTF-8/);
  writeFileSync(join(cwd, '.env'), Buffer.from('MONGODB_URL=x', 'utf16le'));
  assert.match(failureOf({}, both, cwd).message, /\.env in .* is not UTF-8 text/);
});

test('a .env that cannot be read is a problem, an absent one is not', () => {
  const cwd = folder();
  mkdirSync(join(cwd, '.env'));
  chmodSync(join(cwd, '.env'), 0);
  assert.match(failureOf({}, { source: false, target: false }, cwd).message, /\.env in .* cannot be read/);
});

test.run();
