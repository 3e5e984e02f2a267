/** Debian's PgBouncer, the real one: of the system where it is installed, else unpacked from its package into .cache, without installing it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, glob, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { asServerUser, freePort, temporaryFolder } from '../../scripts/lib/postgres/cluster.ts';
import type { Pooler } from './pooler.ts';

const execute = promisify(execFile);

export type PoolMode = 'session' | 'transaction' | 'statement';

/** A folder as Debian's packages fill it, or "/". */
type Root = string;

const cache = resolve('.cache/pgbouncer');
/** The libraries that a small Debian does not have; their packages have a suffix in some releases. */
const library = /^\s*Depends: (lib(?:event|c-ares)\S*)$/gm;
const programIn = (root: Root) => join(root, 'usr/sbin/pgbouncer');

/** Null where `startPgBouncer` will start one, else why it cannot. */
export async function pgBouncerUnavailable(): Promise<string | null> {
  return (await found()) === null ? 'no PgBouncer is installed, and its Debian package cannot be had here' : null;
}

let looked: Promise<Root | null> | undefined;
async function found(): Promise<Root | null> {
  looked ??= find();
  return await looked;
}

async function find(): Promise<Root | null> {
  for (const root of ['/', cache]) if (await starts(root)) return root;
  await unpack().catch(() => undefined);
  return (await starts(cache)) ? cache : null;
}

async function starts(root: Root): Promise<boolean> {
  if (!existsSync(programIn(root))) return false;
  return await execute(programIn(root), ['--version'], { env: await environmentOf(root) }).then(
    () => true,
    () => false,
  );
}

async function unpack(): Promise<void> {
  await mkdir(resolve('.cache'), { recursive: true });
  const making = await mkdtemp(`${cache}.`);
  try {
    // Of its own release: where the sources name two, the libraries of the other need a newer libc.
    const { stdout } = await execute('apt-cache', ['depends', 'pgbouncer']);
    const names = ['pgbouncer', ...[...stdout.matchAll(library)].map(([, name = '']) => name)];
    await execute('apt-get', ['download', '--quiet', '-o', 'APT::Sandbox::User=root', ...names], { cwd: making });
    for await (const file of glob(join(making, '*.deb'))) await execute('dpkg-deb', ['--extract', file, making]);
    // Another file of tests may have been faster.
    await rename(making, cache).catch(() => undefined);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function environmentOf(root: Root): Promise<NodeJS.ProcessEnv> {
  const libraries = await Array.fromAsync(glob(join(root, 'usr/lib/*-linux-gnu*')));
  return root === '/' ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries.join(':') };
}

/** In front of a server that asks for no password; `size`: how many connections it keeps to it. */
export async function startPgBouncer(
  target: string,
  { mode, size }: { readonly mode: PoolMode; readonly size: number },
): Promise<Pooler> {
  const root = await found();
  if (root === null) throw new Error('there is no PgBouncer here');
  const folder = await temporaryFolder();
  // The user whom it runs as may not reach the checkout.
  const copy = join(folder, 'root');
  if (root !== '/') await cp(root, copy, { recursive: true });
  await chmod(folder, 0o755);
  const { hostname, port, username } = new URL(target);
  const ownPort = await freePort();
  const settings = [
    '[databases]',
    `* = host=${hostname} port=${port}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${ownPort}`,
    'unix_socket_dir =',
    'auth_type = trust',
    `auth_file = ${join(folder, 'users.txt')}`,
    `pool_mode = ${mode}`,
    `default_pool_size = ${size}`,
  ];
  await writeFile(join(folder, 'users.txt'), `"${decodeURIComponent(username)}" ""\n`);
  await writeFile(join(folder, 'pgbouncer.ini'), `${settings.join('\n')}\n`);
  const program = programIn(root === '/' ? root : copy);
  const env = await environmentOf(root === '/' ? root : copy);
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], { ...asServerUser, env, stdio: ['ignore', 'pipe', 'pipe'] });
  await listening(child);
  return {
    through: (url) => {
      const pooled = new URL(url);
      pooled.host = `127.0.0.1:${ownPort}`;
      return pooled.href;
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves once it says that it is up; rejects with what it said where it ends. */
async function listening(child: ReturnType<typeof spawn>): Promise<void> {
  let said = '';
  await new Promise<void>((up, failed) => {
    const look = (chunk: Buffer) => {
      said += chunk.toString();
      if (/process up/.test(said)) up();
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('error', failed);
    child.once('exit', () => failed(new Error(`PgBouncer has ended: ${said}`)));
  });
}
