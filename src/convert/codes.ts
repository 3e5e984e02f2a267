/** The codes of conversion, each a heading in docs/errors.md. */

export type ChangeCode =
  | 'ID_FROM_STRING'
  | 'ID_FROM_DBREF'
  | 'ID_FROM_VALUE'
  | 'ID_HASHED'
  | 'ID_EMPTY'
  | 'NUL_REMOVED'
  | 'INVALID_UTF8'
  | 'TEXT_FROM_VALUE'
  | 'NUMBER_FROM_STRING'
  | 'NUMBER_FROM_DECIMAL'
  | 'ROUNDED'
  | 'BOOL_FROM_VALUE'
  | 'DATE_FROM_STRING'
  | 'DATE_FROM_NUMBER'
  | 'DATE_FROM_TIMESTAMP'
  | 'ENUM_CASE'
  | 'CURRENCY_NORMALIZED'
  | 'BLANK_TO_NULL'
  | 'NUMBER_CLAMPED'
  | 'JSON_DUPLICATE_KEY'
  | 'JSON_TOO_DEEP'
  | 'ARRAY_FROM_VALUE'
  | 'ARRAY_NULL_DROPPED'
  | 'ARRAY_ELEMENT_DROPPED'
  | 'RENAMED_FIELD'
  | 'CORRECTED'
  | 'UNCONVERTIBLE'
  | 'DEFAULTED';

/** Why a document is rejected as a whole while it is converted; the later steps have further codes. */
export type RejectCode = 'MISSING_REQUIRED' | 'UNCONVERTIBLE_REQUIRED';
