import type { CollectionSpec } from './spec.ts';

export const todoList = {
  collection: 'TodoList',
  columns: {
    createdAt: { kind: 'text', required: true },
    description: { kind: 'text', required: true },
    title: { kind: 'text', required: true },
    url: { kind: 'text', required: true },
    user: { kind: 'text', required: true },
  },
  links: {},
} as const satisfies CollectionSpec;
