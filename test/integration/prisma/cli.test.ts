import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import * as assert from 'uvu/assert';
import { exitCodes, Failure } from '../../../src/failure.ts';
import { deploy, runIn, status } from '../../../src/prisma/cli.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { appFolder, deployFrom } from '../../support/prisma.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the Prisma CLI');
const password = 'p@ss word/%';
const encoded = encodeURIComponent(password);

async function refusal(url: string): Promise<Failure> {
  return deploy({ url }).then(
    () => assert.unreachable('deploy was expected to fail') as never,
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      return error;
    },
  );
}

const allOf = (failure: Failure) => `${failure.message} ${failure.next} ${failure.stack}`;
const withoutPassword = (text: string) => [password, encoded].every((secret) => !text.includes(secret));

test('a server that cannot be reached is a failure of the target, for another try, without the password', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const address = closed.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => closed.close(resolve));
  const failure = await refusal(`postgresql://someone:${encoded}@127.0.0.1:${port}/nextcrm`);
  assert.is(failure.exit, exitCodes.target);
  assert.ok(failure.transient);
  assert.match(failure.message, `Can't reach database server at \`127.0.0.1:${port}\``);
  assert.ok(withoutPassword(allOf(failure)));
});

test('a login that is refused and a database that is missing are reported in words, without the password', async () => {
  await using database = await freshDatabase({ password });
  const { host, pathname } = new URL(database.url);
  const login = await refusal(`postgresql://no_such_user:${encoded}@${host}${pathname}`);
  // By which of the two depends on how the server checks logins.
  assert.match(login.message, /denied access|Authentication failed/);
  const missing = new URL(database.url);
  missing.pathname = '/no_such_database';
  const absent = await refusal(missing.href);
  assert.match(absent.message, '`no_such_database` does not exist');
  for (const failure of [login, absent]) {
    assert.is(failure.exit, exitCodes.target);
    assert.not(failure.transient);
    assert.ok(withoutPassword(allOf(failure)));
  }
});

test('what the CLI prints names neither user nor password, even while it debugs', async () => {
  await using database = await freshDatabase({ password });
  const url = new URL(database.url);
  process.env['DEBUG'] = '*';
  try {
    const { stdout, stderr, exitCode } = await status({ url: url.href });
    assert.is(exitCode, 1);
    assert.ok(withoutPassword(stdout + stderr));
    assert.not.match(stdout + stderr, `${url.username}@`);
  } finally {
    delete process.env['DEBUG'];
  }
});

const withProc = test.unless(process.platform === 'linux' ? null : 'needs /proc');

withProc('no argument of any process carries the password', async () => {
  await using database = await freshDatabase({ password });
  const url = new URL(database.url);
  await using gate = await testSession(database.url);
  await gate.script('select pg_advisory_lock(72707369)');
  await using watcher = await testSession(database.url);
  await using folder = await appFolder({ '0_later': 'select 1' });
  const stop = new AbortController();
  const running = runIn(folder.path, ['migrate', 'deploy'], { url: url.href, signal: stop.signal });
  const waiting = `select from pg_stat_activity where application_name = 'nextcrm-migrate schema engine' and wait_event = 'advisory' and datname = current_database()`;
  while ((await watcher.query(waiting)).length === 0);
  const seen = await commandLines();
  stop.abort(new Error('seen enough'));
  await running.catch(() => undefined);
  assert.ok(seen.some((line) => line.includes('schema-engine.ts')));
  assert.ok(seen.every(withoutPassword));
});

test('a migration that fails leaves nothing of itself and is named with its reason', async () => {
  await using database = await freshDatabase();
  await using session = await testSession(database.url);
  await using folder = await appFolder({
    '0_bad': `create table first (id int); select ';'; create table second (id nonsense);`,
  });
  const { exitCode, stderr } = await deployFrom(folder.path, database.url);
  assert.is(exitCode, 1);
  assert.match(stderr, 'type "nonsense" does not exist');
  assert.equal(await session.query(`select from pg_class where relname in ('first', 'second')`), []);
});

test('an aborted signal ends a deploy with its reason before anything starts', async () => {
  const reason = new Error('enough');
  await deploy({ url: 'postgresql://a@127.0.0.1:1/b', signal: AbortSignal.abort(reason) }).then(
    () => assert.unreachable(),
    (error: unknown) => assert.is(error, reason),
  );
});

async function commandLines(): Promise<readonly string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.map((line) => line.replaceAll('\0', ' '));
}

test.run();
