/** Do volume, source and target belong to the same migration? Host, user and database name of the target do not count: they differ between networks. */
import { exitCodes, Failure } from '../failure.ts';
import { hasRejects } from '../ledger/findings.ts';
import type { Source } from '../source/source.ts';
import { readProgress } from '../state/progress-rows.ts';
import type { Run } from '../state/run.ts';
import type { Session } from '../target/session.ts';
import type { BrokenCheckpoint, Checkpoint } from '../volume/volume.ts';

/** `run` is the target's, `checkpoint` the volume's; where that cannot be read, the target decides. */
export function checkSameTarget(run: Run | null, checkpoint: Checkpoint | BrokenCheckpoint | null, target: string): void {
  if (checkpoint === null || 'broken' in checkpoint || checkpoint.runId === run?.id) return;
  const found = run === null ? 'contains no migration' : `contains another migration (${run.id})`;
  throw new Failure({
    code: 'OTHER_TARGET',
    exit: exitCodes.usage,
    what: `The volume belongs to migration ${checkpoint.runId} into ${checkpoint.target.description}, but the database ${target} ${found}.`,
    next: 'Set DATABASE_URL to the database of that migration. To start a new migration, use a new volume (or an empty MIGRATION_DIR) and an empty database.',
  });
}

/**
 * What one version has begun, it also ends; and taking up rejected documents again is part of it, since two versions may convert the
 * same value in two ways. Proving a finished migration again is left to any version.
 */
export async function checkSameAppliance(session: Session, run: Run, version: string): Promise<void> {
  if (run.appliance === version) return;
  // Also while it is proved again.
  const finished = run.finishedAt !== null;
  if (finished && !(await hasRejects(session))) return;
  throw new Failure({
    code: 'OTHER_APPLIANCE',
    exit: exitCodes.usage,
    what: finished
      ? `This migration was finished by version ${run.appliance}, with rejected documents. This is version ${version}, which may convert them differently.`
      : `This migration was started by version ${run.appliance}; this is version ${version}.`,
    next: finished
      ? `Retry them with version ${run.appliance}, accept the findings (accept ID), or start over with an empty database and volume.`
      : `Continue with version ${run.appliance}, or start over with an empty database and volume.`,
  });
}

/** Before anything is written: where the reading stopped, a server and a dump tell in words of their own. */
export async function checkSameSource(session: Session, run: Run, source: Source): Promise<void> {
  if (run.sourceKind !== source.kind) throw otherSource(run, source, 'one cannot resume where the other stopped');
  await checkSameData(session, run, source);
}

/** By the database's name and by the UUIDs of its collections, where both times knew them; a dump of the same server will do. */
export async function checkSameData(session: Session, run: Run, source: Source): Promise<void> {
  if (run.sourceDatabase !== source.database) throw otherSource(run, source, 'the database name is different');
  const now = new Map((await source.collections()).map(({ name, uuid }) => [name, uuid]));
  for (const { collection, sourceUuid } of await readProgress(session)) {
    const uuid = now.get(collection);
    if (sourceUuid !== null && uuid !== null && uuid !== undefined && uuid !== sourceUuid) {
      throw otherSource(run, source, `its collection ${collection} has a different UUID`);
    }
  }
}

const kinds: Readonly<Record<Source['kind'], string>> = { server: 'a MongoDB server', dump: 'a dump folder' };

function otherSource(run: Run, source: Source, why: string): Failure {
  return new Failure({
    code: 'OTHER_SOURCE',
    exit: exitCodes.usage,
    what: `This migration reads from ${kinds[run.sourceKind]} (${run.sourceDescription}, database ${run.sourceDatabase}), but MONGODB_URL is ${kinds[source.kind]} (${source.description}, database ${source.database}): ${why}.`,
    next: 'Set MONGODB_URL to the source of this migration. To migrate another source, start over with an empty database and volume.',
  });
}
