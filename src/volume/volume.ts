/** The mounted volume: the only place on disk that we write to. */
import { open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Report } from '../report/model.ts';
import { type BrokenCheckpoint, type Checkpoint, checkpointFile, checkpointText, readCheckpoint } from './checkpoint.ts';
import { EventLog, type LogEvent } from './event-log.ts';
import { errorCode, notWritable, type Ownership, writeFailure } from './failures.ts';
import { assertPlainName, type Content, copyAtomically, makeFolder, removeLeftBehind, writeAtomically } from './files.ts';
import { type ReportFiles, readReport, readReports, reportFileNames, reportsFolder } from './saved-report.ts';

export type { BrokenCheckpoint, Checkpoint } from './checkpoint.ts';
export type { Content } from './files.ts';
export type { ReportFiles } from './saved-report.ts';

/** Every method throws Failure for a disk that is full or cannot be written. */
export interface Volume extends AsyncDisposable {
  /** Absolute. */
  readonly directory: string;
  /** `name` is a plain file name. */
  writeAtomically(name: string, content: Content): Promise<void>;
  /** Appends one line to migration.log, a moment later. Never a value of a document, never a secret. */
  log(event: LogEvent): void;
  /** Synchronous, for the last words before the process ends. */
  flushLog(): void;
  readCheckpoint(): Promise<Checkpoint | BrokenCheckpoint | null>;
  writeCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /** Under reports/ID/, and then at the top, replacing what was there of the report before. */
  saveReport(id: string, files: ReportFiles): Promise<void>;
  /** Under reports/ID/ alone. */
  keepReport(id: string, files: ReportFiles): Promise<void>;
  /** What is kept under reports/ID/ takes the place at the top; report.json, which tells the state, comes last. */
  putOnTop(id: string): Promise<void>;
  /** At the top alone. */
  saveOnTop(files: ReportFiles): Promise<void>;
  /** The latest, or that of an ID; null where there is none that can be read. */
  readReport(id?: string): Promise<Report | null>;
  /** All that are kept under reports/ and can be read, one after the other. */
  readReports(): AsyncIterable<Report>;
}

const logFile = 'migration.log';

/** Makes the folder where it is missing. @throws Failure (usage) that says whose it is, where it cannot be written. */
export async function openVolume(directory: string): Promise<Volume> {
  let log: EventLog;
  try {
    await makeFolder(join(directory, reportsFolder));
    await assertWritable(directory);
    await assertWritable(join(directory, reportsFolder));
    await removeLeftBehind(directory, Date.now());
    log = new EventLog(join(directory, logFile));
  } catch (error) {
    if (['ENOSPC', 'EDQUOT'].includes(errorCode(error))) throw writeFailure(directory, error);
    throw notWritable(directory, error, await ownerOf(directory), {
      uid: process.getuid?.() ?? -1,
      gid: process.getgid?.() ?? -1,
    });
  }
  return new MountedVolume(directory, log);
}

/** By doing it: permissions alone say nothing of quotas, read-only mounts and odd file systems. */
async function assertWritable(folder: string): Promise<void> {
  const probe = join(folder, `.probe.${process.pid}.tmp`);
  const file = await open(probe, 'w');
  await file.close();
  await rm(probe, { force: true });
}

/** Of the folder, or of the nearest one above it that exists: there it could not be made. */
async function ownerOf(directory: string): Promise<Ownership | null> {
  for (let folder = directory; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found !== null) return found;
    if (folder === dirname(folder)) return null;
  }
}

class MountedVolume implements Volume {
  readonly directory: string;
  readonly #log: EventLog;

  constructor(directory: string, log: EventLog) {
    this.directory = directory;
    this.#log = log;
  }

  async writeAtomically(name: string, content: Content): Promise<void> {
    assertPlainName(name);
    await this.#guarded(() => writeAtomically(join(this.directory, name), content));
  }

  log(event: LogEvent): void {
    this.#log.add(event);
  }

  flushLog(): void {
    try {
      this.#log.flush();
    } catch (error) {
      throw writeFailure(this.directory, error);
    }
  }

  readCheckpoint(): Promise<Checkpoint | BrokenCheckpoint | null> {
    return readCheckpoint(this.directory);
  }

  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await this.writeAtomically(checkpointFile, checkpointText(checkpoint));
  }

  async saveReport(id: string, files: ReportFiles): Promise<void> {
    await this.keepReport(id, files);
    await this.#copyToTop(id, Object.keys(files));
  }

  async keepReport(id: string, files: ReportFiles): Promise<void> {
    assertPlainName(id);
    const folder = join(this.directory, reportsFolder, id);
    await this.#guarded(async () => {
      await makeFolder(folder);
      await writeAll(folder, files);
    });
  }

  async putOnTop(id: string): Promise<void> {
    assertPlainName(id);
    const kept = await this.#guarded(() => readdir(join(this.directory, reportsFolder, id)));
    await this.#copyToTop(id, kept);
  }

  async saveOnTop(files: ReportFiles): Promise<void> {
    await this.#guarded(() => writeAll(this.directory, files));
  }

  async #copyToTop(id: string, names: readonly string[]): Promise<void> {
    await this.#guarded(async () => {
      for (const name of reportFileNames.filter((one) => names.includes(one)))
        await copyAtomically(join(this.directory, reportsFolder, id, name), join(this.directory, name));
    });
  }

  readReport(id?: string): Promise<Report | null> {
    return readReport(this.directory, id);
  }

  readReports(): AsyncIterable<Report> {
    return readReports(this.directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#log.close();
    } catch (error) {
      throw writeFailure(this.directory, error);
    }
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw writeFailure(this.directory, error);
    }
  }
}

async function writeAll(folder: string, files: ReportFiles): Promise<void> {
  for (const name of reportFileNames) {
    const content = files[name];
    if (content !== undefined) await writeAtomically(join(folder, name), content);
  }
}
