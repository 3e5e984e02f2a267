/** A finished migration whose own schema was dropped since, while the init job still stands in front of the app. */
import { readHistory } from '../prisma/history.ts';
import type { Session } from '../target/session.ts';
import type { BrokenCheckpoint, Checkpoint } from '../volume/volume.ts';

/**
 * The volume says that all was done, and the target is the app's and has what only we leave in `public`: so it is no other database
 * that the app has made itself.
 */
export async function isCleanedUp(session: Session, checkpoint: Checkpoint | BrokenCheckpoint | null): Promise<boolean> {
  if (checkpoint === null || 'broken' in checkpoint || checkpoint.step !== 'finished' || checkpoint.exitCode !== 0) return false;
  const [row] = await session.query<{ ours: boolean; state: boolean }>(
    `select to_regprocedure('public.nextcrm_search_text(text[])') is not null as ours, to_regnamespace('nextcrm_migration') is not null as state`,
  );
  if (row?.ours !== true || row.state) return false;
  return (await readHistory((text) => session.query(text))).handedOver;
}
