import { ranges } from './ranges.ts';
import type { CollectionSpec } from './spec.ts';

export const crmOpportunitiesType = {
  collection: 'crm_Opportunities_Type',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    name: { kind: 'text', required: true },
    order: { kind: 'bigint', normalize: ranges.integer },
  },
  links: {},
} as const satisfies CollectionSpec;
