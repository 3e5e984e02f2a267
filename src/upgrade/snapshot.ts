/** Keeps the fingerprints of the migrated rows as they are before an upgrade of NextCRM, in `nextcrm_migration.fingerprint`. */
import { invariant } from '../failure.ts';
import { stateSchema } from '../schema-name.ts';
import { literal } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { type Form, fingerprintQuery, formOf, type KeyedTable, type Measured, measuredOf, type Wanted } from './fingerprint.ts';
import type { Rules } from './rules.ts';

const store = `${stateSchema}.fingerprint`;

/** Replaces what was kept before. Inside the caller's transaction. */
export async function takeSnapshot(session: Session, tables: readonly KeyedTable[], rules: Rules): Promise<void> {
  // A target of an earlier version has no such table.
  await session.script(`create table if not exists ${store} (
      table_name text not null, column_name text, type text not null, form text not null, filled bigint not null, digest text not null,
      sealed boolean not null default false);
    truncate ${store}`);
  const types = await readTypes(session);
  const ids = await digestsOfIds(session);
  const withMigratedRowsOnly = new Set<string>();
  for (const table of tables) {
    const columns = types.get(table.table);
    if (columns === undefined || rules.isPlace(table.table, null)) continue;
    const wanted = [...columns].flatMap(([column, type]): readonly Wanted[] => {
      if (table.key.some((key) => key.column === column)) return [];
      const invariant = rules.invariant(table.table, column);
      if (invariant !== null) return [{ column, type, form: 'text', expression: invariant.before }];
      return rules.isPlace(table.table, column) ? [] : [{ column, type, form: formOf(type) }];
    });
    let measured = await measure(session, table, wanted, { migratedOnly: false });
    if (hasMigratedRowsOnly(table, measured, ids, withMigratedRowsOnly)) withMigratedRowsOnly.add(table.table);
    else measured = await measure(session, table, wanted, { migratedOnly: true });
    await keep(session, table.table, measured);
  }
}

/** From now on until the run is finished, nobody but the upgrade writes to the tables. Inside the caller's transaction. */
export async function sealSnapshot(session: Session): Promise<void> {
  await session.script(`update ${store} set sealed = true`);
}

/** The app was started meanwhile. */
export async function liftSeal(session: Session): Promise<void> {
  if (await isTaken(session)) await session.script(`update ${store} set sealed = false where sealed`);
}

/**
 * False where people may have written since: what differs then may be their work. `ours`: the names of this program's own migrations.
 * Where the app's own CLI has applied one, the app was started.
 */
export async function isSealed(session: Session, ours: readonly string[]): Promise<boolean> {
  if (!(await isTaken(session))) return false;
  const [row] = await session.query<{ sealed: boolean }>(
    `select coalesce(bool_and(sealed), false) and not exists (
       select from public._prisma_migrations where migration_name not in (${ours.map(literal).join(', ')}) and substr(id, 15, 1) <> '8') as sealed
     from ${store}`,
  );
  return row?.sealed === true;
}

async function isTaken(session: Session): Promise<boolean> {
  const [exists] = await session.query<{ found: boolean }>('select to_regclass($1) is not null as found', [store]);
  return exists?.found === true;
}

async function measure(
  session: Session,
  table: KeyedTable,
  wanted: readonly Wanted[],
  rows: { readonly migratedOnly: boolean },
): Promise<readonly Measured[]> {
  const [row] = await session.query(fingerprintQuery(table, wanted, rows));
  invariant(row !== undefined, `the fingerprint of ${table.table} has no row`);
  return measuredOf(row, wanted);
}

type Ids = Pick<Measured, 'count' | 'digest'>;

/** By collection: the entries of the map of ids, measured as `fingerprintQuery` measures the rows of a table. */
async function digestsOfIds(session: Session): Promise<ReadonlyMap<string, Ids>> {
  const rows = await session.query<{ collection: string; count: string; digest: string }>(
    `select collection, count(*)::text as count, sum(uuid_hash_extended(id, 0))::text as digest from ${stateSchema}.id_map group by 1`,
  );
  return new Map(rows.map(({ collection, count, digest }) => [collection, { count: Number(count), digest }]));
}

/**
 * A table that stands as the migration left it needs no look at each row's id: its rows have the count and the digest of the map. The ends
 * of a pair are rows of two others, by its foreign keys: where `before` has both of those there is nothing to ask. A pair of no row, which
 * damage alone can make, is then counted before and after alike.
 */
function hasMigratedRowsOnly(
  { key }: KeyedTable,
  [rows]: readonly Measured[],
  ids: ReadonlyMap<string, Ids>,
  before: ReadonlySet<string>,
): boolean {
  if (key.every(({ collection }) => before.has(collection))) return true;
  const [only, ...others] = key;
  if (only === undefined || others.length > 0 || rows === undefined) return false;
  const entries = ids.get(only.collection) ?? { count: 0, digest: '0' };
  return rows.count === entries.count && rows.digest === entries.digest;
}

async function keep(session: Session, table: string, measured: readonly Measured[]): Promise<void> {
  await session.execute(
    `insert into ${store} (table_name, column_name, type, form, filled, digest)
     select $1, m."column", m.type, m.form, m.count, m.digest
     from jsonb_to_recordset($2::text::jsonb) as m ("column" text, type text, form text, count bigint, digest text)`,
    [table, JSON.stringify(measured)],
  );
}

/** By table: what was kept; the rows of the table come first. */
export async function readSnapshot(session: Session): Promise<ReadonlyMap<string, readonly Measured[]>> {
  if (!(await isTaken(session))) return new Map();
  const rows = await session.query<{
    table: string;
    column: string | null;
    type: string;
    form: Form;
    count: string;
    digest: string;
  }>(
    `select table_name as table, column_name as column, type, form, filled::text as count, digest
     from ${store} order by table_name collate "C", column_name collate "C" nulls first`,
  );
  const tables = new Map<string, Measured[]>();
  for (const { table, count, ...measured } of rows) {
    tables.set(table, [...(tables.get(table) ?? []), { ...measured, count: Number(count) }]);
  }
  return tables;
}

/** By table of `public`: the types of its columns, as `format_type` writes them. */
export async function readTypes(session: Session): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const rows = await session.query<{ table: string; column: string; type: string }>(
    `select c.relname::text as table, a.attname::text as column, format_type(a.atttypid, a.atttypmod) as type
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname, a.attnum`,
  );
  const tables = new Map<string, Map<string, string>>();
  for (const { table, column, type } of rows) tables.set(table, (tables.get(table) ?? new Map()).set(column, type));
  return tables;
}
