import { enums } from './enums.ts';
import type { CollectionSpec } from './spec.ts';

export const tasks = {
  collection: 'Tasks',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    content: { kind: 'text' },
    createdAt: { kind: 'timestamp', role: 'created' },
    createdBy: { kind: 'uuid', names: 'Users' },
    updatedAt: { kind: 'timestamp', role: 'updated' },
    updatedBy: { kind: 'uuid', names: 'Users' },
    dueDateAt: { kind: 'timestamp' },
    lastEditedAt: { kind: 'timestamp' },
    position: { kind: 'bigint', required: true },
    priority: { kind: 'text', required: true },
    section: { kind: 'uuid', references: 'Sections' },
    tags: { kind: 'jsonb' },
    title: { kind: 'text', required: true },
    likes: { kind: 'bigint' },
    user: { kind: 'uuid', references: 'Users' },
    taskStatus: { kind: 'enum', labels: enums.taskStatus },
  },
  links: {
    documentIDs: { junction: 'DocumentsToTasks', side: 'right', partner: 'Documents' },
  },
} as const satisfies CollectionSpec;
