/** How each kind of column takes what MongoDB holds; the codes are those of docs/errors.md. */
import type { Kind } from '../../src/catalog/index.ts';

export interface KindText {
  readonly column: string;
  readonly unchanged: string;
  /** Recorded with the original. */
  readonly changed: string;
}

export const kindTexts: { readonly [K in Kind]: KindText } = {
  uuid: {
    column: '`uuid`',
    unchanged: 'ObjectId (as a UUID computed from it), UUID',
    changed:
      'text of 24 hex digits `ID_FROM_STRING`; DBRef `ID_FROM_DBREF`; an array of one id, or an object `{"$oid": …}` `ID_FROM_VALUE`; other texts and numbers that are the `_id` of a document `ID_HASHED`; the empty text becomes NULL `ID_EMPTY`',
  },
  text: {
    column: '`text`',
    unchanged: 'text of any length, not trimmed',
    changed:
      'NUL characters are removed `NUL_REMOVED`; bytes that are not UTF-8 are replaced `INVALID_UTF8`; numbers, booleans, ids, dates and symbols are written as text `TEXT_FROM_VALUE`',
  },
  integer: {
    column: '`integer`',
    unchanged: 'whole numbers of 32 bits, of any numeric type but Decimal128',
    changed:
      'numbers in texts `NUMBER_FROM_STRING`; Decimal128 `NUMBER_FROM_DECIMAL`; fractions are rounded half to even `ROUNDED`',
  },
  bigint: {
    column: '`bigint`',
    unchanged: 'whole numbers of 64 bits, of any numeric type but Decimal128',
    changed: 'as `integer`; beyond what NextCRM can store: the nearest bound `NUMBER_CLAMPED`',
  },
  boolean: {
    column: '`boolean`',
    unchanged: 'true, false',
    changed: '0, 1, and in any letter case true/false, yes/no, on/off `BOOL_FROM_VALUE`',
  },
  timestamp: {
    column: '`timestamp(3)`, UTC',
    unchanged: "dates in PostgreSQL's range",
    changed:
      'ISO 8601 texts `DATE_FROM_STRING`; milliseconds as a number `DATE_FROM_NUMBER`; BSON timestamps `DATE_FROM_TIMESTAMP`',
  },
  enum: { column: 'enum', unchanged: 'the exact label', changed: 'a label in another letter case `ENUM_CASE`' },
  jsonb: {
    column: '`jsonb`',
    unchanged: 'every value, as relaxed Extended JSON',
    changed:
      'NUL characters `NUL_REMOVED`; invalid UTF-8 `INVALID_UTF8`; of repeated keys the last `JSON_DUPLICATE_KEY`; what is nested too deep, as text `JSON_TOO_DEEP`',
  },
  'text[]': {
    column: '`text[]`',
    unchanged: 'arrays of texts, in their order; missing or null is the empty array',
    changed:
      'a single value becomes an array of one `ARRAY_FROM_VALUE`; null elements are dropped `ARRAY_NULL_DROPPED`; elements as `text`',
  },
  'uuid[]': {
    column: '`uuid[]`',
    unchanged: 'arrays of ObjectIds; missing or null is the empty array',
    changed: 'elements as `uuid`; elements that are no ids are dropped `ARRAY_ELEMENT_DROPPED`',
  },
};
