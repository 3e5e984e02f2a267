/** Step "check": both servers can do what is needed, they belong to the volume, and nobody else is at work. Ends with a run in the target. */
import { collections } from '../catalog/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import { migrationNames } from '../prisma/history.ts';
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
    checkSameAppliance(run, appliance);
    await checkSameSource(session, run, source);
    return { run, versions, missingCollections, notCopied };
  }
  if (missingCollections.length === collections.length) throw notNextCrm(source);
  await checkUnused(session, migrationNames);
  const created = await createRun(session, {
    appliance,
    sourceKind: source.kind,
    sourceDatabase: source.database,
    sourceDescription: source.description,
  });
  return { run: created, versions, missingCollections, notCopied };
}

function notNextCrm(source: Source): Failure {
  return new Failure({
    code: 'SOURCE_NOT_NEXTCRM',
    exit: exitCodes.usage,
    what: `${source.description} (database ${source.database}) holds none of NextCRM's collections.`,
    next: 'Check the database name at the end of MONGODB_URL, or the folder of the dump: it must be the database that NextCRM used.',
  });
}
