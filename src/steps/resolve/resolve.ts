/**
 * Step "resolve": what needs the whole of the data, by set-based SQL until nothing changes: references given as strings,
 * values too large for an index, unique values, references that dangle, and rows that must go because of others.
 * Every rule can be run again: a kill in between costs nothing.
 */
import { collections } from '../../catalog/index.ts';
import { enterStep } from '../../state/run.ts';
import { drainPendingRejects, type RejectJob } from './drain.ts';
import { fillIdMap } from './id-map.ts';
import { resolveLookups } from './lookups.ts';
import { rejectOversized } from './oversized.ts';
import { redirectTaskComments } from './redirect.ts';
import { resolveReferences } from './references.ts';
import { rejectRepeatedIds } from './repeated-ids.ts';
import { rejectDuplicates } from './unique.ts';

export async function resolve(job: RejectJob): Promise<void> {
  const { session, progress } = job;
  const drain = () => drainPendingRejects(job);

  await drain();
  await fillIdMap(session);
  await rejectRepeatedIds(session);
  await drain();

  progress.note('looking up references given as strings or numbers');
  await resolveLookups(session);
  await drain();

  progress.note('looking for values that an index cannot hold');
  await rejectOversized(session);
  await drain();

  progress.note('looking for values that must be unique');
  await rejectDuplicates(session);
  await drain();

  progress.note('looking for references to documents that do not exist');
  do {
    await redirectTaskComments(session);
    for (const spec of collections) await resolveReferences(session, spec);
  } while ((await drain()) > 0);

  await enterStep(session, 'link');
}
