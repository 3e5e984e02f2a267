/** Records of the ledger that belong to no document of the source: sought only where the counts give reason to. */
import type { Context } from './context.ts';
import { layoutOf, takeApart } from './documents.ts';
import type { FindingCode } from './finding-texts.ts';
import type { LedgerTable } from './ledger.ts';

const codes: { readonly [T in LedgerTable]: FindingCode } = {
  change: 'CHANGE_EXTRA',
  leftover: 'LEFTOVER_WRONG',
  reject: 'REJECT_WRONG',
};

/** As many source ids as are looked for in the source at once. */
const soughtMax = 20_000;

export async function locateStrayRecords(
  context: Context,
  collection: string,
  table: LedgerTable,
  hasTable: boolean,
): Promise<void> {
  const report = (rows: readonly { readonly [column: string]: unknown }[]) => {
    for (const row of rows) {
      const field = row['field'] === null || row['field'] === undefined ? null : String(row['field']);
      context.findings.add('records', codes[table], { collection, field, sourceId: String(row['source_id']) });
    }
  };
  if (table === 'reject') {
    report(
      await context.target.query(
        'select source_id, min(field) as field from nextcrm_migration.reject where collection = $1 group by source_id, bson having count(*) > 1',
        [collection],
      ),
    );
  } else if (hasTable) {
    report(
      await context.target.query(
        `select r.source_id, r.field from nextcrm_migration.${table} r where r.collection = $1
           and not exists (select from nextcrm_migration.id_map m where m.collection = $1 and m.source_id = r.source_id)
           and not exists (select from nextcrm_migration.reject j where j.collection = $1 and j.source_id = r.source_id)`,
        [collection],
      ),
    );
    return;
  }
  const rows = await context.target.query(
    `select distinct source_id, field from nextcrm_migration.${table} where collection = $1 order by source_id limit ${soughtMax}`,
    [collection],
  );
  const present = new Set((await context.source.collections()).map(({ name }) => name));
  const found = new Set<string>();
  if (present.has(collection)) {
    const layout = layoutOf(collection, null);
    for await (const document of context.source.find(collection, new Set(rows.map((row) => String(row['source_id']))))) {
      for (const { sourceId } of takeApart([document], layout).documents) found.add(sourceId);
    }
  }
  report(rows.filter((row) => !found.has(String(row['source_id']))));
}
