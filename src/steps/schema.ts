/** Step "schema": Prisma's migrations, then keys and indexes are taken down for the load. */
import { type Catalog, tableNamesOf } from '../catalog/index.ts';
import { Failure } from '../failure.ts';
import { deploy } from '../prisma/cli.ts';
import { repairHistory } from '../prisma/history.ts';
import type { Progress } from '../progress/progress.ts';
import { completeStep } from '../state/transitions.ts';
import { heldTables } from '../target/locks.ts';
import type { Session } from '../target/session.ts';
import { suspend } from '../target/suspended.ts';

export async function makeSchema(
  session: Session,
  catalog: Catalog,
  databaseUrl: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  await repairHistory(session, catalog.migrations);
  progress.note('applying the Prisma migrations');
  await deploy({ url: databaseUrl, signal }).catch(async (error: unknown) => {
    throw error instanceof Failure && error.code === 'TARGET_LOCKED' ? await withHolders(session, error) : error;
  });
  await session.transaction(async () => {
    const count = await suspend(session, tableNamesOf(catalog));
    progress.note(`dropped ${count} keys and indexes for the load; they are recreated afterwards`);
    await completeStep(session, 'schema');
  });
}

async function withHolders(session: Session, { code, exit, message, next, cause }: Failure): Promise<Failure> {
  return new Failure({ code, exit, what: `${message}${await heldTables(session)}`, next, cause });
}
