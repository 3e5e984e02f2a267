/** References that an older release kept in another column of the row: copied where the document exists, and recorded. */
import type { CollectionSpec } from '../../catalog/index.ts';
import { invariant } from '../../failure.ts';
import { recordName } from '../../ledger/record.ts';
import { stateSchema } from '../../schema-name.ts';
import { literal, quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

/** To be called when every row that must be rejected is gone. A field that has a record had a value in the document. */
export async function copyReferences(session: Session, { collection, columns }: CollectionSpec): Promise<void> {
  for (const [field, { references, copiedFrom }] of Object.entries(columns)) {
    if (copiedFrom === undefined) continue;
    invariant(references !== undefined, `${collection}.${field} copies a reference and references nothing`);
    const table = `public.${quoted(collection)}`;
    const [to, from] = [quoted(field), quoted(copiedFrom)];
    await session.script(`
      with found as (
        select t.id, m.source_id from ${table} t
        join ${stateSchema}.id_map m on m.collection = ${literal(collection)} and m.id = t.id
        where t.${to} is null and exists (select from public.${quoted(references)} p where p.id = t.${from})
          and not exists (select from ${stateSchema}.change c
            where c.collection = ${literal(collection)} and c.source_id = m.source_id and c.field = ${literal(field)}
              and c.code <> 'CORRECTED')),
      copied as (update ${table} t set ${to} = t.${from} from found f where t.id = f.id)
      ${recordName({ collection, field }, copiedFrom)}`);
  }
}
