/**
 * The tables as FROM takes them. A later release of NextCRM drops tables and columns: what is gone is there as a relation without rows,
 * or as a column of NULLs, so that validation comes to its end and says what is missing.
 */
import type { Catalog, Kind } from '../catalog/index.ts';
import { stateSchema } from '../schema-name.ts';
import { quoted } from '../target/quoted.ts';
import type { TargetReader } from './target-reader.ts';
import { addedUpdateTimes, type Columns, isCopyAlone, type Layout, upgradedRelation } from './upgraded.ts';

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

/** Gives a table of ours as FROM takes it; an alias must follow. */
export interface Relations {
  /** With the columns that validation asks for; of an upgraded database, the rows of the migration alone, as it left them. */
  (table: string): string;
  /** All its rows, as references find them. */
  all(table: string): string;
  /** Times of update that a later release has added; columns of the relation. */
  times(table: string): readonly string[];
}

type Wanted = Pick<Layout, 'wanted' | 'key'>;

const wantedOf = ({ collections, junctions }: Catalog): ReadonlyMap<string, Wanted> =>
  new Map([
    ...collections.map(({ collection, columns }): [string, Wanted] => [
      collection,
      {
        wanted: new Map([
          ['id', 'uuid'],
          ...Object.entries(columns).map(([name, { kind }]): [string, string] => [name, types[kind]]),
        ]),
        key: [{ column: 'id', collection }],
      },
    ]),
    ...junctions.map(({ table, left, right }): [string, Wanted] => [
      table,
      {
        wanted: new Map([
          [left.column, 'uuid'],
          [right.column, 'uuid'],
        ]),
        key: [left, right],
      },
    ]),
  ]);

/** `upgraded`: a later release of NextCRM has applied its migrations. */
export async function readRelations(
  target: TargetReader,
  catalog: Catalog,
  { upgraded }: { readonly upgraded: boolean },
): Promise<Relations> {
  const present = await columnsIn(target, 'public');
  const wanted = wantedOf(catalog);
  const { releases } = catalog;
  if (!upgraded) {
    const relations = (table: string) => relation(table, present.get(table), wanted.get(table)?.wanted);
    return Object.assign(relations, { all: relations, times: () => [] });
  }
  const copied = await columnsIn(target, 'nextcrm_archive');
  const [row] = await target.query(`select to_regclass('${stateSchema}.restored') is not null as recorded`);
  const layoutOf = (table: string): Layout => ({
    table,
    ...(wanted.get(table) ?? { wanted: new Map(), key: [] }),
    times: addedUpdateTimes(releases, table),
    present: present.get(table),
    copied: copied.get(table),
    isRecorded: row?.['recorded'] === true,
  });
  const texts = new Map([...wanted.keys()].map((table) => [table, upgradedRelation(releases, layoutOf(table))]));
  const relations = (table: string) => texts.get(table) ?? '';
  return Object.assign(relations, {
    all: (table: string) =>
      present.has(table) && !isCopyAlone(releases, layoutOf(table)) ? `public.${quoted(table)}` : relations(table),
    times: (table: string) => addedUpdateTimes(releases, table).filter((column) => present.get(table)?.has(column) === true),
  });
}

/** By table: its columns and their types. */
async function columnsIn(target: TargetReader, schema: string): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const found = new Map<string, Map<string, string>>();
  const rows = await target.query(
    `select c.relname::text as table, a.attname::text as column, format_type(a.atttypid, a.atttypmod) as type
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p')`,
    [schema],
  );
  for (const row of rows) {
    const table = String(row['table']);
    found.set(table, (found.get(table) ?? new Map()).set(String(row['column']), String(row['type'])));
  }
  return found;
}

function relation(table: string, found: Columns, wanted: ReadonlyMap<string, string> | undefined): string {
  const missing = [...(wanted ?? [])].filter(([column]) => found?.has(column) !== true);
  const nulls = missing.map(([column, type]) => `null::${type} as ${quoted(column)}`).join(', ');
  if (found === undefined) return `(select ${nulls} where false)`;
  return nulls === '' ? `public.${quoted(table)}` : `(select present.*, ${nulls} from public.${quoted(table)} present)`;
}
