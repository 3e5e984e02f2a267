/** Counts what stands in the way of an upgrade of NextCRM, and what one takes away, in the target as it is now. */
import { type Loss, losses, type StoppingValues, secretTable, stoppingValues, unusedTables } from '../archive/upgrade-rules.ts';
import { collections, junctions } from '../catalog/index.ts';
import type { Upgrade } from '../report/upgrade.ts';
import { quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

/** Of a target that a later release has upgraded already only what is still there is told. */
export async function readUpgrade(session: Session): Promise<Upgrade> {
  const stops: Upgrade['stops'][number][] = [];
  for (const rule of stoppingValues) {
    if (!(await has(session, rule.table, [rule.column]))) continue;
    stops.push({
      table: rule.table,
      column: rule.column,
      takes: rule.takes,
      count: await counted(session, rule),
      ...sqlOf(rule),
    });
  }
  const drops: Upgrade['drops'][number][] = [];
  for (const loss of losses) {
    if (!(await has(session, loss.table, loss.columns))) continue;
    if (!(await areAsMade(session, loss.asMade))) continue;
    drops.push({
      table: loss.table,
      columns: loss.columns,
      what: loss.what,
      count: await counted(session, { table: loss.table, stops: loss.loses }),
      ...(await copyOf(session, loss)),
    });
  }
  return { stops, drops, unused: unusedTables };
}

function sqlOf({ table, column, stops, mended }: StoppingValues): { readonly list: string; readonly mend: string } {
  const name = `public.${quoted(table)}`;
  return {
    list: `select id, ${quoted(column)} from ${name} where ${stops} order by id;`,
    mend: `update ${name} set ${quoted(column)} = ${mended} where ${stops};`,
  };
}

async function copyOf(
  session: Session,
  { table, columns, loses }: Loss,
): Promise<Pick<Upgrade['drops'][number], 'copy' | 'read' | 'secrets'>> {
  const copy = `nextcrm_archive.${quoted(table)}`;
  const [row] = await session.query<{ there: boolean }>('select to_regclass($1) is not null as there', [copy]);
  const list = columns.length === 0 ? '*' : ['id', ...columns.map(quoted)].join(', ');
  const where = loses === 'true' ? '' : ` where ${loses}`;
  return {
    copy: row?.there === true ? copy : null,
    read: `select ${list} from ${copy}${where};`,
    secrets: table === secretTable,
  };
}

async function has(session: Session, table: string, columns: readonly string[]): Promise<boolean> {
  const found = await session.query<{ name: string }>(
    'select attname::text as name from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped',
    [`public.${quoted(table)}`],
  );
  const names = new Set(found.map(({ name }) => name));
  return names.size > 0 && columns.every((column) => names.has(column));
}

/** By the names of the columns: a later release makes a table of another shape under the same name. */
async function areAsMade(session: Session, tables: readonly string[]): Promise<boolean> {
  for (const table of tables) if (!(await has(session, table, columnsOf(table)))) return false;
  return true;
}

function columnsOf(table: string): readonly string[] {
  const junction = junctions.find((candidate) => candidate.table === table);
  if (junction !== undefined) return [junction.left.column, junction.right.column];
  return ['id', ...Object.keys(collections.find(({ collection }) => collection === table)?.columns ?? {})];
}

async function counted(session: Session, { table, stops }: Pick<StoppingValues, 'table' | 'stops'>): Promise<number> {
  const [row] = await session.query<{ n: string }>(`select count(*) as n from public.${quoted(table)} where ${stops}`);
  return Number(row?.n ?? 0);
}
