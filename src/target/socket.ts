/**
 * The socket under a connection: TCP or Unix, with TLS where it is asked for, and a look at the server's first answer. The request for TLS
 * (PostgreSQL manual, "SSL Session Encryption") is made here, since postgres.js 3.4.9 begins TLS whatever a server answers.
 */
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { TargetUrl } from '../config/target-url.ts';
import { type FirstAnswer, firstAnswer } from './first-answer.ts';
import { notPostgres, tlsFailed, tlsNotOffered } from './refusals.ts';

export interface Opened {
  /** TCP or Unix: what is seen of the network, and may be cut. */
  readonly raw: Socket;
  /** What the protocol is spoken over: the same, or TLS on top of it. */
  readonly socket: Socket;
}

/** @throws what the operating system says, or one of `refusals.ts`. `answered` is told how the server wants the user to log in. */
export async function openSocket(target: TargetUrl, answered: (answer: FirstAnswer) => void): Promise<Opened> {
  const raw = connectSocket(target.socketPath === null ? { host: target.host, port: target.port } : { path: target.socketPath });
  const limit = setTimeout(
    () => raw.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' })),
    target.connectTimeoutSeconds * 1000,
  );
  try {
    // postgres.js never sets TCP_NODELAY: the end of each COPY would wait for a delayed acknowledgement.
    raw.setNoDelay(true);
    await once(raw, 'connect');
    // Whoever reads is told of its end by the close of it.
    raw.on('error', () => undefined);
    const socket = target.tls === false ? raw : await encrypted(raw, target.tls);
    watchFirstAnswer(socket, answered);
    return { raw, socket };
  } catch (error) {
    raw.destroy();
    throw error;
  } finally {
    clearTimeout(limit);
  }
}

/** Length and code of an SSLRequest. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

async function encrypted(raw: Socket, tls: 'prefer' | ConnectionOptions): Promise<Socket> {
  raw.write(sslRequest);
  const answer = (await firstBytes(raw)).toString('latin1');
  if (answer === 'N') {
    if (tls === 'prefer') return raw.resume();
    throw tlsNotOffered();
  }
  // Nothing may follow in clear text (CVE-2021-23222).
  if (answer !== 'S') throw notPostgres();
  const socket = connectTls({ ...(tls === 'prefer' ? { rejectUnauthorized: false } : tls), socket: raw });
  try {
    await once(socket, 'secureConnect');
    return socket;
  } catch (error) {
    socket.destroy();
    throw tlsFailed(error);
  }
}

async function firstBytes(raw: Socket): Promise<Buffer> {
  const closed = Promise.withResolvers<never>();
  const lost = () => closed.reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  raw.once('close', lost);
  try {
    const [bytes] = (await Promise.race([once(raw, 'data'), closed.promise])) as [Buffer];
    // TLS reads the rest by itself.
    raw.pause();
    return bytes;
  } finally {
    raw.off('close', lost);
  }
}

/** Before the driver sees it, which would wait without end for what it does not understand, and print a line of its own. */
function watchFirstAnswer(socket: Socket, answered: (answer: FirstAnswer) => void): void {
  socket.once('data', (chunk: Buffer) => {
    const answer = firstAnswer(chunk);
    answered(answer);
    if (answer.kind === 'login') return;
    silence(chunk);
    socket.destroy(answer.error);
  });
}

/** In place: the next listener gets the same bytes, as a notice of the server that has no fields. */
function silence(chunk: Buffer): void {
  if (chunk.length < 5) return;
  chunk.fill(0).write('N', 'latin1');
  chunk.writeUInt32BE(chunk.length - 1, 1);
}
