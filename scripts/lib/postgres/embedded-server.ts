/** A throw-away PostgreSQL as a child process, which ends with this process however that ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asServerUser, type Cluster, createCluster, freePort, reachableBin, runProgram, temporaryFolder } from './cluster.ts';
import type { PostgresServer } from './server.ts';

const startLimitMs = 60_000;

/**
 * Runs PostgreSQL, stops it (SIGINT: "fast") when standard input ends, which the kernel sees to when our process dies, also by
 * SIGKILL, and removes its folder. Arguments: the folder, then the server's command line.
 */
const guardian = `
  folder=$1; shift
  exec 3<&0
  "$@" </dev/null 3<&- & server=$!
  { cat >/dev/null; kill -INT $server 2>/dev/null; } <&3 & guard=$!
  wait $server
  kill $guard 2>/dev/null
  rm -rf "$folder"
`;

export interface EmbeddedOptions {
  /** Of the data; by default the system's temporary folder. */
  readonly parent?: string | undefined;
  /** With PostgreSQL's own settings; else without durability: what a crash would lose is a test's. */
  readonly durable?: boolean;
}

export async function startEmbedded({ parent, durable = false }: EmbeddedOptions = {}): Promise<PostgresServer> {
  const folder = await temporaryFolder(parent);
  try {
    const cluster = await createCluster(await reachableBin(folder), join(folder, 'data'));
    const port = await freePort();
    const guarded = startGuarded(cluster, folder, port, durable);
    await waitUntilReady(cluster, port, guarded);
    return {
      url: `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/postgres`,
      description: 'embedded PostgreSQL 16',
      [Symbol.asyncDispose]: async () => {
        const ended = guarded.exitCode === null ? once(guarded, 'exit') : undefined;
        guarded.stdin?.end();
        await ended;
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function startGuarded({ bin, data }: Cluster, folder: string, port: number, durable: boolean): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const args = ['-c', guardian, 'guardian', folder, join(bin, 'postgres'), '-D', data, ...options];
  // A session of its own: Ctrl-C at the terminal reaches us alone, and we end it in order.
  return spawn('sh', args, { ...asServerUser, cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
}

async function waitUntilReady({ bin }: Cluster, port: number, server: ChildProcess): Promise<void> {
  const limit = Date.now() + startLimitMs;
  for (;;) {
    try {
      return await runProgram(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres']);
    } catch (cause) {
      if (server.exitCode !== null) throw new Error('the embedded PostgreSQL exited during startup', { cause });
      if (Date.now() > limit)
        throw new Error(`the embedded PostgreSQL did not answer within ${startLimitMs / 1000} s`, { cause });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
