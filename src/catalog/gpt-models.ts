import { enums } from './enums.ts';
import type { CollectionSpec } from './spec.ts';

export const gptModels = {
  collection: 'gpt_models',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    model: { kind: 'text', required: true },
    description: { kind: 'text' },
    status: { kind: 'enum', labels: enums.gptStatus },
    created_on: { kind: 'timestamp', role: 'created' },
  },
  links: {},
} as const satisfies CollectionSpec;
