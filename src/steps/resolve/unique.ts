/**
 * Unique values: one that was carried unchanged wins over a changed one, then the oldest by `_id`. The others are rejected, and it is kept
 * which document each of them is merged into.
 */

import type { Catalog } from '../../catalog/index.ts';
import { pendingReject } from '../../ledger/record.ts';
import { stateSchema } from '../../schema-name.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

export async function rejectDuplicates(session: Session, { collections }: Catalog): Promise<void> {
  const uniqueKeys = collections.flatMap(({ collection, columns }) =>
    Object.entries(columns).flatMap(([field, { unique }]) => (unique === true ? [{ collection, field }] : [])),
  );
  for (const { collection, field } of uniqueKeys) {
    const table = `public.${quoted(collection)}`;
    const column = quoted(field);
    const name = literal(collection);
    // An ObjectId begins with its time, so its order is the order of age; other kinds of `_id` come after, in the order of their text.
    const order = `exists (select from ${stateSchema}.change c
        where c.collection = ${name} and c.source_id = m.source_id and c.field = ${literal(field)}),
      m.source_id !~ '^[0-9a-f]{24}$', m.source_id collate "C"`;
    const areAlike = await hasDuplicates(session, table, column);
    await session.transaction(async () => {
      if (areAlike) {
        await session.script(`
        insert into ${stateSchema}.merged (collection, id, source_id, survivor)
        select ${name}, ranked.id, ranked.source_id, ranked.survivor from (
          select t.id, m.source_id, first_value(t.id) over (partition by t.${column} order by ${order}) as survivor
          from ${table} t
          join ${stateSchema}.id_map m on m.collection = ${name} and m.id = t.id
          where t.${column} in (select ${column} from ${table} group by 1 having count(*) > 1)) ranked
        where ranked.id <> ranked.survivor
        on conflict (collection, id) do update set survivor = excluded.survivor`);
      }
      const merged = `select g.id from ${stateSchema}.merged g join ${table} t on t.id = g.id where g.collection = ${name}`;
      await session.script(pendingReject({ collection, field }, 'DUPLICATE_KEY', merged));
    });
  }
}

/** By hashes, which takes half the time of ranking where no two are alike: true where two values are alike or, by chance, have one hash. */
async function hasDuplicates(session: Session, table: string, column: string): Promise<boolean> {
  const [row] = await session.query<{ found: boolean }>(
    `select count(distinct hashtextextended(${column}::text, 0)) < count(${column}) as found from ${table}`,
  );
  return row?.found === true;
}
