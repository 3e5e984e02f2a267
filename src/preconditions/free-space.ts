/** Is there room for a migration? Before the first write; where it is not known, nothing is said. */
import { statfs } from 'node:fs/promises';
import { exitCodes, Failure } from '../failure.ts';
import type { Source } from '../source/source.ts';
import { dataDirectory } from '../target/disk.ts';
import type { Session } from '../target/session.ts';

const mebibyte = 1024 * 1024;

/** Log, checkpoint, and the reports of one run, each kept twice: less than 1 MiB of a database with findings in every collection. */
export const volumeBytesMin = 2 * mebibyte;

/** The schema without a row takes more than that in tables, indexes and the catalog of the server. */
const targetBytesMin = 2 * mebibyte;

/** Rows, indexes and the records of the migration beside the documents of the source; a guess, and so no more than a note. */
const targetBytesPerSourceByte = 3;

/** @throws Failure where it is surely not enough. */
export async function requireFreeSpace(
  { session, source, volume }: { readonly session: Session; readonly source: Source; readonly volume: string },
  note: (line: string) => void,
): Promise<void> {
  await requireVolumeSpace(volume);
  const directory = await dataDirectory(session);
  const free = directory === null ? null : await freeBytes(directory);
  if (directory === null || free === null) return;
  if (free < targetBytesMin) {
    throw new Failure({
      code: 'TARGET_DISK_FULL',
      exit: exitCodes.target,
      what: `The disk of PostgreSQL (${directory}) has ${inMebibytes(free)} free; even an empty migration needs ${inMebibytes(targetBytesMin)}.`,
      next: 'Free space on that disk, then start again. Nothing was written.',
    });
  }
  const bytes = (await source.collections()).reduce((sum, collection) => sum + (collection.bytes ?? 0), 0);
  if (free < bytes * targetBytesPerSourceByte)
    note(
      `the disk of PostgreSQL (${directory}) has ${inMebibytes(free)} free, and the source has ${inMebibytes(bytes)} of documents: it may become full`,
    );
}

/** @throws Failure */
export async function requireVolumeSpace(directory: string): Promise<void> {
  const free = await freeBytes(directory);
  if (free === null || free >= volumeBytesMin) return;
  throw new Failure({
    code: 'VOLUME_FULL',
    exit: exitCodes.target,
    what: `The volume ${directory} has ${inMebibytes(free)} free; log, checkpoint and reports need ${inMebibytes(volumeBytesMin)}.`,
    next: 'Free space on the disk that contains it, then start again. Nothing was written to the target.',
  });
}

/** For this user. Null where the file system does not tell: some of a network report no blocks at all. */
async function freeBytes(path: string): Promise<number | null> {
  const { bavail, bsize, blocks } = await statfs(path).catch(() => ({ bavail: 0, bsize: 0, blocks: 0 }));
  return blocks === 0 ? null : bavail * bsize;
}

const inMebibytes = (bytes: number): string => `${(bytes / mebibyte).toFixed(1)} MiB`;
