/**
 * The same `_id` twice, which only a damaged dump can have: the first document wins. Where the load rejected the first one, the
 * second found its place free.
 */
import { collections } from '../../catalog/index.ts';
import { literal } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';
import { pendingReject } from './record.ts';

export async function rejectRepeatedIds(session: Session): Promise<void> {
  for (const { collection } of collections) {
    await session.script(
      pendingReject(
        collection,
        'DUPLICATE_ID',
        '_id',
        `select m.id from nextcrm_migration.id_map m
         join nextcrm_migration.reject r using (collection, source_id)
         where collection = ${literal(collection)} and r.code <> 'DUPLICATE_ID'`,
      ),
    );
  }
}
