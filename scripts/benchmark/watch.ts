/** Looks at a program and at the server while the program runs: CPU time and memory of both. */
import { cpuSeconds, descendants, peakRssBytes, proportionalBytes, rssBytes } from './processes.ts';

export interface Usage {
  /** Of the program and its children. */
  readonly cpuSeconds: number;
  /** Of the program alone, at its highest. */
  readonly rssBytesMax: number;
  /** Of its children together, at their highest. */
  readonly childrenRssBytesMax: number;
  /** Of all processes of the server. Null where they are not on this machine, or not to be seen. */
  readonly serverCpuSeconds: number | null;
  /** Of all processes of the server, shared memory counted once (the sum of their proportional shares, Pss), at its highest. */
  readonly serverBytesMax: number | null;
}

interface Look {
  readonly atMs: number;
  readonly cpu: number;
  readonly rss: number;
  readonly rssPeak: number;
  readonly childrenRss: number;
  readonly serverCpu: number;
  /** 0 where it was not requested. */
  readonly serverBytes: number;
}

/** Often enough for a run of a second, seldom enough to take no part in it. */
const apartMs = 100;
/** The kernel goes through all pages of a process to tell its share: 20 ms for an idle server, so only each so many looks. */
const looksPerShare = 10;

export interface Watch {
  /** Ends the watch, which stops by itself when the program has gone. */
  stop(): Promise<void>;
  /** Between two moments of `Date.now()`; by default over the whole life of the program. */
  usage(fromMs?: number, toMs?: number): Usage;
}

/** `serverPid`: the server's first process, null where it is none of this machine. */
export function watch(pid: number, serverPid: number | null): Watch {
  const looks: Look[] = [];
  let stopped = false;
  let turn = 0;
  const ended = (async () => {
    while (!stopped) {
      const look = await lookAt(pid, serverPid, turn++ % looksPerShare === 0);
      // A program that has just gone shows zeros.
      if (look.rssPeak > 0) looks.push(look);
      await new Promise((resolve) => setTimeout(resolve, apartMs));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await ended;
    },
    usage: (fromMs = 0, toMs = Number.POSITIVE_INFINITY) => usageOf(looks, fromMs, toMs, serverPid !== null),
  };
}

async function lookAt(pid: number, serverPid: number | null, atShares: boolean): Promise<Look> {
  const children = await descendants(pid);
  const server = serverPid === null ? [] : [serverPid, ...(await descendants(serverPid))];
  const sum = async (pids: readonly number[], of: (one: number) => Promise<number>) =>
    (await Promise.all(pids.map(of))).reduce((total, value) => total + value, 0);
  return {
    atMs: Date.now(),
    cpu: await sum([pid, ...children], cpuSeconds),
    rss: await rssBytes(pid),
    rssPeak: await peakRssBytes(pid),
    childrenRss: await sum(children, rssBytes),
    serverCpu: await sum(server, cpuSeconds),
    serverBytes: atShares ? await sum(server, proportionalBytes) : 0,
  };
}

function usageOf(looks: readonly Look[], fromMs: number, toMs: number, ofServer: boolean): Usage {
  const within = looks.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const first = looks.findLast(({ atMs }) => atMs < fromMs) ?? within[0];
  const most = (of: (look: Look) => number) => within.reduce((highest, look) => Math.max(highest, of(look)), 0);
  const grown = (of: (look: Look) => number) => (first === undefined ? 0 : Math.max(0, most(of) - of(first)));
  const whole = fromMs === 0;
  return {
    // What the program used before the first look is its own too; the server's is not.
    cpuSeconds: whole ? most(({ cpu }) => cpu) : grown(({ cpu }) => cpu),
    rssBytesMax: whole ? most(({ rssPeak }) => rssPeak) : most(({ rss }) => rss),
    childrenRssBytesMax: most(({ childrenRss }) => childrenRss),
    serverCpuSeconds: ofServer ? grown(({ serverCpu }) => serverCpu) : null,
    serverBytesMax: ofServer ? most(({ serverBytes }) => serverBytes) : null,
  };
}
