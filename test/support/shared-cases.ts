/** The inputs of `../shared/cases`, beside the checkout or beside a folder above it: made after public reports of faults, each an archive. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = foldersAbove(fileURLToPath(new URL('../..', import.meta.url)))
  .map((above) => join(above, '..', 'shared', 'cases'))
  .find((cases) => existsSync(join(cases, 'README.md')));

/** Null where the inputs are there, else why a test cannot have them. */
export const sharedCasesUnavailable: string | null = folder === undefined ? '../shared/cases is not there' : null;

/** Unpacks the input into a folder of its name in `into`, and gives that. */
export async function sharedCase(name: string, into: string): Promise<string> {
  await promisify(execFile)('tar', ['xzf', join(folder ?? '', `${name}.tar.gz`), '-C', into]);
  return join(into, name);
}

function foldersAbove(path: string): readonly string[] {
  return dirname(path) === path ? [path] : [path, ...foldersAbove(dirname(path))];
}
