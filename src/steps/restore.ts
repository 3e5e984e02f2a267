/**
 * Step "index": the keys and indexes come back as they were, each a checkpoint of its own, and the planner gets its statistics. The
 * rows are final now, so what later releases drop is copied.
 */
import { makeArchive } from '../archive/archive.ts';
import { collections, junctions } from '../catalog/index.ts';
import type { Progress } from '../progress/progress.ts';
import { enterStep } from '../state/run.ts';
import { quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { readSuspended, restore } from '../target/suspended.ts';

export async function restoreKeysAndIndexes(session: Session, progress: Progress, signal: AbortSignal): Promise<void> {
  const down = await readSuspended(session);
  progress.begin('keys and indexes', down.length, 0);
  for (const [index, suspended] of down.entries()) {
    signal.throwIfAborted();
    await restore(session, suspended);
    progress.advance('keys and indexes', index + 1);
  }
  progress.end('keys and indexes');
  const tables = [...collections.map(({ collection }) => collection), ...junctions.map(({ table }) => table)];
  await session.script(`analyze ${tables.map((table) => `public.${quoted(table)}`).join(', ')}, nextcrm_migration.id_map`);
  progress.note('copying what later releases of NextCRM drop into nextcrm_archive');
  await session.transaction(async () => {
    await makeArchive(session);
    await enterStep(session, 'validate');
  });
}
