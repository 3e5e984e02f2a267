/** A connection pooler before a PostgreSQL that asks for no password: in transaction, statement or session mode. */
import { once } from 'node:events';
import { createServer, type Socket, connect as tcpConnect } from 'node:net';

export interface Pooler extends AsyncDisposable {
  through(url: string): string;
}

export interface PoolerOptions {
  readonly mode: 'transaction' | 'statement' | 'session';
  readonly size: number;
  /** Which idle connection is lent out: the one that came back last, or the one that has waited longest. */
  readonly next: 'last' | 'first';
}

interface Backend {
  readonly socket: Socket;
  client: Client | null;
}

interface Client {
  readonly socket: Socket;
  backend: Backend | null;
  waiting: Buffer[];
}

export async function startPooler(target: string, { mode, size, next }: PoolerOptions): Promise<Pooler> {
  const { hostname, port } = new URL(target);
  const idle: Backend[] = [];
  const queue: Client[] = [];
  const sockets = new Set<Socket>();
  let opened = 0;
  /** What the server said to a start-up, up to its first "ready". */
  let greeting: Buffer = Buffer.alloc(0);

  const lend = (client: Client, backend: Backend) => {
    client.backend = backend;
    backend.client = client;
    for (const bytes of client.waiting.splice(0)) backend.socket.write(bytes);
  };
  const giveBack = (backend: Backend) => {
    if (backend.client !== null) backend.client.backend = null;
    backend.client = null;
    const waiting = queue.shift();
    if (waiting === undefined) idle.push(backend);
    else lend(waiting, backend);
  };
  const open = async (startup: Buffer): Promise<Backend> => {
    opened += 1;
    const socket = tcpConnect(Number(port), hostname);
    sockets.add(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(startup);
    const parts: Buffer[] = [];
    const ready = Promise.withResolvers<Buffer>();
    let backend: Backend | null = null;
    framed(socket, (message) => {
      if (backend === null) {
        parts.push(message);
        if (isReady(message)) ready.resolve(Buffer.concat(parts));
        return;
      }
      const { client } = backend;
      if (isReady(message) && mode === 'statement' && message[5] !== idleStatus) {
        socket.destroy();
        if (client !== null) client.backend = null;
        client?.socket.end(noTransactions);
        void open(startup).then(giveBack);
        return;
      }
      client?.socket.write(message);
      if (isReady(message) && mode !== 'session' && message[5] === idleStatus) giveBack(backend);
    });
    greeting = await ready.promise;
    backend = { socket, client: null };
    return backend;
  };
  const serve = async (socket: Socket, startup: Buffer) => {
    const client: Client = { socket, backend: null, waiting: [] };
    const take = () => {
      if (client.backend !== null || queue.includes(client)) return;
      const backend = next === 'last' ? idle.pop() : idle.shift();
      if (backend !== undefined) lend(client, backend);
      else queue.push(client);
    };
    // As many as may be wanted are there before the first client is served.
    while (opened < size) idle.push(await open(startup));
    framed(socket, (message) => {
      if (message[0] === 0x58) return void socket.end();
      client.waiting.push(message);
      if (client.backend === null) take();
      else for (const bytes of client.waiting.splice(0)) client.backend.socket.write(bytes);
    });
    socket.once('close', () => {
      if (queue.includes(client)) queue.splice(queue.indexOf(client), 1);
      if (client.backend !== null) giveBack(client.backend);
    });
    socket.write(withOtherKey(greeting));
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (startup: Buffer) => void serve(socket, startup));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    through(url) {
      const changed = new URL(url);
      changed.host = `127.0.0.1:${address.port}`;
      changed.searchParams.set('sslmode', 'disable');
      return changed.href;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Of "ready": not in a transaction. */
const idleStatus = 0x49;

/** With what PgBouncer sends a client away that begins a transaction, where it lends out by the statement. */
const noTransactions = errorMessage('SFATAL', 'C08P01', 'Mtransaction blocks not allowed in statement pooling mode');

function errorMessage(...fields: readonly string[]): Buffer {
  const body = Buffer.from(`${fields.map((field) => `${field}\0`).join('')}\0`);
  const head = Buffer.alloc(5, 'E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const isReady = (message: Buffer) => message[0] === 0x5a;

/** Whole messages, each with its type and length (PostgreSQL manual, "Message Formats"). */
function framed(socket: Socket, take: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = rest.readInt32BE(1) + 1;
      take(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
}

/** A pooler names a process and a key of its own making, by which it knows what a client wants to cancel. */
function withOtherKey(greeting: Buffer): Buffer {
  const changed = Buffer.from(greeting);
  for (let at = 0; at < changed.length; at += changed.readInt32BE(at + 1) + 1)
    if (changed[at] === 0x4b) changed.writeInt32BE(1, at + 5);
  return changed;
}
