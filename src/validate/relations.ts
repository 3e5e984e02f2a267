/**
 * The tables as FROM takes them. A later release of NextCRM drops tables and columns: what is gone is there as a relation without rows,
 * or as a column of NULLs, so that validation comes to its end and says what is missing.
 */
import { collections, junctions, type Kind } from '../catalog/index.ts';
import { quoted } from '../target/quoted.ts';
import type { TargetReader } from './target-reader.ts';

const types: { readonly [K in Kind]: string } = {
  uuid: 'uuid',
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
  timestamp: 'timestamp',
  enum: 'text',
  jsonb: 'jsonb',
  'text[]': 'text[]',
  'uuid[]': 'uuid[]',
};

/** By table: the columns that validation asks for, and their types. */
const wanted: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ...collections.map(({ collection, columns }): [string, Map<string, string>] => [
    collection,
    new Map([['id', 'uuid'], ...Object.entries(columns).map(([name, { kind }]): [string, string] => [name, types[kind]])]),
  ]),
  ...junctions.map(({ table, left, right }): [string, Map<string, string>] => [
    table,
    new Map([
      [left.column, 'uuid'],
      [right.column, 'uuid'],
    ]),
  ]),
]);

/** Gives a table of ours as FROM takes it; an alias must follow. */
export type Relations = (table: string) => string;

export async function readRelations(target: TargetReader): Promise<Relations> {
  const found = new Map<string, Set<string>>();
  const rows = await target.query(
    `select c.relname::text as table, a.attname::text as column
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
  );
  for (const row of rows) {
    const table = String(row['table']);
    found.set(table, (found.get(table) ?? new Set()).add(String(row['column'])));
  }
  return (table) => relation(table, found.get(table));
}

function relation(table: string, found: ReadonlySet<string> | undefined): string {
  const missing = [...(wanted.get(table) ?? [])].filter(([column]) => found?.has(column) !== true);
  const nulls = missing.map(([column, type]) => `null::${type} as ${quoted(column)}`).join(', ');
  if (found === undefined) return `(select ${nulls} where false)`;
  return nulls === '' ? `public.${quoted(table)}` : `(select present.*, ${nulls} from public.${quoted(table)} present)`;
}
