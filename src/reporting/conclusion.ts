/** The end of a report: what the target counts, what was found, and the verdict over it. */
import { type Catalog, tableNamesOf } from '../catalog/index.ts';
import type { ExitCode } from '../failure.ts';
import { type FoundBefore, verdictOver } from '../findings/accepted.ts';
import type { Finding, Verdict } from '../findings/finding.ts';
import { readDamage, readDanglingFields, readRejectCounts } from '../ledger/findings.ts';
import type { Report } from '../report/model.ts';
import { queryFor } from '../report/queries.ts';
import { statementsFor } from '../report/statements.ts';
import { readBalances, readPairs } from '../state/balance.ts';
import type { Run } from '../state/run.ts';
import { readKeyCounts } from '../target/key-counts.ts';
import type { Session } from '../target/session.ts';
import { loadFinding } from './report-parts.ts';

export type Concluded = Report & { readonly verdict: Verdict; readonly exitCode: ExitCode };

export async function countsOf(session: Session, catalog: Catalog, { dangling }: Report): Promise<Partial<Report>> {
  const junctions = await readPairs(session, catalog);
  return {
    junctions,
    collections: await readBalances(session, catalog, junctions),
    dangling: { ...dangling, fields: await readDanglingFields(session) },
    keys: await readKeyCounts(session, tableNamesOf(catalog)),
  };
}

/** What the load found: rejected documents, and parts of the source that cannot be read. */
export async function loadFindings(session: Session): Promise<readonly Finding[]> {
  return [...(await readRejectCounts(session)), ...(await readDamage(session))].map(loadFinding);
}

export function concluded(
  report: Report,
  findings: readonly Finding[],
  accepted: readonly FoundBefore[],
  catalog: Catalog,
  sourceKind: Run['sourceKind'],
): Concluded {
  const now = new Date().toISOString();
  return {
    ...report,
    ...verdictOver(findings, accepted),
    findings: findings.map((finding) => ({
      ...finding,
      query: queryFor(finding, catalog),
      ...statementsFor(finding, catalog, sourceKind),
    })),
    state: 'finished',
    step: null,
    writtenAt: now,
    finishedAt: now,
  };
}
