/** The first connection of a run: a PostgreSQL that is not there yet is waited for, anything else is reported at once. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import * as assert from 'uvu/assert';
import { Failure } from '../../../src/failure.ts';
import { type WaitOptions, waitForServer } from '../../../src/target/wait.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startProxy } from '../../support/proxy.ts';
import { targetUrl } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('waiting for PostgreSQL');
let database: TestDatabase;

test.before(async () => {
  database = await freshDatabase();
});
test.after(async () => {
  await database[Symbol.asyncDispose]();
});

interface Waited {
  readonly notes: readonly string[];
  readonly failure: unknown;
}

type Options = Pick<WaitOptions, 'limit'> & { readonly signal?: AbortSignal; readonly onWait?: () => void };

async function waited(url: string, { onWait, signal, ...options }: Options = {}): Promise<Waited> {
  const notes: string[] = [];
  const note = (line: string) => {
    notes.push(line);
    onWait?.();
  };
  const failure = await waitForServer(targetUrl(url), {
    note,
    signal: signal ?? new AbortController().signal,
    pause: 5,
    ...options,
  }).then(
    () => null,
    (error: unknown) => error,
  );
  return { notes, failure };
}

const at = (port: number) => {
  const url = new URL(database.url);
  url.host = `127.0.0.1:${port}`;
  return url.href;
};

/** Where nothing listens: a connection is refused. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server, 0);
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

/** The test's server, under a port that was closed until now. */
async function startForwarder(port: number, url: string): Promise<AsyncDisposable> {
  const { hostname, port: serverPort } = new URL(url);
  const server = createServer((client) => {
    const upstream = connect(Number(serverPort), hostname);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  await listening(server, port);
  return {
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}

function isFailure(error: unknown, code: string): void {
  assert.instance(error, Failure);
  assert.is((error as Failure).code, code);
}

test('a server that is there is not waited for', async () => {
  assert.equal(await waited(database.url), { notes: [], failure: null });
});

test('a server that starts later is waited for', async () => {
  const port = await closedPort();
  const later = Promise.withResolvers<AsyncDisposable>();
  const { notes, failure } = await waited(at(port), {
    onWait: () => startForwarder(port, database.url).then(later.resolve, later.reject),
  });
  await using _forwarder = await later.promise;
  assert.equal(notes, ['waiting for PostgreSQL (up to 60 s)']);
  assert.is(failure, null);
});

test('when the time is over, what the last attempt met is thrown; that it waits was reported once', async () => {
  const { notes, failure } = await waited(at(await closedPort()), { limit: 0.5 });
  assert.equal(notes, ['waiting for PostgreSQL (up to 0.5 s)']);
  isFailure(failure, 'TARGET_UNREACHABLE');
});

test('a server that accepts and says nothing is waited for by the clock, not by the number of attempts', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  const { failure } = await waited(at(await listening(server, 0)), { limit: 0.5 });
  isFailure(failure, 'TARGET_UNREACHABLE');
  assert.is(sockets.length, 1);
  for (const socket of sockets) socket.destroy();
  server.close();
});

test('what waiting does not change is reported at once', async () => {
  await using proxy = await startProxy(database.url);
  const url = new URL(proxy.through(database.url));
  url.pathname = '/nowhere_at_all';
  const { notes, failure } = await waited(url.href);
  isFailure(failure, 'TARGET_DATABASE_MISSING');
  assert.equal(notes, []);
  assert.is(proxy.connections, 1);
});

test('a signal ends the waiting with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('stopped');
  const { failure } = await waited(at(await closedPort()), {
    signal: controller.signal,
    onWait: () => controller.abort(reason),
  });
  assert.is(failure, reason);
});

// Node 24.21.0 may wait for ever in Environment::CleanupHandles when a process that lost sockets in a handshake ends by itself (seen with gdb;
// the program leaves by process.exit). To be removed when a later Node ends.
process.once('beforeExit', () => process.exit());

test.run();
