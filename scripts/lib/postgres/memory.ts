/**
 * Where the data of a throw-away server is kept in memory. Making a database, its tables and its indexes is making some thousand files:
 * a third of the time of a small migration on a disk.
 */
import { access, constants, statfs } from 'node:fs/promises';
import { availableMemory } from 'node:process';

/** The largest databases of the tests, the server's log and what the tests themselves take. */
const bytesMin = 12 * 1024 ** 3;

export const memoryForServer = (): boolean => availableMemory() >= bytesMin;

/** A folder of this machine that is kept in memory, with room for a server's data; undefined where there is none. */
export async function memoryFolder(): Promise<string | undefined> {
  const folder = '/dev/shm';
  if (!memoryForServer()) return undefined;
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= bytesMin / 2 ? folder : undefined;
  } catch {
    return undefined;
  }
}
