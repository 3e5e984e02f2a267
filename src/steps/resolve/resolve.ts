/**
 * Step "resolve": what needs the whole of the data, by set-based SQL until nothing changes: references given as strings,
 * values too large for an index, unique values, references that dangle, and rows that must go because of others.
 * Every rule can be run again: a kill in between costs nothing.
 */
import type { Catalog } from '../../catalog/index.ts';
import { completeStep } from '../../state/transitions.ts';
import { copyReferences } from './copied.ts';
import { drainPendingRejects, type RejectJob } from './drain.ts';
import { recordFormerNames } from './former.ts';
import { fillIdMap } from './id-map.ts';
import { resolveLookups } from './lookups.ts';
import { mergeReferences } from './merged.ts';
import { rejectOversized } from './oversized.ts';
import { redirectReferences } from './redirect.ts';
import { resolveReferences } from './references.ts';
import { loadFreedIds } from './repeated-ids.ts';
import { rejectDuplicates } from './unique.ts';

export interface ResolveJob extends RejectJob {
  readonly catalog: Catalog;
}

export async function resolve(job: ResolveJob): Promise<void> {
  await drainPendingRejects(job);
  while (!(await resolveOnce(job)));
  await completeStep(job.session, 'resolve');
}

/** False where documents were loaded that no rule has seen: then it begins again. */
async function resolveOnce(job: ResolveJob): Promise<boolean> {
  const { session, catalog, progress } = job;
  /** True where a rejected document has left its `_id` to another one. */
  const freesIds = async () => (await drainPendingRejects(job)) > 0 && (await loadFreedIds(job));

  await fillIdMap(session, catalog);
  if (await loadFreedIds(job)) return false;
  await recordFormerNames(session);

  progress.note('resolving references stored as strings or numbers');
  await resolveLookups(session, catalog);
  if (await freesIds()) return false;

  progress.note('checking for values that are too large for an index');
  await rejectOversized(session, catalog);
  if (await freesIds()) return false;

  progress.note('checking unique values');
  await rejectDuplicates(session, catalog);
  if (await freesIds()) return false;
  await mergeReferences(session, catalog);

  progress.note('checking for dangling references');
  for (;;) {
    for (const spec of catalog.collections) {
      await redirectReferences(session, spec);
      await resolveReferences(session, spec);
    }
    if ((await drainPendingRejects(job)) === 0) break;
    if (await loadFreedIds(job)) return false;
  }
  for (const spec of catalog.collections) await copyReferences(session, spec);
  return true;
}
