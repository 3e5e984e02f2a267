import type { CollectionSpec } from './spec.ts';

export const secondBrainNotions = {
  collection: 'secondBrain_notions',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    user: { kind: 'uuid', references: 'Users', required: true },
    notion_api_key: { kind: 'text', required: true },
    notion_db_id: { kind: 'text', required: true },
  },
  links: {},
} as const satisfies CollectionSpec;
