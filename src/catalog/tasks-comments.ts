import type { CollectionSpec } from './spec.ts';

export const tasksComments = {
  collection: 'tasksComments',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    comment: { kind: 'text', required: true },
    createdAt: { kind: 'timestamp', role: 'created', required: true, whenMissing: 'creation time' },
    task: { kind: 'uuid', references: 'Tasks', redirect: 'assigned_crm_account_task' },
    user: { kind: 'uuid', references: 'Users', required: true },
    assigned_crm_account_task: { kind: 'uuid', references: 'crm_Accounts_Tasks' },
  },
  links: {},
} as const satisfies CollectionSpec;
