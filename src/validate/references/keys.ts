/** Layer "references", keys: each foreign key is there and validated, and no row breaks it, by a query of our own. */
import type { Catalog } from '../../catalog/index.ts';
import { readTuples } from '../../target/copy-reader.ts';
import { quoted } from '../../target/quoted.ts';
import type { Context } from '../context.ts';
import { nameOf } from '../records/extra-rows.ts';

interface Key {
  readonly table: string;
  readonly column: string;
  readonly partner: string;
  /** The columns that name a row. */
  readonly names: readonly string[];
}

const foreignKeysOf = ({ collections, junctions }: Catalog): readonly Key[] => [
  ...collections.flatMap(({ collection, columns }) =>
    Object.entries(columns).flatMap(([column, { references }]) =>
      references === undefined ? [] : [{ table: collection, column, partner: references, names: ['id'] }],
    ),
  ),
  ...junctions.flatMap(({ table, left, right }) => [
    { table, column: left.column, partner: left.collection, names: [left.column, right.column] },
    { table, column: right.column, partner: right.collection, names: [left.column, right.column] },
  ]),
];

/** Returns how many keys were checked. */
export async function checkKeys({ catalog, target, findings, signal, relations, upgraded }: Context): Promise<number> {
  const rows = await target.query(`
    select c.relname::text as table, a.attname::text as column, p.relname::text as partner
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid and c.relnamespace = 'public'::regnamespace
    join pg_class p on p.oid = k.confrelid
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype = 'f' and k.convalidated and array_length(k.conkey, 1) = 1`);
  const validated = new Set(rows.map((row) => `${row['table']} ${row['column']} ${row['partner']}`));
  const foreignKeys = foreignKeysOf(catalog);
  for (const { table, column, partner, names } of foreignKeys) {
    signal.throwIfAborted();
    const at = { collection: table, field: column };
    let orphans = 0;
    const text = `select ${names.map((name) => `t.${quoted(name)}`).join(', ')} from ${relations(table)} t
      where t.${quoted(column)} is not null and not exists (select from ${relations.all(partner)} p where p.id = t.${quoted(column)})`;
    for await (const row of readTuples(target.copyOut(text))) {
      orphans += 1;
      findings.add('references', 'KEY_NOT_VALIDATED', {
        ...at,
        sourceId: names.map((_, index) => nameOf(row.hex(index))).join(' '),
      });
    }
    // The key itself counts where no row breaks it. In an upgraded database keys are the release's own affair.
    if (!upgraded && orphans === 0 && !validated.has(`${table} ${column} ${partner}`))
      findings.add('references', 'KEY_NOT_VALIDATED', at);
  }
  return foreignKeys.length;
}
