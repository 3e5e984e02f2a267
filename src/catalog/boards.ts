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
    sharedWith: { kind: 'uuid[]', names: 'Users' },
    createdAt: { kind: 'timestamp', role: 'created', formerly: ['date_created'] },
    createdBy: { kind: 'uuid', names: 'Users' },
    updatedAt: { kind: 'timestamp', role: 'updated', formerly: ['last_edited'] },
    updatedBy: { kind: 'uuid', names: 'Users' },
  },
  links: {
    watchers: { junction: 'BoardWatchers', side: 'left', partner: 'Users' },
  },
} as const satisfies CollectionSpec;
