/** A report as the files that it consists of on the volume. */
import type { Content, ReportFiles } from '../volume/saved-report.ts';
import { reportPage } from './html.ts';
import type { Report } from './model.ts';
import { reportText } from './text.ts';

/** `rejects` are the lines of rejects.jsonl; without them that file stays as it is. */
export function reportFiles(report: Report, rejects?: Content): ReportFiles {
  return {
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
    'report.txt': reportText(report),
    'report.html': reportPage(report),
    ...(rejects === undefined ? {} : { 'rejects.jsonl': rejects }),
  };
}
