/** One database cluster of the embedded PostgreSQL: its folder, user and programs. PostgreSQL refuses to run as root. */
import { type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';
import { binFolder, postgresBinaries } from './binaries.ts';

/** The usual number of `nobody`; needs no entry in /etc/passwd. */
const unprivileged = { uid: 65534, gid: 65534 };

/** What a child process is given so that it does not run as root: nothing when we are not. */
export const asServerUser: Readonly<Pick<SpawnOptions, 'uid' | 'gid'>> = process.getuid?.() === 0 ? unprivileged : {};

export interface Cluster {
  /** Absolute path of the folder with `postgres`, `pg_ctl`, `psql` and their like. */
  readonly bin: string;
  readonly data: string;
  readonly password: string;
}

/** A folder below `parent` or the system's temporary one (a socket's path must be short), which the server's user owns. */
export async function temporaryFolder(parent = platform === 'darwin' ? '/tmp' : tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, 'nextcrm-pg-'));
  await giveToServerUser(folder);
  return folder;
}

/** Programs that the server's user can reach: those of the checkout's cache, else (a checkout below /root, say) a copy in `scratch`. */
export async function reachableBin(scratch: string): Promise<string> {
  const root = await postgresBinaries();
  if (await succeeds(join(binFolder(root), 'initdb'), ['--version'])) return binFolder(root);
  const copy = join(scratch, 'postgres');
  await cp(root, copy, { recursive: true });
  await runProgram(join(binFolder(copy), 'initdb'), ['--version']);
  return binFolder(copy);
}

/** Makes a cluster in `data`, whose parent the server's user can write to. */
export async function createCluster(bin: string, data: string): Promise<Cluster> {
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(await temporaryFolder(), 'password');
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await giveToServerUser(passwordFile);
    // Full-text search folds the case of letters by this locale; the plain C locale knows ASCII only.
    const locale = platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
    const options = [
      `--locale=${locale}`,
      '--encoding=UTF8',
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--no-sync',
    ];
    await runProgram(join(bin, 'initdb'), ['--pgdata', data, ...options]);
  } finally {
    await rm(join(passwordFile, '..'), { recursive: true, force: true });
  }
  return { bin, data, password };
}

async function giveToServerUser(path: string): Promise<void> {
  if (asServerUser.uid !== undefined) await chown(path, unprivileged.uid, unprivileged.gid);
}

/** A folder that the server's user can write to, or null when it is out of his reach. */
export async function ownFolder(path: string): Promise<string | null> {
  await mkdir(path, { recursive: true });
  await giveToServerUser(path);
  return (await succeeds('test', ['-w', path])) ? path : null;
}

/** A TCP port that is free at this moment on the loopback address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return runProgram(program, args).then(
    () => true,
    () => false,
  );
}

/** Runs a program as the server's user to its end. */
export function runProgram(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // pg_ctl leaves the server behind with its outputs: files, or this process would wait for the server's end.
    const child = spawn(program, args, { ...asServerUser, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${errors.trim()}`))));
  });
}
