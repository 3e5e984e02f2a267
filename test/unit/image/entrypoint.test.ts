/** The image's entry point, with stand-ins for pg_isready and the program that record how they were called. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';

const test = suite('entrypoint.sh');

interface Call {
  /** What pg_isready was asked for, one call a line. */
  readonly asked: readonly string[];
  readonly output: string;
  readonly status: number | null;
}

interface Server {
  /** The exit codes of the calls of pg_isready, in order; the last one repeats. */
  readonly ready: readonly number[];
  /** What each call takes, in whole seconds. */
  readonly seconds?: number;
}

function call(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  { ready, seconds = 0 }: Server = { ready: [0] },
): Call {
  const folder = mkdtempSync(join(tmpdir(), 'nextcrm-test-'));
  try {
    const log = join(folder, 'asked');
    writeFileSync(log, '');
    program(folder, 'main.ts', 'echo "program $*"');
    const script = join(folder, 'entrypoint.sh');
    writeFileSync(script, readFileSync('entrypoint.sh', 'utf8').replace('/app/src/main.ts', join(folder, 'main.ts')));
    // A clock that moves by what is waited for alone.
    const clock = join(folder, 'clock');
    writeFileSync(clock, '1000');
    const passes = (duration: string) => `echo $(($(cat ${clock}) + ${duration})) > ${clock}`;
    program(folder, 'sleep', passes('$1'));
    program(folder, 'date', `cat ${clock}`);
    const codes = ready.map((code, index) => `[ "$n" -eq ${index + 1} ] && exit ${code}`).join('\n');
    program(
      folder,
      'pg_isready',
      `echo "$*" >> ${log}\n${passes(String(seconds))}\nn=$(grep -c . ${log})\n${codes}\nexit ${ready.at(-1)}`,
    );
    const env = { PATH: `${folder}:/usr/bin:/bin`, ...environment };
    const { status, stdout, stderr } = spawnSync('sh', [script, ...args], { env, encoding: 'utf8' });
    return { asked: readFileSync(log, 'utf8').split('\n').filter(Boolean), output: stdout + stderr, status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function program(folder: string, name: string, body: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

const urls: readonly (readonly [given: string, asked: string])[] = [
  ['postgresql://crm:s3cret@db:5432/nextcrm', 'postgresql://crm@db:5432/nextcrm'],
  ['postgres://crm:p%40ss@db/nextcrm?schema=public&connection_limit=5&pgbouncer=true', 'postgresql://crm@db/nextcrm'],
  ['postgresql://crm:a@b@[::1]:6000/x?sslmode=require', 'postgresql://crm@[::1]:6000/x'],
  ['postgresql://db', 'postgresql://postgres@db'],
  [
    'postgresql:///x?host=/var/run/postgresql&port=5433&password=s3cret',
    'postgresql://postgres@/x?host=/var/run/postgresql&port=5433',
  ],
];

for (const [given, asked] of urls) {
  test(`asks ${asked} without password and without Prisma's parameters`, () => {
    assert.equal(call([], { DATABASE_URL: given }).asked, [`--quiet --timeout=1 --dbname=${asked}`]);
  });
}

test('becomes the program with the arguments as they are', () => {
  assert.match(call(['accept', 'an ID'], { DATABASE_URL: 'postgresql://db/x' }).output, /^program accept an ID$/m);
});

test('waits until the server accepts connections, and says so once', () => {
  const { asked, output } = call(['verify'], { DATABASE_URL: 'postgresql://db/x' }, { ready: [2, 1, 1, 0] });
  assert.is(asked.length, 4);
  assert.equal(output.match(/waiting for PostgreSQL/g)?.length, 1);
});

test('waits no less than a minute by a clock of whole seconds, and leaves the telling to the program', () => {
  const { asked, output } = call([], { DATABASE_URL: 'postgresql://db/x' }, { ready: [2] });
  // Sixty sleeps are less than a minute where the clock was read late in its second.
  assert.is(asked.length, 1 + 61);
  assert.match(output, /program/);
});

test('waits a minute however long each question takes', () => {
  assert.is(call([], { DATABASE_URL: 'postgresql://db/x' }, { ready: [2], seconds: 5 }).asked.length, 11);
});

test('does not wait for what libpq refuses', () => {
  assert.is(call([], { DATABASE_URL: 'postgresql://db:port/x' }, { ready: [3] }).asked.length, 1);
});

for (const [name, args, environment] of [
  ['status', ['status'], { DATABASE_URL: 'postgresql://db/x' }],
  ['accept, which may be given a wrong ID', ['accept', 'ID'], { DATABASE_URL: 'postgresql://db/x' }],
  ['an unknown command', ['frobnicate'], { DATABASE_URL: 'postgresql://db/x' }],
  ['a missing URL', [], {}],
  ['a MongoDB URL', [], { DATABASE_URL: 'mongodb://db/x' }],
  ['a secret that cannot be read', [], { DATABASE_URL_FILE: '/nowhere/secret' }],
] as const) {
  test(`asks no server for ${name}`, () => {
    const { asked, output } = call(args, environment);
    assert.equal(asked, []);
    assert.match(output, /^program /);
  });
}

test('reads DATABASE_URL_FILE', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nextcrm-test-'));
  try {
    writeFileSync(join(folder, 'url'), 'postgresql://crm:s3cret@db/x\n');
    const { asked } = call([], { DATABASE_URL_FILE: join(folder, 'url') });
    assert.equal(asked, ['--quiet --timeout=1 --dbname=postgresql://crm@db/x']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
