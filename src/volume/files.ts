/** Files that are whole or not there: a kill at any moment leaves the former content, never half of the new one. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { invariant } from '../failure.ts';
import { errorCode } from './failures.ts';

export type Content = string | Iterable<string> | AsyncIterable<string | Uint8Array>;

/** Long enough that no living process can still be writing it. */
const leftBehindMs = 24 * 60 * 60 * 1000;
const temporary = /^\..+\.[0-9a-f]{8}\.tmp$/;

/** Names are ours, but one of them carries the ID of a report: no way out of the folder. */
export function assertPlainName(name: string): void {
  invariant(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name), 'Expected a plain file name');
}

/** Not mkdir's `recursive`: it never returns where the file system says ENOENT for a folder that cannot be made (/proc, say). */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' && dirname(path) !== path && !(await isFolder(dirname(path)))) {
      await makeFolder(dirname(path));
      await mkdir(path);
      return;
    }
    // A root that cannot be written says EROFS or EACCES for what exists, too.
    if (!(await isFolder(path))) throw error;
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

export async function writeAtomically(path: string, content: Content): Promise<void> {
  const folder = dirname(path);
  const half = join(folder, `.${path.slice(folder.length + 1)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    {
      await using file = await open(half, 'wx', 0o644);
      await writeAll(file, content);
      await file.sync();
    }
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

/** A copy, not a link: not every mounted file system has links. */
export async function copyAtomically(from: string, to: string): Promise<void> {
  const file = await open(from, 'r');
  await writeAtomically(to, file.createReadStream());
}

async function writeAll(file: FileHandle, content: Content): Promise<void> {
  if (typeof content === 'string') return await file.writeFile(content);
  for await (const part of content) await file.writeFile(part);
}

/** The rename itself is on disk only once the folder is. Some network file systems cannot: their rename is as safe as it gets. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP'))) throw error;
  } finally {
    await handle.close();
  }
}

/** Temporary files of processes that were killed. Recent ones may be another process's, which waits for the lock. */
export async function removeLeftBehind(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!temporary.test(name)) continue;
    const path = join(folder, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => now - mtimeMs,
      () => 0,
    );
    if (age > leftBehindMs) await rm(path, { force: true });
  }
}
