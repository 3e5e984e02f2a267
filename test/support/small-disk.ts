/** A disk of a few megabytes, and a way to fill it: a tmpfs, which only root may mount. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Leaves so many bytes free. */
  fill(leaving: number): Promise<void>;
  /** Takes away what `fill` put there. */
  makeRoom(): Promise<void>;
}

/** Null where there can be one, else the reason. */
export async function smallDiskUnavailable(): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'nextcrm-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    await run('umount', [folder]);
    return null;
  } catch {
    return 'a small disk is a tmpfs, and this user may not mount one';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Mounted at `path`, which is made. */
export async function smallDisk(path: string, megabytes: number): Promise<SmallDisk> {
  await mkdir(path, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0777`, 'tmpfs', path]);
  const ballast = join(path, '.ballast');
  return {
    path,
    async fill(leaving) {
      const { bavail, bsize } = await statfs(path);
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leaving)));
    },
    makeRoom: () => rm(ballast, { force: true }),
    async [Symbol.asyncDispose]() {
      await run('umount', ['--lazy', path]);
      await rm(path, { recursive: true, force: true });
    },
  };
}
