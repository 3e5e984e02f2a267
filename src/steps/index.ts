/**
 * Step "index": the keys and indexes come back as they were, each a checkpoint of its own, and the planner gets its statistics. The
 * rows are final now, so what later releases drop is copied, and their comparison begins beside it.
 */
import { type Catalog, tableNamesOf } from '../catalog/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Progress } from '../progress/progress.ts';
import { makeArchive } from '../releases/archive.ts';
import { prepareForReleases } from '../releases/prepare.ts';
import { recordAsLeft } from '../state/as-left.ts';
import { completeStep } from '../state/transitions.ts';
import { ServerRefusal } from '../target/errors.ts';
import type { Session } from '../target/session.ts';
import { analyzeIndexedColumns } from '../target/statistics.ts';
import { readSuspended, restore, type Suspended } from '../target/suspended.ts';
import type { EarlyComparison } from './early-comparison.ts';
import { indexSourceIds } from './resolve/id-map.ts';

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
    what: `Another session on ${description} has an open transaction that still sees old row versions, with values that an index cannot hold.`,
    next: 'Stop every other program that uses this database (NextCRM itself, psql, backups), then start again: it resumes where it stopped.',
    transient: true,
    cause,
  });
}

/** not_null_violation, foreign_key_violation, unique_violation. */
const broken = ['23502', '23503', '23505'];

/** The rows kept it when the step "resolve" ended. */
function modified({ description }: Session, { table, name }: Suspended, cause: ServerRefusal): Failure {
  return new Failure({
    code: 'TARGET_MODIFIED',
    exit: exitCodes.target,
    what: `Rows of ${table} in ${description} break ${name}, which is recreated after the load (SQLSTATE ${cause.sqlState}): another program modified the database during the migration.`,
    next: `Stop every other program that uses this database and remove the rows that break ${name}, then start the same command again. Or start over with an empty database and an empty volume.`,
    cause,
  });
}

export async function restoreKeysAndIndexes(
  session: Session,
  catalog: Catalog,
  progress: Progress,
  signal: AbortSignal,
  comparison?: EarlyComparison,
): Promise<void> {
  progress.note('preparing what later releases of NextCRM need');
  await prepareForReleases(session, catalog, 'migration');
  await comparison?.begin(session, progress);
  await indexSourceIds(session);
  const down = await readSuspended(session);
  progress.begin('keys and indexes', down.length, 0);
  for (const [index, suspended] of down.entries()) {
    signal.throwIfAborted();
    await restore(session, suspended).catch((error: unknown) => {
      if (!(error instanceof ServerRefusal)) throw error;
      if (error.sqlState === tooLarge) throw stillSeen(session, error);
      throw broken.includes(error.sqlState) ? modified(session, suspended, error) : error;
    });
    progress.advance('keys and indexes', index + 1);
  }
  progress.end('keys and indexes');
  await analyzeIndexedColumns(session, tableNamesOf(catalog));
  progress.note('copying data that later releases of NextCRM drop to nextcrm_archive');
  await session.transaction(async () => {
    await makeArchive(session, catalog.releases);
    await recordAsLeft(session, catalog);
    await completeStep(session, 'index');
  });
}
