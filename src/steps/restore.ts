/**
 * Step "index": the keys and indexes come back as they were, each a checkpoint of its own, and the planner gets its statistics. The
 * rows are final now, so what later releases drop is copied.
 */
import { makeArchive } from '../archive/archive.ts';
import { tableNames } from '../catalog/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Progress } from '../progress/progress.ts';
import { enterStep } from '../state/run.ts';
import { ServerRefusal } from '../target/errors.ts';
import { quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { readSuspended, restore } from '../target/suspended.ts';
import { recordAsLeft } from './as-left.ts';

/** An index row is larger than a page takes (program_limit_exceeded; PostgreSQL manual, appendix A). */
const tooLarge = '54000';

/**
 * Values that an index cannot hold were taken out by the step "resolve". While a session beside us, an autovacuum say, may still see the
 * rows as they were, the server puts them into a new index all the same.
 */
function stillSeen({ description }: Session, cause: ServerRefusal): Failure {
  return new Failure({
    code: 'TARGET_LOCKED',
    exit: exitCodes.target,
    what: `Another session still sees rows of ${description} as they were before the migration took values out that an index cannot hold.`,
    next: 'Stop every other program that uses this database (NextCRM itself, psql, backups), then start again: it goes on where it stopped.',
    transient: true,
    cause,
  });
}

export async function restoreKeysAndIndexes(session: Session, progress: Progress, signal: AbortSignal): Promise<void> {
  const down = await readSuspended(session);
  progress.begin('keys and indexes', down.length, 0);
  for (const [index, suspended] of down.entries()) {
    signal.throwIfAborted();
    await restore(session, suspended).catch((error: unknown) => {
      throw error instanceof ServerRefusal && error.sqlState === tooLarge ? stillSeen(session, error) : error;
    });
    progress.advance('keys and indexes', index + 1);
  }
  progress.end('keys and indexes');
  await session.script(`analyze ${tableNames.map((table) => `public.${quoted(table)}`).join(', ')}, nextcrm_migration.id_map`);
  progress.note('copying what later releases of NextCRM drop into nextcrm_archive');
  await session.transaction(async () => {
    await makeArchive(session);
    await recordAsLeft(session);
    await enterStep(session, 'validate');
  });
}
