import type { CollectionSpec } from './spec.ts';

export const boards = {
  collection: 'Boards',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    description: { kind: 'text', required: true },
    favourite: { kind: 'boolean' },
    favouritePosition: { kind: 'bigint' },
    icon: { kind: 'text' },
    position: { kind: 'bigint' },
    title: { kind: 'text', required: true },
    user: { kind: 'uuid', references: 'Users', required: true },
    visibility: { kind: 'text' },
    sharedWith: { kind: 'uuid[]' },
    createdAt: { kind: 'timestamp' },
    createdBy: { kind: 'uuid' },
    updatedAt: { kind: 'timestamp' },
    updatedBy: { kind: 'uuid' },
  },
  links: {
    watchers: { junction: 'BoardWatchers', side: 'left', partner: 'Users' },
  },
} as const satisfies CollectionSpec;
