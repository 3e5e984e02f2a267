import type { CollectionSpec } from './spec.ts';

export const employees = {
  collection: 'Employees',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    avatar: { kind: 'text', required: true },
    email: { kind: 'text' },
    name: { kind: 'text', required: true },
    salary: { kind: 'bigint', required: true },
    status: { kind: 'text', required: true },
  },
  links: {},
} as const satisfies CollectionSpec;
