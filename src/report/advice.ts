/** What each code means, in one sentence for a person who is no database engineer, and the next step. */
import { type Code, codes } from './codes.ts';

export interface Advice {
  readonly what: string;
  readonly next: string;
}

const fixInSource =
  'Correct the document in MongoDB and start the migration again (it tries rejected documents anew), or accept the report if you can do without it.';
const nothing = 'Nothing to do: the original is kept in nextcrm_migration.change.';
const check = 'Look through the originals in nextcrm_migration.change, and correct in NextCRM what matters to you.';
const startOver = 'Start over with an empty target database and an empty volume. If it comes back, report it with report.json.';
const verifyOnce = 'If NextCRM has written to the database since, this may be its own work. If not: ';

const advice: { readonly [C in Code]: Advice } = {
  MISSING_REQUIRED: { what: 'A field that NextCRM requires is missing, and there is no default for it.', next: fixInSource },
  UNCONVERTIBLE_REQUIRED: { what: 'A field that NextCRM requires holds a value that its column cannot take.', next: fixInSource },
  DANGLING_REQUIRED: {
    what: 'A required reference names a document that does not exist, or that was rejected itself.',
    next: `${fixInSource} Look first at the other rejected documents: one of them may be the one that is missing here.`,
  },
  DUPLICATE_KEY: {
    what: 'Another document has the same value where NextCRM allows each value once; that one was kept.',
    next: 'Decide which of the documents is the right one; change or merge the other in MongoDB, and start the migration again.',
  },
  DUPLICATE_ID: {
    what: 'The dump holds two documents of the same _id; the first one was kept.',
    next: 'Compare the rejected document with the one that was kept. A fresh mongodump does not have this.',
  },
  INDEX_TOO_LARGE: {
    what: 'A value is longer than an index of PostgreSQL can hold (about 2,700 bytes).',
    next: 'Shorten the value in MongoDB and start the migration again; where the column may be empty, the row is there without it.',
  },
  SERVER_REFUSED: {
    what: 'PostgreSQL refused the row; the reason column has its error code, constraint and column.',
    next: `${fixInSource} If the document looks sound, report it with its reason.`,
  },
  ID_FROM_STRING: { what: 'A reference was stored as text and was read as the ObjectId that it spells.', next: nothing },
  ID_FROM_DBREF: { what: 'A reference was stored as DBRef or DBPointer; its id was taken.', next: nothing },
  ID_HASHED: {
    what: 'An id that is no ObjectId became a UUID computed from it; the same id always becomes the same UUID.',
    next: 'Nothing to do: nextcrm_migration.id_map translates both ways.',
  },
  ID_EMPTY: { what: 'A reference was an empty text and became empty (NULL).', next: nothing },
  NUL_REMOVED: { what: 'A text held NUL characters, which PostgreSQL cannot store; they were taken out.', next: nothing },
  INVALID_UTF8: { what: 'A text held bytes that are no valid UTF-8; they were replaced by the sign �.', next: check },
  TEXT_FROM_VALUE: { what: 'A value of another type stood where text belongs and was written out as text.', next: nothing },
  NUMBER_FROM_STRING: { what: 'A number was stored as text and was read as the number.', next: nothing },
  NUMBER_FROM_DECIMAL: { what: 'A whole number was stored as a decimal and became a whole number.', next: nothing },
  ROUNDED: {
    what: 'A number had a fraction where only whole numbers can be stored; it was rounded (half to even).',
    next: check,
  },
  BOOL_FROM_VALUE: { what: 'A yes/no value was stored as text or number and was read as true or false.', next: nothing },
  DATE_FROM_STRING: { what: 'A date was stored as text and was read as the date.', next: nothing },
  DATE_FROM_NUMBER: { what: 'A date was stored as a number of milliseconds and was read as the date.', next: nothing },
  DATE_FROM_TIMESTAMP: { what: 'A date was stored as an internal timestamp of MongoDB and was read as the date.', next: nothing },
  ENUM_CASE: { what: 'A choice was spelt in another case and was set to the spelling that NextCRM knows.', next: nothing },
  JSON_DUPLICATE_KEY: { what: 'A nested object held the same key twice; the last one was kept.', next: check },
  JSON_TOO_DEEP: { what: 'A value is nested deeper than PostgreSQL takes and was kept as the text of its JSON.', next: check },
  ARRAY_FROM_VALUE: { what: 'A single value stood where a list belongs and became a list of one.', next: nothing },
  ARRAY_NULL_DROPPED: { what: 'A list held empty elements; they were left out.', next: nothing },
  ARRAY_ELEMENT_DROPPED: { what: 'A list of ids held an element that is no id; it was left out.', next: check },
  LINK_DANGLING: { what: 'A list of links names a document that does not exist; that link was left out.', next: check },
  UNCONVERTIBLE: { what: 'An optional field held a value that its column cannot take; the column is empty (NULL).', next: check },
  DEFAULTED: { what: 'A required field was missing or unusable and got its default.', next: nothing },
  DANGLING_REFERENCE: {
    what: 'An optional reference names a document that does not exist; the column is empty (NULL).',
    next: check,
  },
  TASK_REDIRECTED: { what: "A comment's task is an account's task; the comment now belongs to that one.", next: nothing },
  UNKNOWN_COLLECTION: {
    what: 'A collection is none of NextCRM; its documents are kept whole in nextcrm_migration.leftover.',
    next: 'Nothing to do for NextCRM. If the collection is yours, take its documents from there before you drop that schema.',
  },
  MISSING_COLLECTION: {
    what: 'The source does not have this collection; its table is empty.',
    next: 'Nothing to do if you never used it. Otherwise check that the source is the whole database.',
  },
  NOT_COPIED: { what: "A view or one of MongoDB's own collections is not copied.", next: 'Nothing to do.' },
  COUNT_MISMATCH: { what: 'The numbers of documents, rows and rejected documents do not add up.', next: verifyOnce + startOver },
  ROW_MISSING: { what: 'A document has neither a row nor a record that it was rejected.', next: verifyOnce + startOver },
  ROW_EXTRA: { what: 'A row belongs to no document of the source.', next: verifyOnce + startOver },
  FIELD_DIFFERS: { what: 'A value in the target is not the one of the source.', next: verifyOnce + startOver },
  CHANGE_WRONG: {
    what: 'A record of a changed value does not say what was done, or not what the source holds.',
    next: verifyOnce + startOver,
  },
  CHANGE_MISSING: { what: 'A value was changed without a record of it.', next: verifyOnce + startOver },
  CHANGE_EXTRA: { what: 'A record of a change is about a value that was not changed.', next: verifyOnce + startOver },
  LEFTOVER_WRONG: {
    what: 'A field that NextCRM does not know is not kept as the source holds it.',
    next: verifyOnce + startOver,
  },
  REJECT_WRONG: {
    what: 'The record of a rejected document is missing, doubled, or not what the source holds.',
    next: verifyOnce + startOver,
  },
  ID_MAP_WRONG: { what: 'nextcrm_migration.id_map is wrong about a document.', next: verifyOnce + startOver },
  ARCHIVE_WRONG: {
    what: 'A copy in nextcrm_archive is not what the table of that name holds.',
    next: verifyOnce + startOver,
  },
  REFERENCE_LOST: { what: 'A reference of the source is not the same reference in the target.', next: verifyOnce + startOver },
  REFERENCE_INTRODUCED: {
    what: 'A reference dangles in the target although the source has the document that it names.',
    next: verifyOnce + startOver,
  },
  LINK_MISSING: {
    what: 'A link of the source is neither in the junction table nor recorded as left out.',
    next: verifyOnce + startOver,
  },
  LINK_EXTRA: { what: 'A pair of a junction table stands in no document of the source.', next: verifyOnce + startOver },
  KEY_NOT_VALIDATED: { what: 'A foreign key is missing, not validated, or broken by a row.', next: verifyOnce + startOver },
  CATALOG_DIFFERS: {
    what: 'A table, column, key, index or type is not as the migrations make it.',
    next: 'If a later release of NextCRM has upgraded the database, this is its work. Otherwise put the difference right, and run verify again.',
  },
  MODEL_UNREADABLE: {
    what: 'A table cannot be read through the Prisma client, which NextCRM uses.',
    next: `Run verify again. If it comes back: ${startOver}`,
  },
  INDEX_UNUSED: {
    what: 'A full-text index is there, but the server does not use it for the search that it is for.',
    next: 'Run REINDEX INDEX for the index that the finding names, then run verify again.',
  },
  ID_INVALID: {
    what: "An id in a table is no UUID that NextCRM's forms accept.",
    next: verifyOnce + startOver,
  },
  VECTOR_UNUSABLE: {
    what: 'The extension vector is not installed, or does not work on this server.',
    next: 'Have the administrator run CREATE EXTENSION vector; with a build that fits the server. Then run verify again.',
  },
  NOTHING_COMPARED: {
    what: 'Nothing was compared although there are documents or rows.',
    next: 'Check that MONGODB_URL names the source that was migrated, whole, then run verify again.',
  },
  SOURCE_CHANGED: {
    what: 'The source is not what it was when it was loaded: somebody wrote to it.',
    next: 'Stop NextCRM and whatever else writes to MongoDB. To take the newer state over, start again with an empty target database and an empty volume.',
  },
  SOURCE_DAMAGED: {
    what: 'A part of the dump cannot be read; what could be read was loaded.',
    next: 'Make the dump again with mongodump and start over with it. If that dump is all you have, the report says which documents are there.',
  },
};

/** @returns advice for a code that is not known here, too: a report of another version may hold one. */
export function adviceFor(code: string): Advice {
  return isCode(code)
    ? advice[code]
    : { what: 'This version does not know this code.', next: 'Look it up in docs/errors.md of the version that wrote it.' };
}

const isCode = (code: string): code is Code => (codes as readonly string[]).includes(code);
