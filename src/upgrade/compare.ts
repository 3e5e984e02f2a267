/**
 * Compares the migrated rows after an upgrade of NextCRM with what they were before it, in every place that no rule of `src/releases` is
 * about. It shares nothing with what restores values.
 */
import { stateSchema } from '../schema-name.ts';
import { quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { fingerprintQuery, type KeyedTable, type Measured, measuredOf, type Wanted } from './fingerprint.ts';
import type { Rules } from './rules.ts';
import { readSnapshot, readTypes } from './snapshot.ts';

export type DifferenceKind = 'table lost' | 'rows lost' | 'column lost' | 'values lost' | 'values changed';

/** Of a place that no rule names. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly table: string;
  readonly column: string | null;
  /** Rows or values; 0 where the server's fingerprint tells only that there are some. */
  readonly count: number;
  /** Of lost rows, up to `idsMax`: the ids in the source. */
  readonly sourceIds: readonly string[];
  /** What is there now, as its fingerprint: who accepts this accepts nothing else. */
  readonly mark: string;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Columns of another type with equal values. */
  readonly retyped: readonly { readonly table: string; readonly column: string; readonly from: string; readonly to: string }[];
  /** How many fingerprints were compared. */
  readonly compared: number;
}

const idsMax = 20;

type Types = ReadonlyMap<string, ReadonlyMap<string, string>>;

export async function compareWithSnapshot(
  session: Session,
  tables: readonly KeyedTable[],
  rules: Rules,
  signal?: AbortSignal,
): Promise<Comparison> {
  const before = await readSnapshot(session);
  const types = await readTypes(session);
  const differences: Difference[] = [];
  const retyped: Comparison['retyped'][number][] = [];
  let compared = 0;
  for (const keyed of tables) {
    const measured = before.get(keyed.table);
    if (measured === undefined || rules.isPlace(keyed.table, null)) continue;
    signal?.throwIfAborted();
    compared += measured.length;
    differences.push(...(await compareTable(session, keyed, measured, { types, rules })));
    const now = types.get(keyed.table);
    for (const { column, type } of measured) {
      const to = column === null ? undefined : now?.get(column);
      if (column !== null && to !== undefined && to !== type && !differs(differences, keyed.table, column))
        retyped.push({ table: keyed.table, column, from: type, to });
    }
  }
  return { differences, retyped, compared };
}

const differs = (differences: readonly Difference[], table: string, column: string) =>
  differences.some((one) => one.table === table && one.column === column);

async function compareTable(
  session: Session,
  keyed: KeyedTable,
  [rows, ...columns]: readonly Measured[],
  { types, rules }: { readonly types: Types; readonly rules: Rules },
): Promise<readonly Difference[]> {
  const { table, key } = keyed;
  const now = types.get(table);
  if (rows === undefined) return [];
  if (now === undefined || !key.every(({ column }) => now.has(column))) {
    return rows.count === 0 ? [] : [{ kind: 'table lost', table, column: null, count: rows.count, sourceIds: [], mark: '' }];
  }
  const asked = columns.filter(({ column }) => column !== null && !isLeftOut(rules, table, column));
  const gone = asked.filter(({ column }) => !now.has(column ?? ''));
  const wanted = asked
    .filter((one) => !gone.includes(one))
    .map(({ column, type, form }): Wanted => {
      const one = { column: column ?? '', type, form };
      return { ...one, ...expressionOf(rules, now, { ...one, table }) };
    });
  const lostColumns = gone
    .filter(({ count }) => count > 0)
    .map(({ column, count }): Difference => ({ kind: 'column lost', table, column, count, sourceIds: [], mark: '' }));
  const found = await measure(session, keyed, wanted, rows);
  const lost = await lostRows(session, keyed, rows, found[0]);
  // Without these rows, every column has another fingerprint.
  if (lost !== null) return [lost, ...lostColumns];
  return [...lostColumns, ...columnDifferences(table, asked, found)];
}

const isLeftOut = (rules: Rules, table: string, column: string) =>
  rules.isPlace(table, column) && rules.invariant(table, column) === null;

function expressionOf(
  rules: Rules,
  now: ReadonlyMap<string, string>,
  { table, column, type, form }: Wanted & { readonly table: string },
): Pick<Wanted, 'expression'> {
  const invariant = rules.invariant(table, column);
  if (invariant !== null) return { expression: invariant.after };
  if (now.get(column) === type) return {};
  // By the text, which every type has; what is no value of the former form counts as lost.
  const text = `t.${quoted(column)}::text`;
  return { expression: form === 'text' ? text : `case when pg_input_is_valid(${text}, '${castTypes[form]}') then ${text} end` };
}

const castTypes = { numeric: 'numeric', uuid: 'uuid', timestamp: 'timestamp', json: 'jsonb' } as const;

/** All rows first, which is fast: rows that came later make another fingerprint, and are then left out. */
async function measure(
  session: Session,
  keyed: KeyedTable,
  wanted: readonly Wanted[],
  rows: Measured,
): Promise<readonly Measured[]> {
  const all = await measured(session, keyed, wanted, false);
  return all[0]?.digest === rows.digest && all[0].count === rows.count ? all : await measured(session, keyed, wanted, true);
}

async function measured(
  session: Session,
  keyed: KeyedTable,
  wanted: readonly Wanted[],
  migratedOnly: boolean,
): Promise<readonly Measured[]> {
  const [row] = await session.query(fingerprintQuery(keyed, wanted, { migratedOnly }));
  return row === undefined ? [] : measuredOf(row, wanted);
}

/** Of the migrated rows that were there before. */
async function lostRows(
  session: Session,
  { table, key }: KeyedTable,
  before: Measured,
  now: Measured | undefined,
): Promise<Difference | null> {
  if (now === undefined || (now.digest === before.digest && now.count === before.count)) return null;
  const difference = { kind: 'rows lost', table, column: null, mark: now.digest } as const;
  const [id, other] = key;
  if (id === undefined || other !== undefined) {
    // Pairs have no record of their own: fewer than before, or others.
    return now.count > before.count ? null : { ...difference, count: Math.max(1, before.count - now.count), sourceIds: [] };
  }
  const lost = await session.query<{ source_id: string; n: string }>(
    `select m.source_id, count(*) over () as n from ${stateSchema}.id_map m
     where m.collection = $1 and not exists (select from public.${quoted(table)} t where t.${quoted(id.column)} = m.id)
     order by 1 limit ${idsMax}`,
    [id.collection],
  );
  const count = Number(lost[0]?.n ?? 0);
  return count === 0 ? null : { ...difference, count, sourceIds: lost.map(({ source_id }) => source_id) };
}

function columnDifferences(table: string, before: readonly Measured[], now: readonly Measured[]): readonly Difference[] {
  return before.flatMap((one): readonly Difference[] => {
    const after = now.find(({ column }) => column === one.column);
    if (after === undefined || (after.count === one.count && after.digest === one.digest)) return [];
    const difference = { table, column: one.column, sourceIds: [], mark: after.digest };
    return after.count < one.count
      ? [{ ...difference, kind: 'values lost', count: one.count - after.count }]
      : [{ ...difference, kind: 'values changed', count: 0 }];
  });
}
