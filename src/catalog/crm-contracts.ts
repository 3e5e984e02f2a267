import { enums } from './enums.ts';
import type { CollectionSpec } from './spec.ts';

export const crmContracts = {
  collection: 'crm_Contracts',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    title: { kind: 'text', required: true },
    value: { kind: 'integer', required: true },
    startDate: { kind: 'timestamp' },
    endDate: { kind: 'timestamp' },
    renewalReminderDate: { kind: 'timestamp' },
    customerSignedDate: { kind: 'timestamp' },
    companySignedDate: { kind: 'timestamp' },
    description: { kind: 'text' },
    account: { kind: 'uuid', references: 'crm_Accounts' },
    assigned_to: { kind: 'uuid', references: 'Users' },
    createdAt: { kind: 'timestamp', role: 'created' },
    createdBy: { kind: 'uuid', names: 'Users' },
    updatedAt: { kind: 'timestamp', role: 'updated' },
    updatedBy: { kind: 'uuid', names: 'Users' },
    status: { kind: 'enum', labels: enums.crm_Contracts_Status, required: true, whenMissing: { value: 'NOTSTARTED' } },
    type: { kind: 'text' },
  },
  links: {},
} as const satisfies CollectionSpec;
