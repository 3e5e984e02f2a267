/** What the reports of a run on the volume tell of its proof, for a start that continues behind it. */
import type { Finding } from '../findings/finding.ts';
import type { Report } from '../report/model.ts';
import type { Run } from '../state/run.ts';
import type { Volume } from '../volume/volume.ts';

export interface FormerReports {
  /** The findings that a person has accepted, where their report is there. */
  readonly accepted: readonly Finding[] | null;
  /** Of the last report with a proof; nothing where there is none. */
  readonly proved: Partial<Report>;
}

export async function formerReports(volume: Volume, run: Run): Promise<FormerReports> {
  const read = async (id: string | null) => (id === null ? null : await volume.readReport(id));
  const accepted = await read(run.acceptedReportId);
  const reports = [await volume.readReport(), await read(run.reportId)];
  const proved = reports.find((report) => report?.runId === run.id && isProved(report));
  return { accepted: accepted?.findings ?? null, proved: proved ? ofProof(proved) : {} };
}

const isProved = ({ layers }: Report) => Object.values(layers).every(({ status }) => status !== 'not run');

function ofProof(report: Report): Partial<Report> {
  const { source, versions, layers, dangling, missingCollections, notCopied, collections, junctions, keys } = report;
  return { source, versions, layers, dangling, missingCollections, notCopied, collections, junctions, keys };
}
