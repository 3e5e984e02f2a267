import type { CollectionSpec } from './spec.ts';

export const crmLeads = {
  collection: 'crm_Leads',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    createdAt: { kind: 'timestamp' },
    createdBy: { kind: 'uuid' },
    updatedAt: { kind: 'timestamp' },
    updatedBy: { kind: 'uuid' },
    firstName: { kind: 'text' },
    lastName: { kind: 'text', required: true },
    company: { kind: 'text' },
    jobTitle: { kind: 'text' },
    email: { kind: 'text' },
    phone: { kind: 'text' },
    description: { kind: 'text' },
    lead_source: { kind: 'text' },
    refered_by: { kind: 'text' },
    campaign: { kind: 'text' },
    status: { kind: 'text' },
    type: { kind: 'text' },
    assigned_to: { kind: 'uuid', references: 'Users' },
    accountsIDs: { kind: 'uuid', references: 'crm_Accounts' },
  },
  links: {
    documentsIDs: { junction: 'DocumentsToLeads', side: 'right', partner: 'Documents' },
  },
} as const satisfies CollectionSpec;
