import type { CollectionSpec } from './spec.ts';

export const systemModulesEnabled = {
  collection: 'system_Modules_Enabled',
  obsolete: ['icon', 'open', 'route', 'menuItem'],
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    name: { kind: 'text', required: true },
    enabled: { kind: 'boolean', required: true },
    position: { kind: 'integer', required: true },
  },
  links: {},
} as const satisfies CollectionSpec;
