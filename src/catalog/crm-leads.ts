import type { CollectionSpec } from './spec.ts';

export const crmLeads = {
  collection: 'crm_Leads',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    createdAt: { kind: 'timestamp', role: 'created', formerly: ['date_created'] },
    createdBy: { kind: 'uuid', names: 'Users' },
    updatedAt: { kind: 'timestamp', role: 'updated', formerly: ['date_modify'] },
    updatedBy: { kind: 'uuid', names: 'Users', formerly: ['last_activity_by'] },
    firstName: { kind: 'text' },
    // Until October 2023 neither required nor asked for.
    lastName: { kind: 'text', required: true, whenMissing: { value: '' } },
    company: { kind: 'text' },
    jobTitle: { kind: 'text' },
    email: { kind: 'text' },
    phone: { kind: 'text' },
    description: { kind: 'text' },
    lead_source: { kind: 'text', normalize: 'label' },
    refered_by: { kind: 'text' },
    campaign: { kind: 'text' },
    status: { kind: 'text', normalize: 'label' },
    type: { kind: 'text', normalize: 'label' },
    assigned_to: { kind: 'uuid', references: 'Users' },
    accountsIDs: { kind: 'uuid', references: 'crm_Accounts' },
  },
  links: {
    documentsIDs: { junction: 'DocumentsToLeads', side: 'right', partner: 'Documents' },
  },
} as const satisfies CollectionSpec;
