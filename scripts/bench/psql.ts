/** `psql \copy` in binary, timed by its own process. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { binFolder, postgresBinaries } from '../lib/postgres/binaries.ts';

const run = promisify(execFile);

export const copyToFile = (url: string, table: string, file: string) =>
  timed(url, `\\copy public."${table}" to '${file}' with (format binary)`);
/** Returns the seconds that it took. */
export const copyFromFile = (url: string, table: string, file: string) =>
  timed(url, `\\copy public."${table}" from '${file}' with (format binary)`);

async function timed(url: string, command: string): Promise<number> {
  const psql = join(binFolder(await postgresBinaries()), 'psql');
  const beganMs = performance.now();
  await run(psql, ['--no-psqlrc', '--set=ON_ERROR_STOP=1', '--command', command, url]);
  return (performance.now() - beganMs) / 1000;
}
