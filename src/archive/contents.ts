/**
 * What NextCRM's later releases drop or rewrite without keeping a copy, and so what the schema `nextcrm_archive` holds: whole tables,
 * or of a table the id and some columns. Facts about the app's migrations after `0_init`, as of August 2026.
 */

export interface ArchivedTable {
  /** The name in `public` and in the archive. */
  readonly table: string;
  /** What tells a row: the id, or both ends of a link. */
  readonly key: readonly string[];
  /** Beside the key; 'all' for a table that is dropped as a whole. */
  readonly columns: readonly string[] | 'all';
}

const whole = (table: string, key: readonly string[] = ['id']): ArchivedTable => ({ table, key, columns: 'all' });
const some = (table: string, columns: readonly string[]): ArchivedTable => ({ table, key: ['id'], columns });

/** Columns that are only rewritten are here too where mending a value before the upgrade, or the upgrade itself, takes the original away. */
export const archivedTables: readonly ArchivedTable[] = [
  whole('DocumentsToInvoices', ['document_id', 'invoice_id']),
  whole('Invoices'),
  some('Users', ['is_admin', 'is_account_admin']),
  some('crm_Contacts', ['created_by', 'createdBy', 'type']),
  some('crm_Leads', ['lead_source', 'status', 'type']),
  some('crm_Opportunities', ['created_by', 'createdBy', 'currency', 'budget', 'expected_revenue']),
  some('crm_Opportunities_Sales_Stages', ['probability', 'order']),
  some('crm_Opportunities_Type', ['order']),
  whole('gpt_models'),
  whole('modulStatus'),
  whole('openAi_keys'),
  whole('system_Modules_Enabled'),
];
