/** The Prisma migrations that create the tables of the catalog: prisma/migrations, with a question that tells whether each was applied. */
import type { Migration, Migrations } from './spec.ts';

const ours: readonly Migration[] = [
  { name: '0_init', probe: `to_regclass('public."ContactsToOpportunities"') is not null` },
  { name: '1_bigint_columns', probe: attribute('crm_Opportunities_Type', 'order', `a.atttypid = 'pg_catalog.int8'::regtype`) },
  { name: '2_tasks_comments_task_nullable', probe: attribute('tasksComments', 'task', 'not a.attnotnull') },
  { name: '3_vector', probe: `exists (select from pg_extension where extname = 'vector')` },
  { name: '4_filter_indexes', probe: `to_regclass('public."nextcrm_tasksComments_createdAt"') is not null` },
  { name: '5_full_text', probe: `to_regclass('public."fts_Documents"') is not null` },
  { name: '6_lookup_tables', probe: `to_regclass('public."Currency"') is not null` },
];

export const migrations: Migrations = {
  ours,
  appInitChecksum: '0c30baa2b075fa76f0f49db0bcbd593a631f7a1f5585f7a545775bb37a2e549d',
  forgottenByApp: '20260404120000_add_currency_support',
};

function attribute(table: string, column: string, condition: string): string {
  return `exists (select from pg_attribute a where a.attrelid = to_regclass('public."${table}"') and a.attname = '${column}' and ${condition})`;
}
