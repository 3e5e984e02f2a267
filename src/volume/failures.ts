/** What goes wrong on the mounted volume, in words for the person who mounted it. */
import { exitCodes, Failure } from '../failure.ts';

export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';

export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** `owner` of the folder that refused; null where even that cannot be seen. */
export function notWritable(
  directory: string,
  error: unknown,
  owner: Ownership | null,
  us: { readonly uid: number; readonly gid: number },
): Failure {
  const common = { code: 'VOLUME_NOT_WRITABLE', exit: exitCodes.usage, cause: error };
  switch (errorCode(error)) {
    case 'EROFS':
      return new Failure({
        ...common,
        what: `The volume ${directory} cannot be written: it is mounted read-only.`,
        next: 'Mount it without :ro (or read_only), or set MIGRATION_DIR to a writable folder.',
      });
    case 'ENOTDIR':
    case 'EEXIST':
      return new Failure({
        ...common,
        what: `The volume ${directory} cannot be used: it, or a part of its path, is a file.`,
        next: 'Set MIGRATION_DIR to a folder.',
      });
    case 'EACCES':
    case 'EPERM': {
      const whose =
        owner === null ? 'its owner is unknown' : `it belongs to uid ${owner.uid}, gid ${owner.gid} (mode ${octal(owner.mode)})`;
      return new Failure({
        ...common,
        what: `The volume ${directory} cannot be written: ${whose}, and this process runs as uid ${us.uid}, gid ${us.gid}.`,
        next: `On the host, run: sudo chown -R ${us.uid}:${us.gid} FOLDER (FOLDER is the folder mounted at ${directory}). Then start again.`,
      });
    }
    default:
      return new Failure({
        ...common,
        what: `The volume ${directory} cannot be written (${errorCode(error)}).`,
        next: 'Check that the folder exists and is writable, or set MIGRATION_DIR to another one.',
      });
  }
}

/** While the migration runs: a full disk and the rest. `error` is handed through where it is no error of the file system. */
export function writeFailure(directory: string, error: unknown): unknown {
  const code = errorCode(error);
  if (error instanceof Failure || !/^E[A-Z0-9]+$/.test(code)) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Failure({
      code: 'VOLUME_FULL',
      exit: exitCodes.target,
      what: `The volume ${directory} is full: checkpoint, log and reports cannot be written.`,
      next: 'Free space on its disk, then start again: the migration resumes where it stopped.',
      cause: error,
    });
  }
  return new Failure({
    code: 'VOLUME_WRITE_FAILED',
    exit: exitCodes.target,
    what: `A file of the volume ${directory} cannot be written (${code}).`,
    next: 'Check the disk and the folder, then start again: the migration resumes where it stopped.',
    cause: error,
  });
}

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(3, '0');
