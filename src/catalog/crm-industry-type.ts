import type { CollectionSpec } from './spec.ts';

export const crmIndustryType = {
  collection: 'crm_Industry_Type',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    name: { kind: 'text', required: true },
  },
  links: {},
} as const satisfies CollectionSpec;
