/** Foreign keys: a reference to a document that has no row. Optional: NULL, and recorded; required: the row is rejected. */
import type { CollectionSpec } from '../../catalog/index.ts';
import { pendingReject, recorded } from '../../ledger/record.ts';
import { quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

export async function resolveReferences(session: Session, { collection, columns }: CollectionSpec): Promise<void> {
  const table = `public.${quoted(collection)}`;
  for (const [field, { references, required }] of Object.entries(columns)) {
    if (references === undefined) continue;
    const column = quoted(field);
    const dangling = `
      select t.id, t.${column} as value from ${table} t
      where t.${column} is not null and not exists (select from public.${quoted(references)} r where r.id = t.${column})`;
    await session.script(
      required
        ? pendingReject({ collection, field }, 'DANGLING_REQUIRED', dangling)
        : `with match as (
             update ${table} t set ${column} = null from (${dangling}) d where t.id = d.id returning t.id, d.value),
           ${recorded({ collection, field }, 'DANGLING_REFERENCE')}`,
    );
  }
}
