import type { CollectionSpec } from './spec.ts';

export const sections = {
  collection: 'Sections',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    board: { kind: 'uuid', references: 'Boards', required: true },
    title: { kind: 'text', required: true },
    position: { kind: 'bigint' },
  },
  links: {},
} as const satisfies CollectionSpec;
