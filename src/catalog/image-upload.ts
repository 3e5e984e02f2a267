import type { CollectionSpec } from './spec.ts';

export const imageUpload = {
  collection: 'ImageUpload',
  columns: {},
  links: {},
} as const satisfies CollectionSpec;
