import { enums } from './enums.ts';
import { ranges } from './ranges.ts';
import type { CollectionSpec } from './spec.ts';

export const crmOpportunities = {
  collection: 'crm_Opportunities',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    account: { kind: 'uuid', references: 'crm_Accounts' },
    assigned_to: { kind: 'uuid', references: 'Users' },
    budget: { kind: 'bigint', required: true, whenMissing: { value: 0 }, normalize: ranges.decimal18 },
    campaign: { kind: 'uuid', references: 'crm_campaigns' },
    close_date: { kind: 'timestamp' },
    contact: { kind: 'uuid', names: 'crm_Contacts' },
    created_by: { kind: 'uuid', references: 'Users' },
    createdBy: { kind: 'uuid', names: 'Users' },
    created_on: { kind: 'timestamp', role: 'created' },
    createdAt: { kind: 'timestamp', role: 'created', required: true, whenMissing: 'creation time' },
    last_activity: { kind: 'timestamp' },
    updatedAt: { kind: 'timestamp', role: 'updated' },
    updatedBy: { kind: 'uuid', names: 'Users' },
    last_activity_by: { kind: 'uuid', names: 'Users' },
    currency: { kind: 'text', normalize: 'currency' },
    description: { kind: 'text' },
    expected_revenue: { kind: 'bigint', required: true, whenMissing: { value: 0 }, normalize: ranges.decimal18 },
    name: { kind: 'text' },
    next_step: { kind: 'text' },
    sales_stage: { kind: 'uuid', references: 'crm_Opportunities_Sales_Stages' },
    type: { kind: 'uuid', references: 'crm_Opportunities_Type' },
    status: { kind: 'enum', labels: enums.crm_Opportunity_Status },
  },
  links: {
    connected_documents: { junction: 'DocumentsToOpportunities', side: 'right', partner: 'Documents' },
    connected_contacts: { junction: 'ContactsToOpportunities', side: 'right', partner: 'crm_Contacts' },
  },
} as const satisfies CollectionSpec;
