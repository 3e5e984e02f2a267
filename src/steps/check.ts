/** Step "check": both servers can do what is needed, they belong to the volume, and nobody else is at work. Ends with a run in the target. */
import { type Catalog, sourceNamesOf } from '../catalog/index.ts';
import { checkSameAppliance, checkSameSource } from '../preconditions/identity.ts';
import { ownObjects } from '../preconditions/own-objects.ts';
import { checkNotStarted } from '../preconditions/started-empty.ts';
import { lookForTheRest, requireDocuments, requireKnownCollection, type WholeSource } from '../preconditions/whole-source.ts';
import { checkNoArchive } from '../releases/archive.ts';
import type { Source } from '../source/source.ts';
import { readProgress } from '../state/progress-rows.ts';
import { type Run, readRun } from '../state/run.ts';
import { createRun } from '../state/transitions.ts';
import { preflight } from '../target/preflight/preflight.ts';
import type { Session } from '../target/session.ts';
import { readVersions, type TargetVersions } from '../target/versions.ts';

export interface Checked {
  readonly run: Run;
  readonly versions: TargetVersions;
  /** Collections of the catalog that the source does not have. */
  readonly missingCollections: readonly string[];
  /** Views and system collections: named, not copied. */
  readonly notCopied: readonly string[];
  /** What may be missing. */
  readonly rest: WholeSource;
}

export async function check(session: Session, source: Source, catalog: Catalog, appliance: string): Promise<Checked> {
  const run = await readRun(session);
  if (run === null) await checkNotStarted(session, catalog);
  await preflight(session, ownObjects(catalog), run === null);
  const versions = await readVersions(session, 'installed or available');
  const found = await source.collections();
  const names = new Set(found.filter(({ type }) => type === 'collection').map(({ name }) => name));
  const known = new Set(sourceNamesOf(catalog));
  const missingCollections = catalog.collections.map(({ collection }) => collection).filter((name) => !names.has(name));
  const notCopied = found.filter(({ type }) => type !== 'collection').map(({ name }) => name);
  const rest = await lookForTheRest(source, known);
  if (run !== null) {
    await checkSameAppliance(session, run, appliance);
    await checkSameSource(session, run, source);
    // Nothing is loaded yet: the source may have been emptied, or replaced, since the first start.
    if ((await readProgress(session)).every(({ read }) => read === 0)) await requireDocuments(source, found);
    return { run, versions, missingCollections, notCopied, rest };
  }
  await requireDocuments(source, found);
  requireKnownCollection(source, found, known);
  await checkNoArchive(session);
  const created = await createRun(session, {
    appliance,
    sourceKind: source.kind,
    sourceDatabase: source.database,
    sourceDescription: source.description,
  });
  return { run: created, versions, missingCollections, notCopied, rest };
}
