/** How many indexes and foreign keys each table has, and how many of them are in force, by the server's catalog. */
import type { Session } from './session.ts';

/** Counted in the catalog of the server. */
export interface TableKeys {
  /** With those of primary keys and unique values. */
  readonly indexes: number;
  readonly validIndexes: number;
  readonly foreignKeys: number;
  readonly validatedForeignKeys: number;
}

interface KeyRow extends Record<string, unknown> {
  table: string;
  indexes: number;
  valid_indexes: number;
  foreign_keys: number;
  validated_foreign_keys: number;
}

/** In the order of `tables`; a table that does not exist is not named. */
export async function readKeyCounts(session: Session, tables: readonly string[]): Promise<Readonly<Record<string, TableKeys>>> {
  const rows = await session.query<KeyRow>(`
    select t.relname as table, i.total as indexes, i.valid as valid_indexes, k.total as foreign_keys, k.validated as validated_foreign_keys
    from pg_class t
    cross join lateral (
      select count(*)::integer as total, (count(*) filter (where indisvalid and indisready))::integer as valid
      from pg_index where indrelid = t.oid) i
    cross join lateral (
      select count(*)::integer as total, (count(*) filter (where convalidated))::integer as validated
      from pg_constraint where conrelid = t.oid and contype = 'f') k
    where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p')`);
  const byTable = new Map(rows.map((row) => [row.table, row]));
  return Object.fromEntries(
    tables.flatMap((name) => {
      const row = byTable.get(name);
      return row === undefined ? [] : [[name, keysOf(row)]];
    }),
  );
}

function keysOf(row: KeyRow): TableKeys {
  return {
    indexes: row.indexes,
    validIndexes: row.valid_indexes,
    foreignKeys: row.foreign_keys,
    validatedForeignKeys: row.validated_foreign_keys,
  };
}
