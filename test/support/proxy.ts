/** A TCP proxy that breaks connections on demand: cut, held half-open, or with one direction silent. */
import { once } from 'node:events';
import { createServer, type Socket, connect as tcpConnect } from 'node:net';

/** One connection through the proxy. */
export interface Link {
  /** Ends both sides, as a network that breaks with a reset does. */
  cut(): void;
  /** Nothing passes any more and neither end learns of the other, as by a network that forgets: half-open. */
  freeze(): void;
  /** Ends the client's side alone. */
  cutClient(): void;
}

/** A message of the client in PostgreSQL's protocol: its type, and what it says, as far as `textBytesMax` goes and the bytes are there. */
export interface ClientMessage {
  readonly type: string;
  readonly text: string;
  /** Counted over all connections, from 0. */
  readonly index: number;
  readonly link: Link;
}

export interface ProxyOptions {
  /** Called for each message of a client of PostgreSQL before it passes; 'hold': neither it nor what follows on this connection passes. */
  readonly onMessage?: (message: ClientMessage) => 'pass' | 'hold';
  /** Called for the bytes of a client before they pass, which it may alter. */
  readonly onClientBytes?: (chunk: Buffer) => void;
  /** Called for the bytes of a server before they pass, with their number so far on this connection; a promise keeps them until it is kept. */
  readonly onServerBytes?: (bytes: number, link: Link, chunk: Buffer) => 'pass' | 'hold' | Promise<'pass' | 'hold'>;
}

export interface FaultyProxy extends AsyncDisposable {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly connections: number;
  /** `url` with this proxy's host and port. */
  through(url: string): string;
  /** New connections are ended at once, as by a server that is down. */
  refuse(refusing: boolean): void;
  /** Takes no new connection and cuts those that are held; the others live until one of their ends goes. */
  leave(): void;
  cutAll(): void;
  freezeAll(): void;
}

export async function startProxy(target: string, options: ProxyOptions = {}): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target);
  const links = new Set<ProxyLink>();
  let connections = 0;
  let refusing = false;
  const counter = { messages: 0 };
  const server = createServer({ allowHalfOpen: false }, (client) => {
    connections += 1;
    if (refusing) return void client.destroy();
    const link = new ProxyLink(client, tcpConnect(Number(port), hostname), options, counter, () => links.delete(link));
    links.add(link);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    host: '127.0.0.1',
    port: address.port,
    get connections() {
      return connections;
    },
    through(url) {
      const changed = new URL(url);
      changed.hostname = '127.0.0.1';
      changed.port = String(address.port);
      // The proxy reads what passes.
      if (changed.protocol.startsWith('postgres')) changed.searchParams.set('sslmode', 'disable');
      return changed.href;
    },
    refuse(value) {
      refusing = value;
    },
    cutAll() {
      for (const link of links) link.cut();
    },
    freezeAll() {
      for (const link of links) link.freeze();
    },
    leave() {
      for (const link of links) if (link.frozen) link.cut();
      server.close();
    },
    async [Symbol.asyncDispose]() {
      for (const link of links) link.cut();
      server.close();
    },
  };
}

class ProxyLink implements Link {
  readonly #client: Socket;
  readonly #server: Socket;
  #frozen = false;
  #forgotten = false;

  constructor(client: Socket, server: Socket, options: ProxyOptions, counter: { messages: number }, ended: () => void) {
    this.#client = client;
    this.#server = server;
    const reader = new ClientReader();
    const { onMessage, onClientBytes, onServerBytes } = options;
    let serverBytes = 0;
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on('data', (chunk: Buffer) => {
      if (this.#frozen) return;
      onClientBytes?.(chunk);
      if (onMessage === undefined) return void this.#pass(chunk, client, server);
      const end = reader.read(chunk, (type, text) => {
        const verdict = onMessage({ type, text, index: counter.messages, link: this });
        counter.messages += 1;
        return verdict === 'pass' && !this.#frozen;
      });
      if (end > 0) this.#pass(chunk.subarray(0, end), client, server);
      if (end < chunk.length) this.#frozen = true;
    });
    server.on('data', (chunk: Buffer) => {
      serverBytes += chunk.length;
      const settle = (verdict: 'pass' | 'hold') => {
        if (verdict === 'hold') this.#frozen = true;
        if (!this.#frozen) this.#pass(chunk, server, client);
      };
      const verdict = onServerBytes?.(serverBytes, this, chunk) ?? 'pass';
      if (typeof verdict === 'string') return settle(verdict);
      server.pause();
      void verdict.then((later) => {
        server.resume();
        settle(later);
      });
    });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('error', () => undefined);
      from.once('close', () => {
        if (!this.#forgotten) to.destroy();
        if (client.closed && server.closed) ended();
      });
    }
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  cut(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  freeze(): void {
    this.#frozen = true;
    this.#forgotten = true;
  }

  cutClient(): void {
    this.#client.resetAndDestroy();
  }

  #pass(chunk: Buffer, from: Socket, to: Socket): void {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  }
}

/** Longer than any statement whose end a test wants to see. */
const textBytesMax = 8 * 1024;

/** Finds where each message of a client begins (PostgreSQL manual, "Message Formats"); the first one, the start-up, has no type. */
class ClientReader {
  #started = false;
  /** Bytes of the present message that are still to come. */
  #rest = 0;
  #pending = Buffer.alloc(0);

  /** Returns how many bytes of `chunk` may pass: all, or those before the message that `allow` refused. */
  read(chunk: Buffer, allow: (type: string, text: string) => boolean): number {
    let at = 0;
    while (at < chunk.length) {
      if (this.#rest > 0) {
        const taken = Math.min(this.#rest, chunk.length - at);
        this.#rest -= taken;
        at += taken;
        continue;
      }
      const headerLength = this.#started ? 5 : 4;
      const header = Buffer.concat([this.#pending, chunk.subarray(at, at + headerLength - this.#pending.length)]);
      const taken = header.length - this.#pending.length;
      if (header.length < headerLength) {
        this.#pending = header;
        return chunk.length;
      }
      this.#pending = Buffer.alloc(0);
      const type = this.#started ? String.fromCharCode(header[0] ?? 0) : 'startup';
      const length = header.readInt32BE(this.#started ? 1 : 0) - 4;
      this.#started = true;
      if (!allow(type, chunk.toString('latin1', at + taken, at + taken + Math.min(length, textBytesMax)))) return at;
      this.#rest = length;
      at += taken;
    }
    return chunk.length;
  }
}
