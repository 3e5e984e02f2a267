/** What a finding of validation says to a person, and what to do next. Never a value of a document. */

const restore =
  'If NextCRM has written to the database since the migration, this may be its own work. If not, start over with an empty target database and volume.';
const lookBoth = `Compare the document in the source with its row. ${restore}`;
const ledger = `The records of the migration were altered. ${restore}`;
const catalog =
  'Compare the table with the migrations under prisma/migrations and put the difference right, then run verify again.';

interface Subject {
  readonly collection: string | null;
  readonly field: string | null;
  readonly count: number;
}

const texts = {
  COUNT_MISMATCH: {
    what: ({ collection, count }) =>
      `${collection}: the numbers of documents, rows and rejected documents do not add up; the difference is ${count}.`,
    next: restore,
  },
  ROW_MISSING: {
    what: ({ collection, count }) => `${collection}: ${documents(count)} neither a row nor a record of rejection.`,
    next: lookBoth,
  },
  ROW_EXTRA: {
    what: ({ collection, count }) => `${collection}: ${count} rows belong to no document of the source.`,
    next: restore,
  },
  FIELD_DIFFERS: { what: (at) => `${place(at)} differs from the source in ${at.count} rows.`, next: lookBoth },
  CHANGE_WRONG: {
    what: (at) => `${place(at)}: ${at.count} records of changes do not say what was done, or not what the source holds.`,
    next: ledger,
  },
  CHANGE_MISSING: { what: (at) => `${place(at)}: ${at.count} values were changed without a record of it.`, next: ledger },
  CHANGE_EXTRA: {
    what: (at) => `${place(at)}: ${at.count} records of changes are about values that were not changed.`,
    next: ledger,
  },
  LEFTOVER_WRONG: {
    what: (at) => `${place(at)}: ${at.count} leftover fields are not kept as the source holds them.`,
    next: ledger,
  },
  REJECT_WRONG: {
    what: (at) =>
      `${place(at)}: ${at.count} records of rejected documents are missing, doubled, not the source's bytes, or give a reason that does not hold.`,
    next: ledger,
  },
  ID_MAP_WRONG: {
    what: ({ collection, count }) => `${collection}: nextcrm_migration.id_map is wrong about ${documents(count, '')}.`,
    next: ledger,
  },
  ARCHIVE_WRONG: {
    what: ({ collection }) => `nextcrm_archive.${collection} is not what the table of that name holds.`,
    next: restore,
  },
  REFERENCE_LOST: {
    what: (at) => `${place(at)}: ${at.count} references of the source are not the same in the target.`,
    next: lookBoth,
  },
  REFERENCE_INTRODUCED: {
    what: (at) => `${place(at)}: ${at.count} references dangle in the target although the source has the documents they name.`,
    next: restore,
  },
  LINK_MISSING: {
    what: (at) => `${place(at)}: ${at.count} links of the source are neither in the junction table nor recorded.`,
    next: lookBoth,
  },
  LINK_EXTRA: {
    what: ({ collection, count }) => `${collection}: ${count} pairs stand in no document of the source.`,
    next: restore,
  },
  KEY_NOT_VALIDATED: {
    what: (at) => `The foreign key of ${place(at)} is missing, not validated, or broken by rows.`,
    next: 'ALTER TABLE … VALIDATE CONSTRAINT tells the first row that breaks it; then run verify again.',
  },
  CATALOG_DIFFERS: {
    what: (at) => `${at.collection}${at.field === null ? '' : `: ${at.field}`} is not as the migrations make it.`,
    next: catalog,
  },
  MODEL_UNREADABLE: { what: ({ collection }) => `${collection} cannot be read through the Prisma client.`, next: catalog },
  INDEX_UNUSED: {
    what: (at) => `${at.collection}: ${at.field} is there, but the server does not use it for the search that it is for.`,
    next: 'REINDEX INDEX makes it anew; then run verify again.',
  },
  ID_INVALID: {
    what: (at) => `${at.collection}: ${at.count} ids are no UUID that NextCRM's forms accept.`,
    next: restore,
  },
  VECTOR_UNUSABLE: {
    what: () => 'The extension vector is not installed or cannot compute a distance.',
    next: 'CREATE EXTENSION vector as an administrator of the database, with a build that fits the server; then run verify again.',
  },
  NOTHING_COMPARED: {
    what: ({ collection }) => `${collection ?? 'The source'}: nothing was compared although there are documents or rows.`,
    next: 'Check that MONGODB_URL names the source that was migrated, whole, then run verify again.',
  },
  SOURCE_CHANGED: {
    what: ({ collection }) => `${collection}: the source no longer holds what was loaded from it.`,
    next: 'Stop NextCRM and whatever else writes to the source. To take the newer state over, start again with an empty target database and volume.',
  },
  SOURCE_DAMAGED: {
    what: ({ collection, count }) => `${collection}: ${count} places of the source cannot be read.`,
    next: 'Make the dump again (mongodump) or repair it, then start over with an empty target database and volume.',
  },
} as const satisfies Record<string, { readonly what: (at: Subject) => string; readonly next: string }>;

export type FindingCode = keyof typeof texts;

export function findingTexts(finding: Subject & { readonly code: FindingCode }): {
  readonly what: string;
  readonly next: string;
} {
  const { what, next } = texts[finding.code];
  return { what: what(finding), next };
}

function place({ collection, field }: Subject): string {
  return field === null ? `${collection}` : `${collection}.${field}`;
}

function documents(count: number, verb = ' has'): string {
  return count === 1 ? `1 document${verb}` : `${count} documents${verb === '' ? '' : ' have'}`;
}
