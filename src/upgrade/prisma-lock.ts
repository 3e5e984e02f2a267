/** The lock that every Prisma CLI holds while it changes a database: NextCRM's own `migrate deploy` waits for it, or is waited for. */
import type { Session } from '../target/session.ts';

export const prismaLock = 72707369;

export async function withPrismaLock(session: Session, work: () => Promise<void>): Promise<void> {
  await session.query('select pg_advisory_lock($1::bigint)', [prismaLock]);
  try {
    await work();
  } finally {
    // Where the connection is gone, so is the lock.
    await session.query('select pg_advisory_unlock($1::bigint)', [prismaLock]).catch(() => undefined);
  }
}
