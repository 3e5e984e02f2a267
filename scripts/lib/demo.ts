/** The demo: migrates sample/ into a PostgreSQL that it brings along, and tells how to look at the result. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { env, platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import { lastingServer } from './postgres/lasting.ts';
import { program } from './program.ts';

const checkout = resolve(import.meta.dirname, '../..');
const sample = join(checkout, 'sample');
const demoFolder = join(checkout, '.cache/demo');

interface Target {
  readonly url: string;
  readonly folder: string;
  /** Lines for the end. */
  readonly afterwards: readonly string[];
}

/** A server named in the environment comes first: Docker, or the embedded one, only without it. */
async function findTarget(): Promise<Target> {
  const given = env['DATABASE_URL'];
  if (given) return { url: given, folder: join(demoFolder, 'given'), afterwards: ['The database is the one in DATABASE_URL.'] };
  const { server, folder } = await lastingServer(demoFolder);
  console.log(`PostgreSQL for the demo: ${server.description}`);
  return {
    url: server.url,
    folder,
    afterwards: [
      'Connect to the database (it keeps running):',
      `  ${server.psql}`,
      'Remove everything:',
      `  ${server.remove}; rm -rf ${demoFolder}`,
    ],
  };
}

function runProgram({ url, folder }: Target): Promise<number> {
  const environment = {
    ...env,
    MONGODB_URL: pathToFileURL(sample).href,
    DATABASE_URL: url,
    MIGRATION_DIR: join(folder, 'migration-data'),
  };
  return new Promise((done, failed) => {
    const child = spawn(program, [], { stdio: 'inherit', env: environment });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', failed);
    child.on('exit', (code) => done(code ?? 70));
  });
}

try {
  const target = await findTarget();
  const code = await runProgram(target);
  const report = join(target.folder, 'migration-data/report.html');
  const lines = existsSync(report)
    ? ['Open the report in a browser:', `  ${platform === 'darwin' ? 'open' : 'xdg-open'} ${report}`]
    : [];
  const again = code === 0 ? ['The migration is complete: running the same command again does nothing.'] : [];
  console.log(['', ...lines, ...target.afterwards, ...again].join('\n'));
  process.exitCode = code;
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 4;
}
