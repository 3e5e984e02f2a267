/**
 * An order-free fingerprint of each column by the server, in one scan a table: what an upgrade of NextCRM leaves alone has the same one
 * afterwards. Each value is hashed together with the key of its row, in a form that does not depend on the type it is stored as.
 */
import { stateSchema } from '../schema-name.ts';
import { quoted } from '../target/quoted.ts';

/** In which form a value is compared: `1`, `1.00` and `1::bigint` are one value as numeric. */
export type Form = 'numeric' | 'uuid' | 'timestamp' | 'json' | 'text';

export interface KeyColumn {
  readonly column: string;
  /** Whose ids it holds. */
  readonly collection: string;
}

/** A table with rows of the migration: an id, or both ends of a pair. */
export interface KeyedTable {
  readonly table: string;
  readonly key: readonly KeyColumn[];
}

export interface Measured {
  /** NULL: the rows of the table. */
  readonly column: string | null;
  readonly type: string;
  readonly form: Form;
  /** Rows, or values that are not NULL. */
  readonly count: number;
  /** The sum of the hashes; '0' of nothing. */
  readonly digest: string;
}

export interface Wanted {
  readonly column: string;
  readonly type: string;
  readonly form: Form;
  /** SQL of a row `t`, where the value itself is not what is compared. */
  readonly expression?: string | undefined;
}

/** By a name as `format_type` writes it. */
export function formOf(type: string): Form {
  if (/^(smallint|integer|bigint|numeric|real|double precision)\b/.test(type)) return /\[\]$/.test(type) ? 'text' : 'numeric';
  if (type === 'uuid') return 'uuid';
  if (/^timestamp\b.*(?<!\[\])$/.test(type)) return 'timestamp';
  return type === 'json' || type === 'jsonb' ? 'json' : 'text';
}

/** Of a row `t`: its id, or both ends of the pair, are of the migration. */
function isMigrated({ key }: KeyedTable): string {
  const migrated = key.map(
    ({ column, collection }) =>
      `exists (select from ${stateSchema}.id_map m where m.collection = '${collection}' and m.id = t.${quoted(column)})`,
  );
  return migrated.join(' and ');
}

/** One row: `n`, `d` of the rows, and `n0`, `d0` … of the columns. `migratedOnly` leaves out rows that came later. */
export function fingerprintQuery(
  { table, key }: KeyedTable,
  columns: readonly Wanted[],
  { migratedOnly }: { readonly migratedOnly: boolean },
): string {
  const seed = key.reduce((inner, { column }) => `uuid_hash_extended(t.${quoted(column)}, ${inner})`, '0');
  const values = columns.flatMap((column, index) => {
    const value = column.expression ?? `t.${quoted(column.column)}`;
    const hash = hashes[column.form](value, 's.seed');
    return [`count(${value})::text as n${index}`, `coalesce(sum(${hash}), 0)::text as d${index}`];
  });
  return `select count(*)::text as n, coalesce(sum(s.seed), 0)::text as d${values.map((value) => `,\n  ${value}`).join('')}
    from public.${quoted(table)} t, lateral (select ${seed} as seed) s${migratedOnly ? ` where ${isMigrated({ table, key })}` : ''}`;
}

/** Casts by the text where the type is another one since: then a value may be none of this form, which the server refuses. */
const hashes: Readonly<Record<Form, (value: string, seed: string) => string>> = {
  numeric: (value, seed) => `hash_numeric_extended((${value})::numeric, ${seed})`,
  uuid: (value, seed) => `uuid_hash_extended((${value})::uuid, ${seed})`,
  timestamp: (value, seed) => `timestamp_hash_extended((${value})::timestamp, ${seed})`,
  json: (value, seed) => `jsonb_hash_extended((${value})::jsonb, ${seed})`,
  text: (value, seed) => `hashtextextended((${value})::text, ${seed})`,
};

export function measuredOf(row: Readonly<Record<string, unknown>>, columns: readonly Wanted[]): readonly Measured[] {
  return [
    { column: null, type: '', form: 'text', count: Number(row['n']), digest: String(row['d']) },
    ...columns.map(({ column, type, form }, index) => ({
      column,
      type,
      form,
      count: Number(row[`n${index}`]),
      digest: String(row[`d${index}`]),
    })),
  ];
}
