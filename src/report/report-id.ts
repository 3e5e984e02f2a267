/** The name of a report, short enough to be typed after `accept`; in order of time. Names a folder of the volume. */
import { randomBytes } from 'node:crypto';

/** YYYYMMDD-HHMMSS (UTC) and four random hex digits, for two of the same second. */
export function newReportId(at: Date): string {
  const digits = at.toISOString().replace(/[-:T]|\..*$/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-${randomBytes(2).toString('hex')}`;
}

export const isReportId = (text: string): boolean => /^\d{8}-\d{6}-[0-9a-f]{4}$/.test(text);
