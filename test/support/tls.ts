/** PostgreSQL behind TLS, with a certificate of its own making: a server of a test does not have one. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { promisify } from 'node:util';

export interface TlsServer extends AsyncDisposable {
  /** `url` by way of this server. */
  through(url: string, parameters: string): string;
  /** The file of the certificate, which is for `localhost`. */
  readonly certificate: string;
  /** How many connections were encrypted. */
  readonly encrypted: number;
}

export async function tlsServer(target: string): Promise<TlsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-tls-'));
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', files.key, '-out', files.certificate],
  ]);
  const secureContext = createSecureContext({ key: await readFile(files.key), cert: await readFile(files.certificate) });
  let encrypted = 0;
  const { hostname, port } = new URL(target);
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', () => {
      client.write('S');
      const socket = new TLSSocket(client, { isServer: true, secureContext });
      const upstream = connect(Number(port), hostname);
      socket.once('secure', () => {
        encrypted += 1;
      });
      for (const end of [socket, upstream]) end.on('error', () => undefined);
      socket.once('close', () => upstream.destroy());
      upstream.once('close', () => socket.destroy());
      socket.pipe(upstream).pipe(socket);
    });
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    certificate: files.certificate,
    get encrypted() {
      return encrypted;
    },
    through: (url, parameters) => {
      const changed = new URL(url);
      changed.hostname = 'localhost';
      changed.port = String(address.port);
      changed.search = parameters;
      return changed.href;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
