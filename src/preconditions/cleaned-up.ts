/** A finished migration whose own schema was dropped since, while the init job still stands in front of the app. */
import type { Catalog } from '../catalog/index.ts';
import { readHistory } from '../prisma/history.ts';
import { stateSchema } from '../schema-name.ts';
import { isDone } from '../state/done.ts';
import { literal } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import type { BrokenCheckpoint, Checkpoint } from '../volume/volume.ts';

/**
 * The volume says that all was done, and the target is the app's and has what only we leave in `public`: so it is no other database
 * that the app has made itself.
 */
export async function isCleanedUp(
  session: Session,
  { structure, migrations }: Catalog,
  checkpoint: Checkpoint | BrokenCheckpoint | null,
): Promise<boolean> {
  if (checkpoint === null || 'broken' in checkpoint || !isDone(checkpoint)) return false;
  const names = ['', ...structure.functions.map(({ name }) => name)].map(literal).join(', ');
  const [row] = await session.query<{ ours: boolean; state: boolean }>(
    `select exists (select from pg_proc where pronamespace = to_regnamespace('public') and proname in (${names})) as ours,
       to_regnamespace('${stateSchema}') is not null as state`,
  );
  if (row?.ours !== true || row.state) return false;
  return (await readHistory(session, migrations)).handedOver;
}
