import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseTargetUrl, type TargetUrl } from '../../../src/config/target-url.ts';
import { suite } from '../../support/suite.ts';

const test = suite('config/target-url');
const cwd = mkdtempSync(join(tmpdir(), 'target-url-'));
writeFileSync(join(cwd, 'ca.pem'), 'a certificate');

function read(text: string): TargetUrl {
  const parsed = parseTargetUrl(text, cwd);
  if ('problem' in parsed) throw new Error(parsed.problem.what);
  return parsed.value;
}

function problemOf(text: string): string {
  const parsed = parseTargetUrl(text, cwd);
  if ('value' in parsed) throw new Error(`${text} was taken`);
  return `${parsed.problem.what} ${parsed.problem.next}`;
}

test('a URL is read into its parts', () => {
  const { host, port, database, user, password, tls, socketPath, description } = read(
    'postgresql://nextcrm:pw@db.example.org:5433/crm?schema=public',
  );
  assert.equal(
    { host, port, database, user, password },
    { host: 'db.example.org', port: 5433, database: 'crm', user: 'nextcrm', password: 'pw' },
  );
  assert.is(tls, 'prefer');
  assert.is(socketPath, null);
  assert.is(description, 'db.example.org:5433/crm');
});

test('both schemes, in any case, and the default port are taken', () => {
  assert.is(read('postgres://u@h/d').port, 5432);
  assert.is(read('POSTGRES://u@h:/d').port, 5432);
});

test('percent-encoded user, password and database are decoded, and encoded again for the engine', () => {
  const target = read('postgresql://us%40er:p%40%2F%3A%23%3F%25w%20%C3%A9@h/my%20db');
  assert.is(target.user, 'us@er');
  assert.is(target.password, 'p@/:#?%w é');
  assert.is(target.database, 'my db');
  const again = read(target.url);
  assert.equal(again, target);
});

test('a raw @ in the password belongs to the password', () => {
  assert.is(read('postgresql://u:p@ss@h/d').password, 'p@ss');
});

test('an IPv6 address loses its brackets, and has them for people and the engine', () => {
  const target = read('postgresql://u:p@[::1]:5432/d');
  assert.is(target.host, '::1');
  assert.is(target.description, '[::1]:5432/d');
  assert.equal(read(target.url), target);
  assert.match(problemOf('postgresql://u:p@::1/d'), /IPv6 address in brackets/);
  assert.match(problemOf('postgresql://u:p@[nonsense]/d'), /not an IPv6 address/);
});

test('a Unix socket is given by its folder, as a parameter or encoded as the host, and is never encrypted', () => {
  for (const text of [
    'postgresql://u@localhost:5433/d?host=/var/run/postgresql&sslmode=require',
    'postgresql://u@%2Fvar%2Frun%2Fpostgresql:5433/d',
  ]) {
    const target = read(text);
    assert.is(target.host, '/var/run/postgresql');
    assert.is(target.socketPath, '/var/run/postgresql/.s.PGSQL.5433');
    assert.is(target.tls, false);
    assert.is(read(target.url).socketPath, target.socketPath);
  }
  assert.is(read('postgresql://u@/d?host=/run').socketPath, '/run/.s.PGSQL.5432');
});

test('each sslmode asks of TLS what libpq means by it', () => {
  const tls = (query: string) => read(`postgresql://u@h.example/d?${query}`).tls;
  assert.is(tls('sslmode=disable'), false);
  assert.is(tls('sslmode=allow'), 'prefer');
  assert.is(tls('sslmode=prefer'), 'prefer');
  assert.equal(tls('sslmode=require'), { rejectUnauthorized: false, servername: 'h.example' });
  assert.equal(tls('sslmode=verify-full'), { rejectUnauthorized: true, servername: 'h.example' });
  assert.equal(tls('sslmode=verify-full&sslcert=ca.pem'), {
    rejectUnauthorized: true,
    ca: 'a certificate',
    servername: 'h.example',
  });
  const chain = tls('sslmode=verify-ca&sslcert=ca.pem');
  if (typeof chain !== 'object') throw new Error('expected options');
  assert.is(chain.rejectUnauthorized, true);
  assert.is(chain.ca, 'a certificate');
  assert.is(chain.checkServerIdentity?.('another', {} as never), undefined);
});

test('require with a certificate of the server checks the chain, as libpq does', () => {
  const { tls } = read('postgresql://u@h/d?sslmode=require&sslcert=ca.pem');
  assert.is(typeof tls === 'object' && tls.rejectUnauthorized, true);
});

test('an address is compared with the certificate by host, not by server name', () => {
  assert.equal(read('postgresql://u@10.0.0.1/d?sslmode=verify-full').tls, { rejectUnauthorized: true, host: '10.0.0.1' });
});

test('a certificate file that cannot be read is named as sslcert', () => {
  assert.match(problemOf('postgresql://u@h/d?sslmode=require&sslcert=absent.pem'), /sslcert cannot be read/);
});

test('connect_timeout counts seconds, and 0 is the longest there is', () => {
  assert.is(read('postgresql://u@h/d').connectTimeoutSeconds, 10);
  assert.is(read('postgresql://u@h/d?connect_timeout=3').connectTimeoutSeconds, 3);
  assert.is(read('postgresql://u@h/d?connect_timeout=0').connectTimeoutSeconds, 3600);
  assert.match(problemOf('postgresql://u@h/d?connect_timeout=soon'), /connect_timeout/);
});

test("parameters of the app's pool are ignored, and do not reach the engine", () => {
  const query = 'connection_limit=5&pool_timeout=2&pgbouncer=true&statement_cache_size=0&socket_timeout=3';
  assert.not.match(read(`postgresql://u@h/d?${query}`).url, /pool|limit|pgbouncer|cache|socket/);
});

test('another parameter, another schema and an unknown sslmode are refused by name', () => {
  assert.match(problemOf('postgresql://u@h/d?application_name=x'), /parameter application_name/);
  assert.match(problemOf('postgresql://u@h/d?channel_binding=require'), /parameter channel_binding.*the app can keep it/);
  assert.match(problemOf('postgresql://u@h/d?sslrootcert=x'), /sslcert=FILE/);
  assert.match(problemOf('postgresql://u@h/d?schema=crm'), /schema other than public/);
  assert.match(problemOf('postgresql://u@h/d?sslmode=strict'), /unknown sslmode/);
});

test('a database name may have an encoded slash', () => {
  const target = read('postgresql://u@h/next%2Fcrm');
  assert.is(target.database, 'next/crm');
  assert.is(read(target.url).database, 'next/crm');
});

test('a parameter that is there twice with two values is refused, with one value it is not', () => {
  assert.match(problemOf('postgresql://u@h/d?sslmode=require&sslmode=disable'), /sslmode twice/);
  assert.match(problemOf('postgresql://u@h/d?host=a&host=b'), /host twice/);
  assert.is(read('postgresql://u@h/d?sslmode=disable&sslmode=disable').tls, false);
});

for (const [text, expected] of [
  ['h/d', /not a URL/],
  ['"postgresql://u@h/d"', /quotation mark/],
  ['mysql://u@h/d', /not a PostgreSQL URL/],
  ['postgresql://u@h', /contains no database name/],
  ['postgresql://u@h/', /contains no database name/],
  ['postgresql://u@h/a/b', /slash/],
  ['postgresql://h/d', /contains no user/],
  ['postgresql://u@/d', /contains no host/],
  ['postgresql://u@h:0/d', /port that is out of range/],
  ['postgresql://u@h:65536/d', /port that is out of range/],
  ['postgresql://u@h:port/d', /port that is not a number/],
  ['postgresql://u@h1:5432,h2:5432/d', /several hosts/],
  ['postgresql://u:50%@h/d', /invalid percent-encoding/],
  ['postgresql://u:%00@h/d', /NUL/],
] as const) {
  test(`${text} is refused with its reason`, () => assert.match(problemOf(text), expected));
}

test('no message shows a password, wherever its special characters tear the URL apart', () => {
  for (const text of [
    'postgresql://u:CANARY@h/d?surprise=1',
    'postgresql://u:CANARY/CANARY@h/d',
    'postgresql://u:12/CANARY@h/d',
    'postgresql://u:12?CANARY@h/d',
    'postgresql://u:12?CANARY=x@h/d',
    'postgresql://u:12#CANARY@h/d',
    'postgresql://u:CANARY%@h/d',
    'postgresql://u:CANARY/d',
    'postgresql://u:CANARY@h:CANARY/d',
    'postgresql://CANARY:CANARY@h',
    'CANARY:CANARY@h/d',
    'mysql://u:CANARY@h/d',
    'postgresql://u:CANARY@/d',
    'postgresql://u:CANARY@h/d?sslmode=CANARY&sslcert=CANARY',
    'postgresql://u:CANARY@h/d?CANARY!=1',
  ]) {
    assert.not.match(problemOf(text), /CANARY/, text);
  }
  assert.not.match(read('postgresql://u:CANARY@h/d').description, /CANARY/);
});

test.run();
