/**
 * Which versions of which rows the tables hold, in one scan each: two readers who see the same versions see the same values, since no
 * version is ever changed (PostgreSQL manual, "System Columns": `ctid` is its place, `xmin` the transaction that inserted it).
 */
import { type Catalog, tableNamesOf } from '../catalog/index.ts';
import { stateSchema } from '../schema-name.ts';
import { quoted } from '../target/quoted.ts';
import type { TargetReader } from './target-reader.ts';

/** What the comparison of all documents reads beside the tables of the catalog. */
const recordTables = ['change', 'correction', 'former', 'id_map', 'leftover', 'progress', 'reject'];

/** By table; one that is not there has none. */
export type RowVersions = ReadonlyMap<string, string>;

export async function readRowVersions(target: TargetReader, catalog: Catalog): Promise<RowVersions> {
  const versions = new Map<string, string>();
  const tables = [
    ...tableNamesOf(catalog).map((table) => `public.${quoted(table)}`),
    ...recordTables.map((table) => `${stateSchema}.${table}`),
  ];
  for (const table of tables) {
    const [found] = await target.query('select to_regclass($1)::oid::text as oid', [table]);
    const oid = found?.['oid'];
    if (typeof oid !== 'string') continue;
    const [row] = await target.query(
      `select count(*) || ' ' || coalesce(sum(hashtextextended(t.xmin::text, hashtidextended(t.ctid, 0))), 0) as versions from ${table} t`,
    );
    versions.set(table, `${oid} ${row?.['versions']}`);
  }
  return versions;
}

export function areSame(some: RowVersions, others: RowVersions): boolean {
  return some.size === others.size && [...some].every(([table, versions]) => others.get(table) === versions);
}
