/** Foreign keys: a reference to a document that has no row. Optional: NULL, and recorded; required: the row is rejected. */
import type { CollectionSpec } from '../../catalog/index.ts';
import { pendingReject, recorded } from '../../ledger/record.ts';
import { quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

/** What dangles is changed by statements that only one process can run: whether anything does is asked first, of all processes. */
export async function resolveReferences(session: Session, { collection, columns }: CollectionSpec): Promise<void> {
  const keys = Object.entries(columns).flatMap(([field, { references, required }]) =>
    references === undefined ? [] : [{ field, required, dangling: danglingIn(collection, field, references) }],
  );
  if (keys.length === 0) return;
  const counts = keys.map(({ dangling }, index) => `(select count(*) from (${dangling}) d) > 0 as k${index}`);
  const [found] = await session.query(`select ${counts.join(', ')}`);
  for (const [index, { field, required, dangling }] of keys.entries()) {
    if (found?.[`k${index}`] === true) await session.script((required ? reject : clear)(collection, field, dangling));
  }
}

/** A query of the rows that name a document which has none, and its id. */
function danglingIn(collection: string, field: string, references: string): string {
  const column = quoted(field);
  return `
    select t.id, t.${column} as value from public.${quoted(collection)} t
    where t.${column} is not null and not exists (select from public.${quoted(references)} r where r.id = t.${column})`;
}

function reject(collection: string, field: string, dangling: string): string {
  return pendingReject({ collection, field }, 'DANGLING_REQUIRED', dangling);
}

function clear(collection: string, field: string, dangling: string): string {
  return `
    with match as (
      update public.${quoted(collection)} t set ${quoted(field)} = null from (${dangling}) d where t.id = d.id returning t.id, d.value),
    ${recorded({ collection, field }, 'DANGLING_REFERENCE')}`;
}
