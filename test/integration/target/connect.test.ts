/** What stands behind DATABASE_URL: TLS as it is asked for, ways to log in, servers that are no PostgreSQL, and errors of connecting. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import postgres from 'postgres';
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { openingFailure } from '../../../src/target/errors.ts';
import { openSession } from '../../../src/target/session.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { workplace } from '../../support/program.ts';
import { targetUrl, testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';
import { tlsServer } from '../../support/tls.ts';

const test = suite('connecting to PostgreSQL');
let database: TestDatabase;

test.before(async () => {
  database = await freshDatabase();
});
test.after(async () => {
  await database[Symbol.asyncDispose]();
});

const withParameters = (url: string, parameters: string) => Object.assign(new URL(url), { search: parameters }).href;

async function refusal(url: string): Promise<Failure> {
  const error = await openSession(targetUrl(url), 'test').then(
    (session) => session[Symbol.asyncDispose]().then(() => assert.unreachable('it should have failed')),
    (reason: unknown) => reason,
  );
  assert.instance(error, Failure, String(error));
  return error as Failure;
}

/** A server that sends `answers`, one for each message that it gets; what it is asked for by TLS it does not have. */
async function answering(...answers: readonly (string | Buffer)[]): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let messages = 0;
    socket.on('data', () => {
      const answer = answers[messages];
      messages += 1;
      if (answer !== undefined) socket.write(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    url: `postgresql://user:secret@127.0.0.1:${address.port}/database`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

for (const mode of ['require', 'verify-ca', 'verify-full']) {
  test(`sslmode=${mode}, and the server has no TLS: that is what is reported`, async () => {
    const failure = await refusal(withParameters(database.url, `sslmode=${mode}`));
    assert.equal([failure.code, failure.exit, failure.transient], ['TARGET_TLS', 4, false]);
    assert.match(failure.message, 'does not support TLS');
  });
}

test('sslmode=prefer without TLS on the server, and sslmode=disable, connect', async () => {
  for (const parameters of ['', 'sslmode=prefer', 'sslmode=allow', 'sslmode=disable']) {
    await using session = await testSession(withParameters(database.url, parameters));
    assert.equal(await session.query('select 1 as one'), [{ one: 1 }]);
  }
});

test('with TLS on the server, each mode connects as libpq does, and is encrypted', async () => {
  await using server = await tlsServer(database.url);
  const modes = ['', 'sslmode=prefer', 'sslmode=require', `sslmode=verify-full&sslcert=${server.certificate}`];
  for (const [index, parameters] of modes.entries()) {
    await using session = await testSession(server.through(database.url, parameters));
    assert.equal(await session.query('select 1 as one'), [{ one: 1 }]);
    // A second one looks whether a pooler stands between.
    assert.ok(server.encrypted > index, parameters);
  }
});

test('a certificate that nobody vouches for is reported as that', async () => {
  await using server = await tlsServer(database.url);
  const failure = await refusal(server.through(database.url, 'sslmode=verify-full'));
  assert.equal([failure.code, failure.exit], ['TARGET_TLS', 4]);
  assert.match(failure.message, 'DEPTH_ZERO_SELF_SIGNED_CERT');
});

const request = (code: number, more = '') => {
  const body = Buffer.from(more, 'latin1');
  const message = Buffer.alloc(9);
  message.write('R');
  message.writeUInt32BE(8 + body.length, 1);
  message.writeUInt32BE(code, 5);
  return Buffer.concat([message, body]);
};

for (const [name, message] of [
  ['gss', request(7)],
  ['sspi', request(9)],
  ['krb5', request(2)],
  ['OAUTHBEARER', request(10, 'OAUTHBEARER\0\0')],
] as const) {
  test(`a server that wants ${name} is told at once, and nothing is printed by the driver`, async () => {
    await using server = await answering('N', message);
    await using place = await workplace();
    const { exit, output } = await place.run([], { MONGODB_URL: 'file:///nowhere', DATABASE_URL: server.url });
    assert.is(exit, 4, output);
    assert.match(output, `authentication method ${name}`);
    assert.match(output, '(TARGET_LOGIN_UNSUPPORTED, exit code 4)');
    assert.not.match(output, /Postgres\.js|waiting for PostgreSQL/);
  });
}

/** An error of the server, before any login. */
const fatal = (sqlState: string, text: string) => {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};

test('a server that takes encrypted connections only says so as one that refuses the login: what helps is told', async () => {
  await using server = await answering(fatal('28000', 'no pg_hba.conf entry for host "192.0.2.1", user "user", no encryption'));
  const failure = await refusal(withParameters(server.url, 'sslmode=disable'));
  assert.equal([failure.code, failure.exit], ['TARGET_LOGIN_REFUSED', 4]);
  assert.match(failure.next, 'sslmode=require');
});

test('a host without a route is told with IPv6 as a possible reason', () => {
  for (const code of ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL']) {
    const failure = openingFailure(Object.assign(new Error(`connect ${code}`), { code }), 'db.example:5432/nextcrm') as Failure;
    assert.equal([failure.code, failure.transient], ['TARGET_UNREACHABLE', true]);
    assert.match(failure.next, 'IPv6');
  }
});

const http = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';
const mysql = Buffer.from([0x4a, 0, 0, 0, 0x0a, ...Buffer.from('8.0.36\0')]);
for (const [name, answers, parameters] of [
  ['HTTP', [http], ''],
  ['HTTP, without TLS', [http], 'sslmode=disable'],
  ['MySQL', [mysql], 'sslmode=disable'],
  ['SSH', ['SSH-2.0-OpenSSH_9.6\r\n'], 'sslmode=disable'],
  ['one letter', ['x'], 'sslmode=disable'],
] as const) {
  test(`${name} behind the port is reported at once`, async () => {
    await using server = await answering(...answers);
    await using place = await workplace();
    const { exit, output } = await place.run([], {
      MONGODB_URL: 'file:///nowhere',
      DATABASE_URL: withParameters(server.url, parameters),
    });
    assert.is(exit, 4, output);
    assert.match(output, '(TARGET_NOT_POSTGRES, exit code 4)');
    assert.not.match(output, /Postgres\.js|waiting for PostgreSQL/);
  });
}

test('the path of a socket that is too long is an error of connecting, and is not waited for', async () => {
  const folder = encodeURIComponent(`/tmp/${'x'.repeat(120)}`);
  const failure = await refusal(`postgresql://user@localhost/database?host=${folder}`);
  assert.equal([failure.code, failure.exit, failure.transient], ['TARGET_UNREACHABLE', 4, false]);
  assert.match(failure.next, '107 bytes');
});

test('a socket that does not exist may still come', async () => {
  const failure = await refusal('postgresql://user@localhost/database?host=%2Fnowhere%2Fat%2Fall');
  assert.equal([failure.code, failure.exit, failure.transient], ['TARGET_UNREACHABLE', 4, true]);
});

/** No-break space, decomposed letters, a ligature, a wide letter; and what the profile prohibits, which stays as it is. */
const passwords = [
  'a\u00a0b',
  'cafe\u0301',
  '\ufb01le',
  '\uff21',
  'x\u00ady',
  '\u2168\u0007',
  'p\u00e4ss w\u00f6rd',
  'smile \u{1f600}',
];

test('passwords that SASLprep changes, and those that it leaves, log in', async () => {
  const admin = postgres(database.url, { max: 1, onnotice: () => undefined });
  try {
    for (const [index, password] of passwords.entries()) {
      const role = `prepared_${index}_${process.pid}`;
      await admin.unsafe(`create role "${role}" login password '${password}'`);
      const url = Object.assign(new URL(database.url), { username: role, password: encodeURIComponent(password) });
      try {
        await using session = await testSession(url.href);
        assert.equal(await session.query('select current_user::text as name'), [{ name: role }]);
      } finally {
        await admin.unsafe(`drop role "${role}"`);
      }
    }
  } finally {
    await admin.end();
  }
});

test.run();
