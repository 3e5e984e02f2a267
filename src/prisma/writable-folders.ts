/** The Prisma CLI writes to a temporary folder and to the home folder, and ends where one is missing. The volume is always writable. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { type Environment, environmentSettings, inheritedEnvironment } from '../config/settings.ts';

/** Those of the environment where they can be written to, else another that can. */
export async function writableFolders(): Promise<Environment> {
  const { HOME, TMPDIR } = inheritedEnvironment();
  const others = ['/tmp', environmentSettings({ source: false, target: false }).directory];
  const [temporary] = await writable([TMPDIR, ...others]);
  const [home] = await writable([HOME, TMPDIR, ...others]);
  return { TMPDIR: temporary ?? TMPDIR, HOME: home ?? HOME };
}

async function writable(folders: readonly (string | undefined)[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    if (folder === undefined || folder === '') continue;
    const isWritable = await access(`${folder}/.`, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isWritable) found.push(folder);
  }
  return found;
}
