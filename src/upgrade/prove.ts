/** The proof in an upgraded database: what the release left alone is as it was, and what it moved or dropped is in its place. */
import type { Catalog } from '../catalog/index.ts';
import { proveReleases } from '../releases/prove.ts';
import { hasLedger } from '../releases/record.ts';
import type { Run } from '../state/run.ts';
import type { Session } from '../target/session.ts';
import { compareWithSnapshot } from './compare.ts';
import { type Circumstances, type Judged, judge, type Note } from './judge.ts';
import { rulesOf } from './rules.ts';
import { readTypes } from './snapshot.ts';
import { keyedTables } from './tables.ts';

export interface UpgradedJob {
  readonly session: Session;
  readonly catalog: Catalog;
  readonly run: Pick<Run, 'finishedAt' | 'startedAt'>;
  readonly signal: AbortSignal;
}

/** Reads only. */
export async function proveUpgraded(
  { session, catalog, run, signal }: UpgradedJob,
  circumstances: Circumstances,
): Promise<Judged> {
  const comparison = await compareWithSnapshot(session, keyedTables(catalog), rulesOf(catalog.releases), signal);
  const proved = (await hasLedger(session))
    ? await proveReleases(session, catalog.releases, run.finishedAt ?? run.startedAt, signal)
    : { compared: 0, wrong: [], modified: [] };
  const judged = judge(comparison, proved, circumstances);
  return { ...judged, notes: [...judged.notes, ...(await additions(session, catalog))] };
}

/** Tables and columns that the release has and the migration did not make. */
async function additions(session: Session, { structure }: Catalog): Promise<readonly Note[]> {
  const ours = new Map(
    Object.entries(structure.tables).map(([name, { columns }]) => [name, new Set(columns.map((one) => one.name))]),
  );
  const tables: string[] = [];
  const columns: string[] = [];
  for (const [table, types] of await readTypes(session)) {
    const known = ours.get(table);
    if (known === undefined) tables.push(table);
    else columns.push(...[...types.keys()].filter((column) => !known.has(column)).map((column) => `${table}.${column}`));
  }
  const parts = [...partOf('table', tables), ...partOf('column', columns)];
  return parts.length === 0 ? [] : [{ code: 'STRUCTURE_ADDED', what: `NextCRM's migrations added ${parts.join('; ')}.` }];
}

const namedMax = 10;

function partOf(kind: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > namedMax ? ', …' : '';
  return [`${names.length} ${kind}${names.length === 1 ? '' : 's'} (${names.slice(0, namedMax).join(', ')}${more})`];
}
