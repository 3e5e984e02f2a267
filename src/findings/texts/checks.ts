/** What validation, and the load itself, find beyond rejected documents. */
import { stateSchema } from '../../schema-name.ts';
import type { CodeText } from './text.ts';

const startOver =
  'start over with an empty target database and an empty volume. If it happens again, report it with `report.json`, which contains no values.';
const otherwise = `If the database was modified after the migration, this may be the reason. Otherwise make sure that nothing else writes to either database, and ${startOver}`;
const compare = `Compare the rows with the source by the query in the report. ${otherwise}`;

const afterUpgrade =
  'Look at the rows. The database as it was before the upgrade is in `before-upgrade.dump` on the volume, where the report names it, and the source still has everything that was migrated, but nothing that people entered in the target since. Accept the finding (`accept ID`) if you take it as it is; otherwise restore the dump, or start over with an empty target database and an empty volume.';

export const checkTexts = {
  COUNT_MISMATCH: {
    cause:
      'The numbers of documents, rows and rejected documents do not add up, or those of fields: fields = carried + changed + unmapped.',
    action: compare,
  },
  ROW_MISSING: { cause: 'A document has neither a row nor a record of its rejection.', action: compare },
  ROW_EXTRA: { cause: 'A row has no counterpart in the source.', action: compare },
  FIELD_DIFFERS: {
    cause: 'A value in the target is neither the value of the source nor what a change record says.',
    action: compare,
  },
  CHANGE_WRONG: {
    cause: `A change record in \`${stateSchema}.change\` does not match the data.`,
    action: compare,
  },
  CHANGE_MISSING: { cause: `A value was changed, and \`${stateSchema}.change\` has no record of it.`, action: compare },
  CHANGE_EXTRA: {
    cause: `A change record in \`${stateSchema}.change\` is about a value that was not changed.`,
    action: compare,
  },
  LEFTOVER_WRONG: {
    cause: `An unmapped field is not preserved in \`${stateSchema}.leftover\` as it is in the source.`,
    action: compare,
  },
  REJECT_WRONG: {
    cause: `A record in \`${stateSchema}.reject\` is missing, duplicated, or does not match the document or the reason.`,
    action: compare,
  },
  ID_MAP_WRONG: {
    cause: `\`${stateSchema}.id_map\` lacks a document that has a row, or has another id for it.`,
    action: compare,
  },
  ARCHIVE_WRONG: {
    cause:
      'A table of `nextcrm_archive` does not match the table of that name in `public`, or is not a plain table. A copy that you dropped is not a finding.',
    action: otherwise,
  },
  ARCHIVE_DROPPED: {
    cause:
      'A table of `nextcrm_archive` was dropped after NextCRM was upgraded: what NextCRM has no place for is no longer in this database.',
    action:
      'If you dropped it on purpose, nothing; other findings about the same collection come of it. Otherwise restore the table from a backup of the database, then run `verify` again.',
  },
  REFERENCE_LOST: {
    cause: 'A reference of the source is not the same reference in the target, and no record explains it.',
    action: compare,
  },
  REFERENCE_INTRODUCED: {
    cause: 'A reference dangles in the target, but the source has the document that it names.',
    action: compare,
  },
  LINK_MISSING: {
    cause: 'A link of the source is neither in the junction table nor recorded as `LINK_DANGLING`.',
    action: compare,
  },
  LINK_EXTRA: { cause: 'A pair in a junction table has no counterpart in the source.', action: compare },
  KEY_NOT_VALIDATED: {
    cause: 'A foreign key is missing, not validated, or violated by a row.',
    action:
      'Run `alter table … validate constraint …`: it names the first row that violates the key. Correct the row, then run `verify` again.',
  },
  CATALOG_DIFFERS: {
    cause: 'A table, column, default, key, index or type differs from what the migrations create.',
    action:
      'If a later release of NextCRM has upgraded the database, this is the reason. Otherwise compare with the files of `prisma/migrations`, correct the difference, then run `verify` again.',
  },
  MODEL_UNREADABLE: {
    cause: 'A table cannot be read through Prisma Client, which NextCRM uses.',
    action: `Run \`verify\` again. If it happens again, ${startOver}`,
  },
  INDEX_UNUSED: {
    cause: 'The server does not use a full-text index for its search: it is not valid, or its build did not finish.',
    action: 'Run `reindex index "NAME";`, then run `verify` again.',
  },
  ID_INVALID: {
    cause: 'An id in a table is not a UUID as RFC 9562 defines it, which NextCRM requires (`z.uuid()` of zod 4).',
    action: `The finding names the ids. If NextCRM or a person created these rows, give them other ids. Otherwise ${startOver}`,
  },
  VECTOR_UNUSABLE: {
    cause: 'The extension `vector` is not installed, or cannot compute a distance.',
    action:
      'As an administrator of the database, run `create extension vector;` with a build of pgvector that fits the server. Then run `verify` again.',
  },
  NOTHING_COMPARED: {
    cause: 'Nothing was compared, but there are documents or rows.',
    action: 'Check that `MONGODB_URL` names the complete source that was migrated. Then run `verify` again.',
  },
  PREPARE_WRONG: {
    cause: 'A value is not prepared for the newest release of NextCRM: its upgrade would stop at it or lose it.',
    action: compare,
  },
  RESTORE_WRONG: {
    cause: 'After an upgrade of NextCRM, values are not where its newest release reads them.',
    action: `The finding names the ids of the rows; the report's section "In NextCRM" has the queries that show the values, and \`${stateSchema}.restored\` says what was restored. Enter in NextCRM what is missing, then accept the report.`,
  },
  SOURCE_CHANGED: {
    cause:
      'The source was modified after it was loaded: a document was added, changed or deleted, or the dump was replaced. As a finding it ends with exit code 1; if the migration cannot continue because of it, with exit code 3.',
    effect: 'The target has the documents as they were loaded.',
    action:
      'Stop NextCRM and every other program that writes to MongoDB. To migrate the newer state, start over with an empty target database and an empty volume.',
  },
  SOURCE_DAMAGED: {
    cause:
      'A part of the dump cannot be read: a file is truncated, or its bytes are not BSON. The finding names file and byte offset.',
    effect: 'Everything that could be read was loaded.',
    action:
      'Create the dump again with `mongodump` and start over with it. If this dump is all that you have, accept the report.',
  },
  SOURCE_FILE_UNREAD: {
    cause:
      'The dump contains a file that may hold documents of NextCRM and that was not read: a part of a file, a compressed or temporary file, an archive, an export, or something that is not a file.',
    effect: 'Whatever documents are in it are not in the target.',
    action:
      'Follow the command of the finding (unpack, join, rename or remove the file), then start over with an empty target database and an empty volume. If you do not need the file, accept the report.',
  },
  COLLECTION_NAME_SIMILAR: {
    cause:
      "The name of a collection differs from that of a NextCRM collection in letter case or punctuation only, or is a copy's.",
    effect: `Its documents are preserved in \`${stateSchema}.leftover\` and are in no table.`,
    action:
      'If they belong to NextCRM, rename the collection (or the files of the dump) and start over with an empty target database and an empty volume. Otherwise accept the report.',
  },
  VIEW_NOT_COPIED: {
    cause: 'A NextCRM collection is a view or a time series in the source.',
    effect: 'None of its documents was loaded.',
    action:
      'Copy its documents into a collection of that name, and start over with an empty target database and an empty volume. Otherwise accept the report.',
  },
  UPGRADE_ROWS_LOST: {
    cause: 'After the upgrade of NextCRM, migrated rows are missing in a table that no known migration of NextCRM changes.',
    action: afterUpgrade,
  },
  UPGRADE_VALUES_LOST: {
    cause: 'After the upgrade of NextCRM, values are missing in a column that no known migration of NextCRM changes.',
    action: afterUpgrade,
  },
  UPGRADE_VALUES_CHANGED: {
    cause: 'After the upgrade of NextCRM, a column that no known migration of NextCRM changes has other values.',
    action: afterUpgrade,
  },
} as const satisfies { readonly [code: string]: CodeText };
