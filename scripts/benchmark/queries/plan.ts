/** Which large tables the server reads from end to end for a statement, by its own plan. */
import type pg from 'pg';
import type { Sent } from './client.ts';

/** Below it, reading all of a table costs less than an index does. */
export const largeRows = 10_000;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** `rowsOf`: by table. */
export async function largeScans(
  client: pg.Client,
  { sql, parameters }: Sent,
  rowsOf: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(`explain (format json) ${sql}`, [
    ...parameters,
  ]);
  const plans = rows.flatMap((row) => row['QUERY PLAN'].map(({ Plan }) => Plan));
  return plans.flatMap(scansIn).filter((table) => (rowsOf.get(table) ?? 0) > largeRows);
}

function scansIn({ 'Node Type': type, 'Relation Name': table, Plans = [] }: PlanNode): readonly string[] {
  return [...(type === 'Seq Scan' && table !== undefined ? [table] : []), ...Plans.flatMap(scansIn)];
}
