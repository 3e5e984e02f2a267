import type { CollectionSpec } from './spec.ts';

export const openAiKeys = {
  collection: 'openAi_keys',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    user: { kind: 'uuid', references: 'Users', required: true },
    organization_id: { kind: 'text', required: true },
    api_key: { kind: 'text', required: true },
  },
  links: {},
} as const satisfies CollectionSpec;
