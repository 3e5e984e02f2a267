/** An upgrade by the app's own `prisma migrate deploy` that has stopped: what it stops at is prepared, and the app can continue. */
import type { Catalog } from '../catalog/index.ts';
import { isPreparationPending, prepareForReleases } from '../releases/prepare.ts';
import { readReleaseState } from '../releases/state.ts';
import type { Session } from '../target/session.ts';
import { prismaLock } from './prisma-lock.ts';

export interface Stopped {
  /** Migrations that failed and are marked as rolled back: the app's next start applies them again. */
  readonly rolledBack: readonly string[];
  /** Migrations that are begun, by a process that may be running, or that a person must resolve. */
  readonly begun: readonly string[];
}

/** While Prisma's own CLI is at work nothing is done. */
export async function prepareStopped(session: Session, catalog: Catalog): Promise<Stopped> {
  const [lock] = await session.query<{ taken: boolean }>('select pg_try_advisory_lock($1::bigint) as taken', [prismaLock]);
  if (lock?.taken !== true) return { rolledBack: [], begun: (await readReleaseState(session, catalog.migrations)).unfinished };
  try {
    const pending = await isPreparationPending(session, catalog.releases);
    if (pending) await prepareForReleases(session, catalog, 'later');
    const rolledBack = pending ? await markRolledBack(session) : [];
    return { rolledBack, begun: (await readReleaseState(session, catalog.migrations)).unfinished };
  } finally {
    // Where the connection is gone, so is the lock.
    await session.query('select pg_advisory_unlock($1::bigint)', [prismaLock]).catch(() => undefined);
  }
}

/** Prisma writes the error of a script into `logs`. One without it may have been committed. */
async function markRolledBack(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `update public._prisma_migrations set rolled_back_at = now()
     where finished_at is null and rolled_back_at is null and logs is not null returning migration_name as name`,
  );
  return rows.map(({ name }) => name);
}
