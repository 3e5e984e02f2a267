/** checkpoint.json: where the migration stands and what it belongs to, for people, `status` and the next start. The database decides where they differ. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StepName, stepNames } from '../progress/progress.ts';
import { errorCode } from './failures.ts';

export interface Checkpoint {
  readonly version: 1;
  readonly runId: string;
  readonly source: { readonly kind: 'server' | 'dump'; readonly database: string; readonly description: string };
  readonly target: { readonly description: string };
  /** The step under way or the next one. */
  readonly step: StepName | 'finished';
  /** ISO 8601. */
  readonly writtenAt: string;
  readonly collections: { readonly [name: string]: { readonly batch: number; readonly read: number; readonly done: boolean } };
  /** How the last run ended; null while one is under way, or after a kill. */
  readonly exitCode: number | null;
  readonly reportId: string | null;
}

/** A file that is there and tells nothing. */
export interface BrokenCheckpoint {
  readonly broken: true;
}

export const checkpointFile = 'checkpoint.json';

/** Null where there is none yet. */
export async function readCheckpoint(directory: string): Promise<Checkpoint | BrokenCheckpoint | null> {
  let text: string;
  try {
    text = await readFile(join(directory, checkpointFile), 'utf8');
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(errorCode(error)) ? null : { broken: true };
  }
  try {
    const parsed: unknown = JSON.parse(text);
    return isCheckpoint(parsed) ? parsed : { broken: true };
  } catch {
    return { broken: true };
  }
}

export const checkpointText = (checkpoint: Checkpoint): string => `${JSON.stringify(checkpoint, null, 2)}\n`;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

function isCheckpoint(value: unknown): value is Checkpoint {
  if (!isFields(value)) return false;
  const { version, runId, source, target, step, writtenAt, collections, exitCode, reportId } = value;
  return (
    version === 1 &&
    typeof runId === 'string' &&
    isFields(source) &&
    (source['kind'] === 'server' || source['kind'] === 'dump') &&
    typeof source['database'] === 'string' &&
    typeof source['description'] === 'string' &&
    isFields(target) &&
    typeof target['description'] === 'string' &&
    typeof step === 'string' &&
    (step === 'finished' || (stepNames as readonly string[]).includes(step)) &&
    typeof writtenAt === 'string' &&
    !Number.isNaN(Date.parse(writtenAt)) &&
    isFields(collections) &&
    Object.values(collections).every(
      (row) => isFields(row) && isCount(row['batch']) && isCount(row['read']) && typeof row['done'] === 'boolean',
    ) &&
    (exitCode === null || isCount(exitCode)) &&
    (reportId === null || typeof reportId === 'string')
  );
}
