import type { CollectionSpec } from './spec.ts';

export const invoiceStates = {
  collection: 'invoice_States',
  columns: {
    name: { kind: 'text', required: true },
  },
  links: {},
} as const satisfies CollectionSpec;
