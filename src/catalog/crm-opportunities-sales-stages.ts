import { ranges } from './ranges.ts';
import type { CollectionSpec } from './spec.ts';

export const crmOpportunitiesSalesStages = {
  collection: 'crm_Opportunities_Sales_Stages',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    name: { kind: 'text', required: true },
    probability: { kind: 'bigint', normalize: ranges.integer },
    order: { kind: 'bigint', normalize: ranges.integer },
  },
  links: {},
} as const satisfies CollectionSpec;
