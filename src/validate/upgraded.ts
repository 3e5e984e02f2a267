/**
 * The rows as the migration left them, out of a database that a later release of NextCRM has upgraded: what its migrations dropped or
 * rewrote comes from the copies in `nextcrm_archive`, what was restored over from its record, the rest from the tables. Rows that came
 * later are left out. A copy is no less checked for it: it is compared with the source like a table.
 */
import { archivedTablesOf } from '../releases/archived-tables.ts';
import type { ArchivedTable, Releases } from '../releases/subject.ts';
import { stateSchema } from '../schema-name.ts';
import { literal, quoted } from '../target/quoted.ts';
import { rulesOf } from '../upgrade/rules.ts';

/** Names and types of columns; undefined where there is no such table. */
export type Columns = ReadonlyMap<string, string> | undefined;

export interface Layout {
  readonly table: string;
  /** The columns that validation asks for, and their types. */
  readonly wanted: ReadonlyMap<string, string>;
  /** Of those, the ones that hold the id of a row, and the collection that it is of. */
  readonly key: readonly { readonly column: string; readonly collection: string }[];
  /** Times of update beside them. */
  readonly times: readonly string[];
  /** In `public` and in `nextcrm_archive`. */
  readonly present: Columns;
  readonly copied: Columns;
  /** Whether there are records of what was restored. */
  readonly isRecorded: boolean;
}

/** Of a table of ours: times of update that later releases add. */
export const addedUpdateTimes = ({ subjects }: Releases, table: string): readonly string[] =>
  subjects.flatMap(({ updateTimes = [] }) => updateTimes.filter((one) => one.table === table).map(({ column }) => column));

/** The table was dropped, or another one has its name: all that is left of it is the copy. */
export function isCopyAlone(releases: Releases, { table, wanted, present }: Layout): boolean {
  return archiveOf(releases, table)?.columns === 'all' && [...wanted.keys()].some((column) => present?.has(column) !== true);
}

/** As FROM takes it; an alias must follow. */
export function upgradedRelation(releases: Releases, layout: Layout): string {
  const { table, wanted, present, copied } = layout;
  const alone = isCopyAlone(releases, layout);
  if (present === undefined || alone) {
    const columns = [...wanted].map(([column, type]) => typedValue('a', column, type, alone ? copied : undefined));
    return `(select ${columns.join(', ')} ${alone && copied !== undefined ? `from ${copyOf(table)} a` : 'where false'})`;
  }
  const archived = archiveOf(releases, table);
  const rules = rulesOf(releases);
  const overwritten = releases.subjects.flatMap(({ overwrites = [] }) => overwrites);
  const isCopied = (column: string) =>
    copied?.has(column) === true && archived?.key.includes(column) === false && rules.isPlace(table, column);
  const records: string[] = [];
  const columns = [...wanted].map(([column, type]) => {
    if (isCopied(column)) return typedValue('a', column, type, copied);
    const restored = layout.isRecorded ? overwritten.find((one) => one.table === table && one.column === column) : undefined;
    if (restored === undefined || !present.has(column)) return typedValue('t', column, type, present);
    const record = `r${records.length}`;
    records.push(
      `left join ${stateSchema}.restored ${record} on ${record}.table_name = ${literal(table)}
        and ${record}.column_name = ${literal(column)} and ${record}.row_id = t.id::text`,
    );
    const isAsRestored = restored.isAsRestored.replaceAll(/\br\./g, `${record}.`);
    const now = `t.${quoted(column)}::text`;
    return `case when ${record}.row_id is not null and ${isAsRestored} then ${record}.former else ${now} end as ${quoted(column)}`;
  });
  const times = layout.times.filter((column) => present.has(column)).map((column) => `t.${quoted(column)}`);
  const copy = [...wanted.keys()].some(isCopied)
    ? `left join ${copyOf(table)} a on ${(archived?.key ?? []).map((column) => `a.${quoted(column)} = t.${quoted(column)}`).join(' and ')}`
    : '';
  const migrated = layout.key.map(
    ({ column, collection }) =>
      `exists (select from ${stateSchema}.id_map m where m.collection = ${literal(collection)} and m.id = t.${quoted(column)})`,
  );
  return `(select ${[...columns, ...times].join(', ')} from public.${quoted(table)} t ${[copy, ...records].join(' ')} where ${migrated.join(' and ')})`;
}

/** In the type that the migration gave it; NULL where it is no value of that type any more, or is gone. */
function typedValue(alias: string, column: string, type: string, columns: Columns): string {
  const name = quoted(column);
  const found = columns?.get(column);
  if (found === undefined) return `null::${type} as ${name}`;
  if (isOfType(found, type)) return `${alias}.${name}`;
  // 10.00 is the integer 10, and 10.50 is none.
  const text = /^numeric/.test(found) ? `trim_scale(${alias}.${name})::text` : `${alias}.${name}::text`;
  return `case when pg_input_is_valid(${text}, ${literal(type)}) then (${text})::${type} end as ${name}`;
}

/** As `format_type` writes it. A label of an enum is its text. */
function isOfType(found: string, type: string): boolean {
  const base = found.replace(/\(\d+\)/, '');
  if (type === 'text') return base === 'text' || base === 'character varying' || !/^[a-z]/.test(base);
  return base === (type === 'timestamp' ? 'timestamp without time zone' : type);
}

const archiveOf = (releases: Releases, table: string): ArchivedTable | undefined =>
  archivedTablesOf(releases).find((one) => one.table === table);
const copyOf = (table: string) => `nextcrm_archive.${quoted(table)}`;
