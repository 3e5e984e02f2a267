import type { CollectionSpec } from './spec.ts';

export const systemServices = {
  collection: 'systemServices',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    name: { kind: 'text', required: true },
    serviceUrl: { kind: 'text' },
    serviceId: { kind: 'text' },
    serviceKey: { kind: 'text' },
    servicePassword: { kind: 'text' },
    servicePort: { kind: 'text' },
    description: { kind: 'text' },
  },
  links: {},
} as const satisfies CollectionSpec;
