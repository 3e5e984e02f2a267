/** An embedded PostgreSQL that a test may kill as a power cut does, and start again on the same data. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  asServerUser,
  createCluster,
  freePort,
  reachableBin,
  runProgram,
  temporaryFolder,
} from '../../scripts/lib/postgres/cluster.ts';

export interface OwnServer extends AsyncDisposable {
  /** The database `postgres`, as superuser. */
  readonly url: string;
  /** SIGKILL to the server and each of its sessions. */
  kill(): Promise<void>;
  /** Resolves once it answers. */
  start(): Promise<void>;
}

export interface OwnServerOptions {
  /** Where the data goes, but for the write-ahead log: a server whose log finds no room does not refuse, it falls. */
  readonly parent?: string;
  /** It asks nobody for a password. */
  readonly trusting?: boolean;
}

const startLimitMs = 60_000;

export async function ownServer({ parent, trusting = false }: OwnServerOptions = {}): Promise<OwnServer> {
  const folder = await temporaryFolder();
  const bin = await reachableBin(folder);
  const data = join(parent ?? folder, 'data');
  const { password } = await createCluster(bin, data);
  if (parent !== undefined) {
    await cp(join(data, 'pg_wal'), join(folder, 'pg_wal'), { recursive: true });
    await rm(join(data, 'pg_wal'), { recursive: true });
    await symlink(join(folder, 'pg_wal'), join(data, 'pg_wal'));
    await giveAway(join(folder, 'pg_wal'));
  }
  if (trusting) await writeFile(join(data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n');
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    max_wal_size: '64MB',
    min_wal_size: '32MB',
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  let server: ChildProcess | null = null;

  const own: OwnServer = {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    async kill() {
      if (server?.pid === undefined || server.exitCode !== null) return;
      const ended = once(server, 'exit');
      const children = await childrenOf(server.pid);
      server.kill('SIGKILL');
      for (const pid of children) killQuietly(pid);
      await ended;
    },
    async start() {
      const limit = Date.now() + startLimitMs;
      // A session that is just dying keeps the shared memory a moment longer: then the server refuses and is started again.
      for (;;) {
        const starting = spawn(join(bin, 'postgres'), args, { ...asServerUser, cwd: '/', stdio: 'ignore' });
        server = starting;
        if (await answers(starting)) return;
        if (Date.now() > limit) throw new Error(`PostgreSQL did not start within ${startLimitMs / 1000} s`);
      }
    },
    async [Symbol.asyncDispose]() {
      await own.kill();
      await rm(data, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
  const answers = async (starting: ChildProcess): Promise<boolean> => {
    for (;;) {
      if (starting.exitCode !== null || starting.signalCode !== null) return false;
      try {
        await runProgram(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres']);
        return true;
      } catch {
        // Not yet.
      }
    }
  };
  process.once('exit', () => server?.kill('SIGKILL'));
  await own.start();
  return own;
}

async function giveAway(folder: string): Promise<void> {
  const { uid, gid } = asServerUser;
  if (uid === undefined || gid === undefined) return;
  await chown(folder, uid, gid);
  for (const { parentPath, name } of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chown(join(parentPath, name), uid, gid);
}

/** From /proc; elsewhere none, and the sessions end by themselves when they find the server gone. */
async function childrenOf(parent: number): Promise<readonly number[]> {
  const children: number[] = [];
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '');
    // "pid (name) state ppid …", and the name may hold anything.
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent) children.push(Number(name));
  }
  return children;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
