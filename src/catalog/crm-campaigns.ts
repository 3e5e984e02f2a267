import type { CollectionSpec } from './spec.ts';

export const crmCampaigns = {
  collection: 'crm_campaigns',
  // Until October 2023.
  formerly: ['crm_campains'],
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    name: { kind: 'text', required: true },
    description: { kind: 'text' },
    status: { kind: 'text' },
  },
  links: {},
} as const satisfies CollectionSpec;
