/**
 * Whether the tables are as the migration left them. A retry takes keys and indexes down and rewrites rows: on a
 * database that people have worked with since, that would overwrite what they did. See docs/decisions/retry.md.
 */
import { type Catalog, tableNamesOf } from '../catalog/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import { stateSchema } from '../schema-name.ts';
import { tablesModified } from '../state/as-left.ts';
import type { Run } from '../state/run.ts';
import { quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

/** Inside the caller's transaction, until whose end nobody else writes to the tables. */
export async function checkSnapshot(session: Session, catalog: Catalog, { reportId }: Pick<Run, 'reportId'>): Promise<void> {
  await session.script(
    `lock table ${tableNamesOf(catalog)
      .map((table) => `public.${quoted(table)}`)
      .join(', ')} in share mode`,
  );
  const changed = await tablesModified(session);
  if (changed.length === 0) return;
  throw new Failure({
    code: 'TARGET_CHANGED',
    exit: exitCodes.target,
    what: `The database ${session.description} was modified after the migration (${changed.join(', ')}). Retrying the rejected documents would overwrite that, so nothing was changed.`,
    next: `Accept the findings (accept ${reportId ?? 'ID'}), and enter the rejected documents in NextCRM: they are in ${stateSchema}.reject. Or, if nothing entered since then is needed, start over with an empty database and volume.`,
  });
}
