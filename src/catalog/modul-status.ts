import type { CollectionSpec } from './spec.ts';

export const modulStatus = {
  collection: 'modulStatus',
  columns: {
    name: { kind: 'text', required: true },
    isVisible: { kind: 'boolean', required: true },
  },
  links: {},
} as const satisfies CollectionSpec;
