import { enums } from './enums.ts';
import type { CollectionSpec } from './spec.ts';

export const documents = {
  collection: 'Documents',
  columns: {
    __v: { kind: 'integer' },
    date_created: { kind: 'timestamp', role: 'created' },
    createdAt: { kind: 'timestamp', role: 'created' },
    last_updated: { kind: 'timestamp', role: 'updated' },
    updatedAt: { kind: 'timestamp', role: 'updated' },
    document_name: { kind: 'text', required: true },
    created_by_user: { kind: 'uuid', references: 'Users' },
    createdBy: { kind: 'uuid', names: 'Users' },
    description: { kind: 'text' },
    document_type: { kind: 'uuid', references: 'Documents_Types' },
    favourite: { kind: 'boolean' },
    document_file_mimeType: { kind: 'text', required: true },
    document_file_url: { kind: 'text', required: true },
    status: { kind: 'text' },
    visibility: { kind: 'text' },
    tags: { kind: 'jsonb' },
    key: { kind: 'text' },
    size: { kind: 'integer' },
    assigned_user: { kind: 'uuid', references: 'Users' },
    connected_documents: { kind: 'text[]' },
    document_system_type: { kind: 'enum', labels: enums.DocumentSystemType },
  },
  links: {
    invoiceIDs: { junction: 'DocumentsToInvoices', side: 'left', partner: 'Invoices' },
    opportunityIDs: { junction: 'DocumentsToOpportunities', side: 'left', partner: 'crm_Opportunities' },
    contactsIDs: { junction: 'DocumentsToContacts', side: 'left', partner: 'crm_Contacts' },
    tasksIDs: { junction: 'DocumentsToTasks', side: 'left', partner: 'Tasks' },
    crm_accounts_tasksIDs: { junction: 'DocumentsToCrmAccountsTasks', side: 'left', partner: 'crm_Accounts_Tasks' },
    leadsIDs: { junction: 'DocumentsToLeads', side: 'left', partner: 'crm_Leads' },
    accountsIDs: { junction: 'DocumentsToAccounts', side: 'left', partner: 'crm_Accounts', formerly: ['account'] },
  },
} as const satisfies CollectionSpec;
