/**
 * The program of the compose service "studio": the stock Prisma Studio on DATABASE_URL. By itself Studio listens on the loopback
 * alone, which in a container no published port leads to; so the container's other addresses are led there.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { execa } from 'execa';
import { environmentSettings, inheritedEnvironment } from '../config/settings.ts';
import { Failure } from '../failure.ts';
import { cliEntry, root } from './cli.ts';

/** The one that the compose file publishes: Studio refuses pages that were loaded from another. */
const port = 5555;

try {
  // A browser's connection must not hold the process.
  process.exit(await run(environmentSettings({ source: false, target: true }).target.url));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`\n${error.message}\n${error.next}\n(${error.code}, exit code ${error.exit})\n`);
  process.exit(error.exit);
}

async function run(url: string): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const studio = execa(process.execPath, [cliEntry, 'studio', '--port', String(port), '--browser', 'none'], {
    cwd: root,
    // The environment, since an argument can be read by every user of the machine.
    env: { ...inheritedEnvironment(), DATABASE_URL: url, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
    cancelSignal: stop.signal,
    // It waits for browsers that stay connected, and has nothing to lose.
    killSignal: 'SIGKILL',
  });
  for (const address of ownAddresses()) await leadToLoopback(address);
  const { exitCode, isCanceled } = await studio;
  return isCanceled ? 0 : (exitCode ?? 1);
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address);
}

async function leadToLoopback(address: string): Promise<void> {
  const server = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
    from.pipe(to).pipe(from);
  });
  server.listen(port, address);
  await once(server, 'listening');
  server.unref();
}
