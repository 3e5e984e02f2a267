import type { JunctionSpec } from './spec.ts';

/** The ten junction tables. A pair may stand in the array of either side, or of both. */
export const junctions = [
  {
    table: 'DocumentsToInvoices',
    left: { column: 'document_id', collection: 'Documents' },
    right: { column: 'invoice_id', collection: 'Invoices' },
  },
  {
    table: 'DocumentsToOpportunities',
    left: { column: 'document_id', collection: 'Documents' },
    right: { column: 'opportunity_id', collection: 'crm_Opportunities' },
  },
  {
    table: 'DocumentsToContacts',
    left: { column: 'document_id', collection: 'Documents' },
    right: { column: 'contact_id', collection: 'crm_Contacts' },
  },
  {
    table: 'DocumentsToTasks',
    left: { column: 'document_id', collection: 'Documents' },
    right: { column: 'task_id', collection: 'Tasks' },
  },
  {
    table: 'DocumentsToCrmAccountsTasks',
    left: { column: 'document_id', collection: 'Documents' },
    right: { column: 'crm_accounts_task_id', collection: 'crm_Accounts_Tasks' },
  },
  {
    table: 'DocumentsToLeads',
    left: { column: 'document_id', collection: 'Documents' },
    right: { column: 'lead_id', collection: 'crm_Leads' },
  },
  {
    table: 'DocumentsToAccounts',
    left: { column: 'document_id', collection: 'Documents' },
    right: { column: 'account_id', collection: 'crm_Accounts' },
  },
  {
    table: 'AccountWatchers',
    left: { column: 'account_id', collection: 'crm_Accounts' },
    right: { column: 'user_id', collection: 'Users' },
  },
  {
    table: 'BoardWatchers',
    left: { column: 'board_id', collection: 'Boards' },
    right: { column: 'user_id', collection: 'Users' },
  },
  {
    table: 'ContactsToOpportunities',
    left: { column: 'contact_id', collection: 'crm_Contacts' },
    right: { column: 'opportunity_id', collection: 'crm_Opportunities' },
  },
] as const satisfies readonly JunctionSpec[];
