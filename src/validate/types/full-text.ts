/** Layer "types", full text: the planner takes each full-text index for the search that it promises. */
import { quoted } from '../../target/quoted.ts';
import type { Structure } from '../../target/structure.ts';
import type { Context } from '../context.ts';
import type { TargetReader } from '../target-reader.ts';

/**
 * A small table is read whole or along its primary key, and rightly: the question is whether the index can serve the search at all. It
 * can be scanned as a bitmap only, so that with these settings nothing else is as cheap.
 */
const settings = { enable_seqscan: 'off', enable_indexscan: 'off', enable_indexonlyscan: 'off', enable_bitmapscan: 'on' };

/** Returns how many indexes were asked about. One that is missing or another is found by comparing the structures. */
export async function checkFullText({ target, findings }: Context, expected: Structure, actual: Structure): Promise<number> {
  let asked = 0;
  const former = await set(target, settings);
  try {
    for (const [table, { indexes }] of Object.entries(expected.tables)) {
      for (const { name, definition } of indexes) {
        const [, document] = / USING gin \((to_tsvector\(.*\))\)$/.exec(definition) ?? [];
        const found = actual.tables[table]?.indexes.find((index) => index.name === name);
        if (document === undefined || found?.definition !== definition || (await isTooNew(target, name))) continue;
        asked += 1;
        const plan = await target.query(
          `explain (format json) select t.id from public.${quoted(table)} t where ${document} @@ to_tsquery('simple', 'word')`,
        );
        if (!JSON.stringify(plan).includes(name))
          findings.add('types', 'INDEX_UNUSED', { collection: table, field: `index ${name}` });
      }
    }
  } finally {
    await set(target, former);
  }
  return asked;
}

/**
 * An index over rows that were updated before it was built is not used while a transaction from before is still under way anywhere on
 * the server (`indcheckxmin`; PostgreSQL's README.HOT): nothing is wrong with it then.
 */
async function isTooNew(target: TargetReader, name: string): Promise<boolean> {
  const [row] = await target.query(
    `select i.indcheckxmin and age(i.xmin) <= pg_snapshot_xmax(s.now)::text::bigint - pg_snapshot_xmin(s.now)::text::bigint as too_new
     from pg_index i, pg_current_snapshot() as s (now) where i.indexrelid = to_regclass($1)`,
    [`public.${quoted(name)}`],
  );
  return row?.['too_new'] === true;
}

/** For the session. Returns what they were. */
async function set(target: TargetReader, wanted: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const former: Record<string, string> = {};
  for (const [name, value] of Object.entries(wanted)) {
    const [row] = await target.query('select current_setting($1) as former', [name]);
    former[name] = String(row?.['former']);
    await target.query('select set_config($1, $2, false)', [name, value]);
  }
  return former;
}
