import { createServer, type Socket } from 'node:net';
import { MongoClient } from 'mongodb';
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { openSource } from '../../../src/source/open.ts';
import { type MongoServer, mongoServer, mongoUnavailable } from '../../support/mongo.ts';
import { withoutHello } from '../../support/older-mongo.ts';
import { suite } from '../../support/suite.ts';

const test = suite('connecting to a server');
const signal = new AbortController().signal;
const password = 'g:e/h@e?im#%';

async function opening(url: string): Promise<Failure> {
  const error = await openSource(url, { signal }).then(
    (source) => source[Symbol.asyncDispose]().then(() => assert.unreachable('it should have failed')),
    (reason: unknown) => reason,
  );
  assert.instance(error, Failure);
  const failure = error as Failure;
  assert.ok(failure.next.length > 20);
  return failure;
}

/** Listens, and does `answer` to each connection. */
async function listening(answer: (socket: Socket) => void): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    port: address.port,
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const soon = 'serverSelectionTimeoutMS=700&connectTimeoutMS=300';
const secret = encodeURIComponent(password);

test('a port where nothing listens is unreachable, and that may pass', async () => {
  const failure = await opening(`mongodb://root:${secret}@127.0.0.1:1/nextcrm?${soon}`);
  assert.equal([failure.code, failure.exit, failure.transient], ['SOURCE_UNREACHABLE', 3, true]);
  assert.match(failure.message, '127.0.0.1:1');
  assert.match(failure.message, 'refused');
  for (const text of [failure.message, failure.next]) assert.not.match(text, /root|g:e|g%3A/);
});

test('a Unix socket that does not exist is unreachable: no certificate is meant', async () => {
  for (const path of ['/nowhere/mongodb-27017.sock', `/tmp/${'x'.repeat(120)}.sock`]) {
    const failure = await opening(`mongodb://${encodeURIComponent(path)}/nextcrm?${soon}`);
    assert.equal([failure.code, failure.exit], ['SOURCE_UNREACHABLE', 3]);
    assert.match(failure.message, 'Unix socket');
  }
});

test('a host whose name nobody knows is reported as that', async () => {
  const failure = await opening(`mongodb://no-such-host.invalid/nextcrm?${soon}`);
  assert.equal([failure.code, failure.exit], ['SOURCE_HOST_UNKNOWN', 3]);
});

test('a name without SRV records is reported as that', async () => {
  const failure = await opening(`mongodb+srv://root:${secret}@no-such-host.invalid/nextcrm?${soon}`);
  assert.equal([failure.code, failure.exit], ['SOURCE_HOST_UNKNOWN', 3]);
  assert.not.match(failure.message, /root|g:e|g%3A/);
});

test('a server that never answers is a timeout', async () => {
  await using silent = await listening(() => undefined);
  const failure = await opening(`mongodb://127.0.0.1:${silent.port}/nextcrm?${soon}`);
  assert.equal([failure.code, failure.exit, failure.transient], ['SOURCE_TIMEOUT', 3, true]);
});

test('a server that hangs up is unreachable, with TLS as a possible reason', async () => {
  await using rude = await listening((socket) => socket.destroy());
  const failure = await opening(`mongodb://127.0.0.1:${rude.port}/nextcrm?${soon}`);
  assert.is(failure.code, 'SOURCE_UNREACHABLE');
  assert.match(failure.message, 'TLS');
});

test('TLS with a server that speaks none is a failure of TLS', async () => {
  await using plain = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const failure = await opening(`mongodb://127.0.0.1:${plain.port}/nextcrm?tls=true&${soon}`);
  assert.equal([failure.code, failure.exit], ['SOURCE_TLS', 3]);
});

test('the alert by which Atlas refuses an address is told as that', async () => {
  await using atlas = await listening((socket) => socket.once('data', () => socket.end(Buffer.from('15030300020250', 'hex'))));
  const failure = await opening(`mongodb://127.0.0.1:${atlas.port}/nextcrm?tls=true&${soon}`);
  assert.equal([failure.code, failure.exit], ['SOURCE_TLS', 3]);
  assert.match(failure.next, 'Network Access');
});

test('an option that the driver does not take is named, the password is not', async () => {
  const failure = await opening(`mongodb://root:${secret}@127.0.0.1/nextcrm?nonsense=1`);
  assert.equal([failure.code, failure.exit], ['SOURCE_URL_INVALID', 2]);
  assert.match(failure.message, 'nonsense');
  const quoting = await opening(`mongodb://root:${secret}@127.0.0.1/nextcrm?authMechanism=${secret}`);
  assert.not.match(quoting.message, password);
});

test('sizes of the pool that an application needs are taken; those that contradict each other are a matter of the URL', async () => {
  assert.is((await opening(`mongodb://127.0.0.1:1/nextcrm?minPoolSize=50&${soon}`)).code, 'SOURCE_UNREACHABLE');
  const failure = await opening(`mongodb://root:${secret}@127.0.0.1:1/nextcrm?minPoolSize=50&maxPoolSize=10&${soon}`);
  assert.equal([failure.code, failure.exit], ['SOURCE_URL_INVALID', 2]);
  assert.match(failure.message, /pool minimum size/);
});

test('a certificate file that is not there is a matter of the URL', async () => {
  const failure = await opening('mongodb://127.0.0.1/nextcrm?tls=true&tlsCAFile=/no/such/file.pem');
  assert.equal([failure.code, failure.exit], ['SOURCE_URL_FILE', 2]);
});

test('what is no URL is refused without being shown', async () => {
  const failure = await opening(`mongo://root:${secret}@127.0.0.1/nextcrm`);
  assert.is(failure.exit, 2);
  assert.not.match(failure.message, /root|g:e|g%3A/);
});

test('an aborted signal ends the connecting with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('stop');
  await using silent = await listening(() => controller.abort(reason));
  const error = await openSource(`mongodb://127.0.0.1:${silent.port}/nextcrm`, { signal: controller.signal }).catch(
    (thrown: unknown) => thrown,
  );
  assert.is(error, reason);
});

function addLoginTests(server: MongoServer): void {
  const as = (user: string, secretText: string, database: string | null = 'nextcrm') =>
    server.urlOf(database).replace(/\/\/[^@]*@/, `//${user}:${encodeURIComponent(secretText)}@`);

  /** `more`: options behind the mechanism's. */
  const by = (mechanism: string, login = '', more: Readonly<Record<string, string>> = {}) => {
    const [place = '', options] = server
      .urlOf('nextcrm')
      .replace(/\/\/[^@]*@/, `//${login}`)
      .split('?');
    const all = new URLSearchParams(options);
    for (const [name, value] of Object.entries({ authSource: '$external', authMechanism: mechanism, ...more }))
      all.set(name, value);
    return `${place}?${all}&${soon}`;
  };

  test('a right login opens, and no secret is in the description', async () => {
    const source = await openSource(server.urlOf('nextcrm'), { signal });
    assert.is(source.database, 'nextcrm');
    assert.not.match(source.description, /root|g:e|g%3A/);
    await source[Symbol.asyncDispose]();
  });

  test('a server of before 4.4.2, which does not know "hello", is read', async () => {
    await using older = await withoutHello(server.urlOf('nextcrm'));
    const source = await openSource(older.through(server.urlOf('nextcrm')), { signal });
    assert.is(source.database, 'nextcrm');
    await source[Symbol.asyncDispose]();
    assert.ok(older.refused() > 0);
  });

  test('a wrong password and a wrong user are refused logins', async () => {
    for (const url of [as('root', 'wrong'), as('nobody', password)]) {
      const failure = await opening(url);
      assert.equal([failure.code, failure.exit, failure.transient], ['SOURCE_LOGIN_REFUSED', 3, false]);
      assert.not.match(failure.message, /wrong|nobody|g:e/);
    }
  });

  test('mechanisms that the server, or this machine, does not have are refused logins', async () => {
    for (const url of [
      by('PLAIN', 'root:wrong@'),
      by('MONGODB-OIDC', '', { authMechanismProperties: 'ENVIRONMENT:azure,TOKEN_RESOURCE:none' }),
    ]) {
      const failure = await opening(url);
      assert.equal([failure.code, failure.exit], ['SOURCE_LOGIN_REFUSED', 3], failure.message);
    }
  });

  test('modules that are not here are told, the file of a token as a file', async () => {
    assert.is((await opening(by('MONGODB-AWS'))).code, 'SOURCE_OPTION_UNSUPPORTED');
    assert.is((await opening(by('MONGODB-OIDC', '', { authMechanismProperties: 'ENVIRONMENT:k8s' }))).code, 'SOURCE_URL_FILE');
  });

  test('a server that is no load balancer, and none of the replica set of the URL, is told as that', async () => {
    const [place = ''] = server.urlOf('nextcrm').split('?');
    const balanced = await opening(`${place}?authSource=admin&loadBalanced=true&${soon}`);
    assert.equal([balanced.code, balanced.exit], ['SOURCE_URL_INVALID', 2], balanced.message);
    assert.match(balanced.message, /load balanc/);
    const other = await opening(`${place}?authSource=admin&replicaSet=other&${soon}`);
    assert.equal([other.code, other.exit], ['SOURCE_UNREACHABLE', 3], other.message);
    assert.match(other.message, /replica set/);
    assert.match(other.next, /replicaSet/);
  });

  test('without a login nothing may be read', async () => {
    const url = server.urlOf('nextcrm').replace(/\/\/[^@]*@/, '//');
    const failure = await openSource(url, { signal }).then(
      async (source) => {
        const refusal = await source.collections().catch((error: unknown) => error);
        await source[Symbol.asyncDispose]();
        return refusal;
      },
      (error: unknown) => error,
    );
    assert.instance(failure, Failure);
    assert.equal([(failure as Failure).code, (failure as Failure).exit], ['SOURCE_NO_RIGHT', 3]);
  });

  test('where no database is named, the only one is taken; none and several are reported', async () => {
    const client = new MongoClient(server.urlOf(null));
    try {
      assert.equal([(await opening(server.urlOf(null))).code], ['SOURCE_DATABASE_MISSING']);
      await client.db('first').collection('Users').insertOne({ n: 1 });
      const source = await openSource(server.urlOf(null), { signal });
      assert.is(source.database, 'first');
      await source[Symbol.asyncDispose]();
      await client.db('second').collection('Users').insertOne({ n: 1 });
      const failure = await opening(server.urlOf(null));
      assert.equal([failure.code, failure.exit], ['SOURCE_DATABASE_AMBIGUOUS', 2]);
      assert.match(failure.message, 'first, second');
    } finally {
      await client.close();
    }
  });
}

const auth = { user: 'root', password };
const unavailable = await mongoUnavailable({ auth });
if (unavailable !== null) {
  test.skip('everything about logins', unavailable);
} else {
  const server = await mongoServer({ auth });
  test.after(async () => server[Symbol.asyncDispose]());
  addLoginTests(server);
}

test.run();
