/** Step "check": both servers can do what is needed, they belong to the volume, and nobody else is at work. Ends with a run in the target. */
import { checkNoArchive } from '../archive/archive.ts';
import { collections } from '../catalog/index.ts';
import { migrationNames } from '../prisma/history.ts';
import { requireKnownCollection } from '../source/open.ts';
import type { Source } from '../source/source.ts';
import { createRun, type Run, readRun } from '../state/run.ts';
import { checkServer, checkUnused, type TargetVersions } from '../target/check.ts';
import type { Session } from '../target/session.ts';
import { checkSameAppliance, checkSameSource } from './identity.ts';

export interface Checked {
  readonly run: Run;
  readonly versions: TargetVersions;
  /** Collections of the catalog that the source does not have. */
  readonly missingCollections: readonly string[];
  /** Views and system collections: named, not copied. */
  readonly notCopied: readonly string[];
}

export async function check(session: Session, source: Source, appliance: string): Promise<Checked> {
  const versions = await checkServer(session);
  const found = await source.collections();
  const names = new Set(found.filter(({ type }) => type === 'collection').map(({ name }) => name));
  const missingCollections = collections.map(({ collection }) => collection).filter((name) => !names.has(name));
  const notCopied = found.filter(({ type }) => type !== 'collection').map(({ name }) => name);
  const run = await readRun(session);
  if (run !== null) {
    await checkSameAppliance(session, run, appliance);
    await checkSameSource(session, run, source);
    return { run, versions, missingCollections, notCopied };
  }
  requireKnownCollection(source, found, new Set(collections.map(({ collection }) => collection)));
  await checkUnused(session, migrationNames);
  await checkNoArchive(session);
  const created = await createRun(session, {
    appliance,
    sourceKind: source.kind,
    sourceDatabase: source.database,
    sourceDescription: source.description,
  });
  return { run: created, versions, missingCollections, notCopied };
}
