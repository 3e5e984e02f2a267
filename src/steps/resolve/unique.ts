/** Unique values: one that was carried unchanged wins over a changed one, then the oldest by `_id`; the others are rejected. */
import { quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';
import { pendingReject } from './record.ts';

/** The only unique key beside the primary keys; a test compares with the catalog. */
const uniqueKeys = [{ collection: 'Users', field: 'email' }] as const;

export async function rejectDuplicates(session: Session): Promise<void> {
  for (const { collection, field } of uniqueKeys) {
    const table = `public.${quoted(collection)}`;
    const column = quoted(field);
    // An ObjectId begins with its time, so its order is the order of age; other kinds of `_id` come after, in the order of their text.
    await session.script(
      pendingReject(
        collection,
        'DUPLICATE_KEY',
        field,
        `select ranked.id from (
           select t.id, row_number() over (partition by t.${column} order by
             exists (select from nextcrm_migration.change c
                     where c.collection = '${collection}' and c.source_id = m.source_id and c.field = '${field}'),
             m.source_id !~ '^[0-9a-f]{24}$', m.source_id collate "C") as place
           from ${table} t
           join nextcrm_migration.id_map m on m.collection = '${collection}' and m.id = t.id
           where t.${column} in (select ${column} from ${table} group by 1 having count(*) > 1)) ranked
         where ranked.place > 1`,
      ),
    );
  }
}
