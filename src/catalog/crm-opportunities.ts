import { enums } from './enums.ts';
import type { CollectionSpec } from './spec.ts';

export const crmOpportunities = {
  collection: 'crm_Opportunities',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    account: { kind: 'uuid', references: 'crm_Accounts' },
    assigned_to: { kind: 'uuid', references: 'Users' },
    budget: { kind: 'bigint', required: true, whenMissing: { value: 0 } },
    campaign: { kind: 'uuid', references: 'crm_campaigns' },
    close_date: { kind: 'timestamp' },
    contact: { kind: 'uuid' },
    created_by: { kind: 'uuid', references: 'Users' },
    createdBy: { kind: 'uuid' },
    created_on: { kind: 'timestamp' },
    createdAt: { kind: 'timestamp', required: true, whenMissing: 'creation time' },
    last_activity: { kind: 'timestamp' },
    updatedAt: { kind: 'timestamp' },
    updatedBy: { kind: 'uuid' },
    last_activity_by: { kind: 'uuid' },
    currency: { kind: 'text' },
    description: { kind: 'text' },
    expected_revenue: { kind: 'bigint', required: true, whenMissing: { value: 0 } },
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
