/**
 * A reference that names no document of its own collection but one of another, for which the row has a column too: the old app kept
 * both in one field. It moves to that column, unless that one already names another existing document: then only the record says so.
 */
import type { CollectionSpec } from '../../catalog/index.ts';
import { invariant } from '../../failure.ts';
import { recorded } from '../../ledger/record.ts';
import { quoted } from '../../target/quoted.ts';
import type { Session } from '../../target/session.ts';

export async function redirectReferences(session: Session, { collection, columns }: CollectionSpec): Promise<void> {
  for (const [field, { references, redirect }] of Object.entries(columns)) {
    if (redirect === undefined) continue;
    const partner = columns[redirect]?.references;
    invariant(references !== undefined && partner !== undefined, `${collection}.${field} cannot be redirected to ${redirect}`);
    const table = `public.${quoted(collection)}`;
    const [from, to] = [quoted(field), quoted(redirect)];
    const exists = (id: string, among: string) => `exists (select from public.${quoted(among)} p where p.id = ${id})`;
    // A dangling value must make room first, with its own record.
    await session.script(`
      with match as (
        update ${table} t set ${to} = null
        from (select c.id, c.${to} as value from ${table} c
              where c.${to} is not null and not ${exists(`c.${to}`, partner)}) d
        where t.id = d.id returning t.id, d.value),
      ${recorded({ collection, field: redirect }, 'DANGLING_REFERENCE')}`);
    await session.script(`
      with match as (
        update ${table} t set ${from} = null, ${to} = coalesce(t.${to}, d.value)
        from (select c.id, c.${from} as value from ${table} c
              where not ${exists(`c.${from}`, references)} and ${exists(`c.${from}`, partner)}) d
        where t.id = d.id returning t.id, d.value),
      ${recorded({ collection, field }, 'TASK_REDIRECTED')}`);
  }
}
