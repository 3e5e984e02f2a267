import type { DroppedCollection } from './spec.ts';

/** Of July 2023: some never had a document, three were those of an adapter for signing in. */
export const droppedCollections = [
  { collection: 'Translation' },
  { collection: 'SetupIndustry' },
  { collection: 'Account', secrets: 'OAuth tokens' },
  { collection: 'Session', secrets: 'session tokens' },
  { collection: 'VerificationToken', secrets: 'tokens' },
] as const satisfies readonly DroppedCollection[];
