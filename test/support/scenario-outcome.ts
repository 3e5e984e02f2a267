/** What happened to a scenario's source, in the words of its `expected.json`. */
import { createHash } from 'node:crypto';
import { nextcrm } from '../../src/catalog/nextcrm.ts';
import { adviceFor } from '../../src/findings/advice.ts';
import { isRejectCode } from '../../src/findings/codes.ts';
import type { Report } from '../../src/report/model.ts';
import { quoted } from '../../src/target/quoted.ts';
import type { Session } from '../../src/target/session.ts';
import type { Expected } from './scenario.ts';

const { collections, junctions } = nextcrm;

/** Longer values are compared by size and MD5. */
const shownBytesMax = 300;

type Cell = string | null;

export async function outcomeOf(
  session: Session,
  report: Report,
  expected: Expected,
): Promise<Required<Omit<Expected, 'failure' | 'emptyTarget'>>> {
  const changes = expected.changeCounts === undefined;
  return {
    exit: report.exitCode ?? -1,
    rows: await rowsOf(session, expected),
    rejects: await ledger(session, 'reject', ['collection', 'source_id', 'field', 'code']),
    changes: changes ? await ledger(session, 'change', ['collection', 'source_id', 'field', 'code', 'original']) : [],
    changeCounts: changes ? {} : await changeCounts(session),
    leftovers: await ledger(session, 'leftover', ['collection', 'source_id', 'field', 'value']),
    pairs: await pairsOf(session),
    findings: report.findings
      .filter(({ code }) => !isRejectCode(code))
      .map(({ code, collection, field, count }) => `${code} ${collection}${field === null ? '' : `.${field}`} ${count}`)
      .sort(),
    damage: report.findings.flatMap(({ code, sourceIds }) => (code === 'SOURCE_DAMAGED' ? sourceIds : [])).sort(),
    notes: notesOf(report, expected),
    layers: Object.fromEntries(
      Object.entries(report.layers).flatMap(([name, { status }]) => (status === 'passed' ? [] : [[name, status]])),
    ),
  };
}

/** `expected.json` with everything that it leaves out, in the order of an outcome. */
export function completed(
  { failure: _, emptyTarget: __, ...expected }: Expected,
  startedAt: string,
): Required<Omit<Expected, 'failure' | 'emptyTarget'>> {
  const sorted = (rows: readonly (readonly Cell[])[] = []) => [...rows].sort(byText);
  const dated = (cell: Cell) => (cell === '$startedAt' ? startedAt : cell);
  return {
    exit: expected.exit,
    rows: Object.fromEntries(
      Object.entries(expected.rows ?? {}).map(([table, rows]) => [
        table,
        typeof rows === 'number'
          ? rows
          : rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, dated(cell)]))).sort(byText),
      ]),
    ),
    rejects: sorted(expected.rejects),
    changes: sorted(expected.changes),
    changeCounts: expected.changeCounts ?? {},
    leftovers: sorted(expected.leftovers),
    pairs: Object.fromEntries(Object.entries(expected.pairs ?? {}).map(([table, pairs]) => [table, sorted(pairs)])),
    findings: [...(expected.findings ?? [])].sort(),
    damage: [...(expected.damage ?? [])].sort(),
    notes: [...(expected.notes ?? [])].sort(),
    layers: expected.layers ?? {},
  };
}

/** As an unzoned timestamp is shown. */
export async function startOf(session: Session): Promise<string> {
  const [row] = await session.query<{ started: string }>(
    `select (started_at at time zone 'UTC')::timestamp(3)::text as started from nextcrm_migration.run`,
  );
  return row?.started ?? '';
}

function shown(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  const text = String(value);
  const bytes = Buffer.byteLength(text);
  return bytes <= shownBytesMax ? text : `${bytes} bytes, MD5 ${createHash('md5').update(text).digest('hex')}`;
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The columns that the expected rows name; of a table that is not named or only counted, the number of its rows. */
async function rowsOf(session: Session, expected: Expected): Promise<NonNullable<Expected['rows']>> {
  const found: Record<string, number | Record<string, Cell>[]> = {};
  for (const { collection } of collections) {
    const wanted = expected.rows?.[collection];
    if (wanted === undefined || typeof wanted === 'number') {
      const [row] = await session.query<{ n: string }>(`select count(*) as n from public.${quoted(collection)}`);
      if (row?.n !== '0' || wanted === 0) found[collection] = Number(row?.n);
      continue;
    }
    const columns = [...new Set(wanted.flatMap((row) => Object.keys(row)))];
    const list = columns.map((name) => `${quoted(name)}::text`).join(', ');
    const rows = await session.query(`select ${list} from public.${quoted(collection)} order by id`);
    // Each row shows the columns that its expected row names; those must begin with the same ones.
    found[collection] = rows
      .map((row) => {
        const names = Object.keys(wanted.find(({ id }) => id !== undefined && id === row['id']) ?? wanted[0] ?? {});
        return Object.fromEntries(names.map((name) => [name, shown(row[name])]));
      })
      .sort(byText);
  }
  return found;
}

async function ledger(session: Session, table: 'reject' | 'change' | 'leftover', columns: readonly string[]): Promise<Cell[][]> {
  const rows = await session.query(`select ${columns.join(', ')} from nextcrm_migration.${table}`);
  return rows.map((row) => columns.map((name) => shown(row[name]))).sort(byText);
}

async function changeCounts(session: Session): Promise<Record<string, number>> {
  const rows = await session.query<{ change: string; n: string }>(
    `select collection || ' ' || field || ' ' || code as change, count(*) as n from nextcrm_migration.change group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ change, n }) => [change, Number(n)]));
}

async function pairsOf(session: Session): Promise<Record<string, Cell[][]>> {
  const found: Record<string, Cell[][]> = {};
  for (const { table, left, right } of junctions) {
    const rows = await session.query(
      `select ${quoted(left.column)}::text as l, ${quoted(right.column)}::text as r from public.${quoted(table)}`,
    );
    if (rows.length > 0) found[table] = rows.map(({ l, r }) => [shown(l), shown(r)]).sort(byText);
  }
  return found;
}

/** What the report says: each note by its code and its place, without the text of the code. */
function notesOf({ notes }: Report, expected: Expected): string[] {
  const missing = expected.notes?.some((note) => note.startsWith('MISSING_COLLECTION')) === true;
  return notes
    .filter(({ code }) => missing || code !== 'MISSING_COLLECTION')
    .map(({ code, what }) => `${code} ${what.split(`: ${adviceFor(code).what}`, 1)[0]}`)
    .sort();
}
