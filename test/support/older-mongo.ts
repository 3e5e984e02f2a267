/** A MongoDB server as one before 4.4.2, which does not know the command `hello`: the server behind is asked for a command of no name. */
import { type FaultyProxy, startProxy } from './proxy.ts';

/** In BSON: an element's type, its name, and of the answer its value. */
const hello = Buffer.from('\x10hello\0', 'latin1');
const helloOk = Buffer.from('\x08helloOk\0\x01', 'latin1');

export interface OlderServer extends FaultyProxy {
  /** How often `hello` was asked for. */
  readonly refused: () => number;
}

export async function withoutHello(url: string): Promise<OlderServer> {
  let refused = 0;
  const proxy = await startProxy(url, {
    onClientBytes: (chunk) => {
      const at = chunk.indexOf(hello);
      if (at === -1) return;
      refused += 1;
      chunk.write('x', at + 1, 'latin1');
    },
    // By this the driver learns that it may say `hello` itself.
    onServerBytes: (_bytes, _link, chunk) => {
      const at = chunk.indexOf(helloOk);
      if (at !== -1) chunk[at + helloOk.length - 1] = 0;
      return 'pass';
    },
  });
  return Object.assign(proxy, { refused: () => refused });
}
