/** Every stable code, by what it says of a document, a value or a run. Each has advice and a heading in docs/errors.md. */

/** The document is in no table; it is kept whole in nextcrm_migration.reject. */
export const rejectCodes = [
  'MISSING_REQUIRED',
  'UNCONVERTIBLE_REQUIRED',
  'DANGLING_REQUIRED',
  'DUPLICATE_KEY',
  'DUPLICATE_ID',
  'INDEX_TOO_LARGE',
  'SERVER_REFUSED',
] as const;

/** The document is in its table with this value changed; the original is kept in nextcrm_migration.change. */
export const changeCodes = [
  'ID_FROM_STRING',
  'ID_FROM_DBREF',
  'ID_HASHED',
  'ID_EMPTY',
  'NUL_REMOVED',
  'INVALID_UTF8',
  'TEXT_FROM_VALUE',
  'NUMBER_FROM_STRING',
  'NUMBER_FROM_DECIMAL',
  'ROUNDED',
  'BOOL_FROM_VALUE',
  'DATE_FROM_STRING',
  'DATE_FROM_NUMBER',
  'DATE_FROM_TIMESTAMP',
  'ENUM_CASE',
  'JSON_DUPLICATE_KEY',
  'JSON_TOO_DEEP',
  'ARRAY_FROM_VALUE',
  'ARRAY_NULL_DROPPED',
  'ARRAY_ELEMENT_DROPPED',
  'LINK_DANGLING',
  'UNCONVERTIBLE',
  'DEFAULTED',
  'DANGLING_REFERENCE',
  'TASK_REDIRECTED',
  'INDEX_TOO_LARGE',
] as const;

/** Told, and no reason for a person to act. */
export const noteCodes = ['UNKNOWN_COLLECTION', 'MISSING_COLLECTION', 'NOT_COPIED'] as const;

/** What validation, and the load itself, find beyond rejected documents. */
export const validationCodes = [
  'COUNT_MISMATCH',
  'ROW_MISSING',
  'ROW_EXTRA',
  'FIELD_DIFFERS',
  'CHANGE_WRONG',
  'CHANGE_MISSING',
  'CHANGE_EXTRA',
  'LEFTOVER_WRONG',
  'REJECT_WRONG',
  'ID_MAP_WRONG',
  'ARCHIVE_WRONG',
  'REFERENCE_LOST',
  'REFERENCE_INTRODUCED',
  'LINK_MISSING',
  'LINK_EXTRA',
  'KEY_NOT_VALIDATED',
  'CATALOG_DIFFERS',
  'MODEL_UNREADABLE',
  'INDEX_UNUSED',
  'ID_INVALID',
  'VECTOR_UNUSABLE',
  'NOTHING_COMPARED',
  'SOURCE_CHANGED',
  'SOURCE_DAMAGED',
] as const;

export type Code =
  | (typeof rejectCodes)[number]
  | (typeof changeCodes)[number]
  | (typeof noteCodes)[number]
  | (typeof validationCodes)[number];

/** Each once. */
export const codes: readonly Code[] = [...new Set<Code>([...rejectCodes, ...changeCodes, ...noteCodes, ...validationCodes])];

export const isRejectCode = (code: string): boolean => (rejectCodes as readonly string[]).includes(code);
