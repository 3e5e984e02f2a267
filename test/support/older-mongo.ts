/** A MongoDB server as one before 4.4.2: it does not know the command `hello`. What else passes goes to the server behind. */
import { once } from 'node:events';
import { createServer, type Socket, connect as tcpConnect } from 'node:net';
import { BSON } from 'mongodb';

const opMsg = 2013;
const headerBytes = 16;
/** Flags and the kind of the first section. */
const beforeBody = 5;
const helloOk = Buffer.from('\x08helloOk\0\x01', 'latin1');

export interface OlderServer extends AsyncDisposable {
  readonly url: string;
  /** How often `hello` was refused. */
  readonly refused: number;
}

export async function withoutHello(url: string): Promise<OlderServer> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let refused = 0;
  const server = createServer((client) => {
    const behind = tcpConnect(Number(port), hostname);
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [client, behind].forEach((one) => void one.destroy()));
    }
    let waiting: Buffer = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= headerBytes && waiting.length >= waiting.readInt32LE(0)) {
        const message = waiting.subarray(0, waiting.readInt32LE(0));
        waiting = waiting.subarray(message.length);
        if (asksHello(message)) {
          refused += 1;
          client.write(refusalOf(message));
        } else behind.write(message);
      }
    });
    behind.on('data', (chunk: Buffer) => {
      // By this the driver learns that it may say `hello` itself.
      const at = chunk.indexOf(helloOk);
      if (at !== -1) chunk[at + helloOk.length - 1] = 0;
      client.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  const through = new URL(url);
  through.host = `127.0.0.1:${address.port}`;
  return {
    url: through.href,
    get refused() {
      return refused;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function asksHello(message: Buffer): boolean {
  if (message.readInt32LE(12) !== opMsg) return false;
  const body = message.subarray(headerBytes + beforeBody);
  return Object.keys(BSON.deserialize(body.subarray(0, body.readInt32LE(0))))[0] === 'hello';
}

/** As MongoDB 4.4.0 answers (error_codes.yml: 59). */
function refusalOf(request: Buffer): Buffer {
  const body = BSON.serialize({ ok: 0, errmsg: "no such command: 'hello'", code: 59, codeName: 'CommandNotFound' });
  const header = Buffer.alloc(headerBytes + beforeBody);
  header.writeInt32LE(header.length + body.length, 0);
  header.writeInt32LE(request.readInt32LE(4), 8);
  header.writeInt32LE(opMsg, 12);
  return Buffer.concat([header, body]);
}
