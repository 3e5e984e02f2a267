/** The reports on the volume: the latest at the top, each one of them under reports/ID/. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../report/model.ts';
import { isReportId } from '../report/report-id.ts';
import type { Content } from './files.ts';

export type { Content } from './files.ts';

export const reportsFolder = 'reports';

/** What a report consists of. A file that is not given stays as it is; `rejects.jsonl` may be long: it comes line by line. */
export interface ReportFiles {
  readonly 'report.json': Content;
  readonly 'report.txt': Content;
  readonly 'report.html': Content;
  readonly 'rejects.jsonl'?: Content;
}

/** In the order in which they are written: report.json, which tells the state, comes last. */
export const reportFileNames = [
  'rejects.jsonl',
  'report.txt',
  'report.html',
  'report.json',
] as const satisfies readonly (keyof ReportFiles)[];

/** The latest report, or the one of this ID; null where there is none that can be read. */
export async function readReport(directory: string, id?: string): Promise<Report | null> {
  if (id !== undefined && !isReportId(id)) return null;
  const folder = id === undefined ? directory : join(directory, reportsFolder, id);
  try {
    const parsed: unknown = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
    return isReport(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** One after the other, in the order of their IDs; those that cannot be read are left out. */
export async function* readReports(directory: string): AsyncGenerator<Report> {
  const ids = await readdir(join(directory, reportsFolder)).catch(() => []);
  for (const id of ids.sort()) {
    const report = await readReport(directory, id);
    if (report !== null) yield report;
  }
}

/** By its outline: we wrote it, whole or not at all. */
function isReport(value: unknown): value is Report {
  if (typeof value !== 'object' || value === null) return false;
  const { version, id, state, findings, collections } = value as Partial<Record<keyof Report, unknown>>;
  return (
    version === 1 &&
    typeof id === 'string' &&
    isReportId(id) &&
    typeof state === 'string' &&
    Array.isArray(findings) &&
    typeof collections === 'object' &&
    collections !== null
  );
}
