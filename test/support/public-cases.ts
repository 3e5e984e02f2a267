/** Dump folders made up after public reports of faults, each an archive in `test/fixtures/public-cases`. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('../fixtures/public-cases', import.meta.url));

/** Unpacks the input into a folder of its name in `into`, and gives that. */
export async function publicCase(name: string, into: string): Promise<string> {
  await promisify(execFile)('tar', ['xzf', join(folder, `${name}.tar.gz`), '-C', into]);
  return join(into, name);
}
