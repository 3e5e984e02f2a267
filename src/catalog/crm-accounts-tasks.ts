import { enums } from './enums.ts';
import type { CollectionSpec } from './spec.ts';

export const crmAccountsTasks = {
  collection: 'crm_Accounts_Tasks',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    content: { kind: 'text' },
    createdAt: { kind: 'timestamp', role: 'created' },
    createdBy: { kind: 'uuid', names: 'Users' },
    updatedAt: { kind: 'timestamp', role: 'updated' },
    updatedBy: { kind: 'uuid', names: 'Users' },
    dueDateAt: { kind: 'timestamp' },
    priority: { kind: 'text', required: true },
    tags: { kind: 'jsonb' },
    title: { kind: 'text', required: true },
    likes: { kind: 'bigint' },
    user: { kind: 'uuid', references: 'Users' },
    taskStatus: { kind: 'enum', labels: enums.taskStatus },
    account: { kind: 'uuid', references: 'crm_Accounts' },
  },
  links: {},
} as const satisfies CollectionSpec;
