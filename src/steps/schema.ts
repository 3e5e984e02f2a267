/** Step "schema": Prisma's migrations, then keys and indexes are taken down for the load. */
import { Failure } from '../failure.ts';
import { deploy } from '../prisma/cli.ts';
import { repairHistory } from '../prisma/history.ts';
import type { Progress } from '../progress/progress.ts';
import { enterStep } from '../state/run.ts';
import { heldTables } from '../target/locks.ts';
import type { Session } from '../target/session.ts';
import { suspend } from '../target/suspended.ts';

export async function makeSchema(session: Session, databaseUrl: string, progress: Progress, signal: AbortSignal): Promise<void> {
  await repairHistory((text) => session.query(text));
  progress.note('applying the Prisma migrations');
  await deploy({ url: databaseUrl, signal }).catch(async (error: unknown) => {
    throw error instanceof Failure && error.code === 'TARGET_LOCKED' ? await withHolders(session, error) : error;
  });
  await session.transaction(async () => {
    const count = await suspend(session);
    progress.note(`${count} keys and indexes are down until the data is in`);
    await enterStep(session, 'load');
  });
}

async function withHolders(session: Session, { code, exit, message, next, cause }: Failure): Promise<Failure> {
  return new Failure({ code, exit, what: `${message}${await heldTables(session)}`, next, cause });
}
