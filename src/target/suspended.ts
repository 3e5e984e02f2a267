/**
 * Foreign keys and secondary indexes of the tables: taken down before the load with their definitions kept, and brought back
 * identical after it. No superuser is needed: they are really dropped and created.
 */
import { stateSchema } from '../schema-name.ts';
import { literal, quoted } from './quoted.ts';
import type { Session } from './session.ts';

export interface Suspended {
  readonly position: number;
  readonly table: string;
  readonly kind: 'foreign key' | 'index';
  readonly name: string;
  readonly definition: string;
}

/** Indexes come first in the order of restoring: keys are checked faster with them. Primary keys stay. */
const collect = (tables: string) => `
  insert into ${stateSchema}.suspended (position, table_name, kind, name, definition)
  select row_number() over (order by kind desc, table_name collate "C", name collate "C"), table_name, kind, name, definition
  from (
    select c.relname::text as table_name, 'foreign key' as kind, k.conname::text as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype = 'f' and c.relnamespace = 'public'::regnamespace and c.relname in (${tables})
    union all
    select c.relname::text, 'index', x.relname::text, pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
    where not i.indisprimary and c.relnamespace = 'public'::regnamespace and c.relname in (${tables})
  ) found`;

/** In one transaction: either all are dropped and kept, or nothing has happened. Returns how many. */
export async function suspend(session: Session, tables: readonly string[]): Promise<number> {
  await session.execute(collect(tables.map(literal).join(', ')));
  const all = await readSuspended(session);
  const drops = all.map(({ table, kind, name }) =>
    kind === 'index'
      ? `drop index public.${quoted(name)}`
      : `alter table public.${quoted(table)} drop constraint ${quoted(name)}`,
  );
  // Keys first: a unique index that a key needs cannot be dropped under it.
  if (drops.length > 0) await session.script(drops.reverse().join(';\n'));
  return all.length;
}

/** Those that are still down, in the order in which they are to be restored. */
export async function readSuspended(session: Session): Promise<readonly Suspended[]> {
  const rows = await session.query<{
    position: number;
    table_name: string;
    kind: Suspended['kind'];
    name: string;
    definition: string;
  }>(`select position, table_name, kind, name, definition from ${stateSchema}.suspended where not restored order by position`);
  return rows.map(({ table_name, ...rest }) => ({ table: table_name, ...rest }));
}

/**
 * Each in a transaction of its own, so that a kill loses one index at the most. Its commit does not wait for the disk: a crash of the
 * server takes the index back together with its mark, and the commit that ends the step waits for all. One message, which is one
 * transaction by itself: hundreds of answers are not waited for.
 */
export async function restore(session: Session, { table, kind, name, definition, position }: Suspended): Promise<void> {
  const create =
    kind === 'index' ? definition : `alter table public.${quoted(table)} add constraint ${quoted(name)} ${definition}`;
  await session.script(`
    set local synchronous_commit = off;
    ${create};
    update ${stateSchema}.suspended set restored = true where position = ${position}`);
}
