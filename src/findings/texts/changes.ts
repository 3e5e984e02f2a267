/** The document is in its table with this value changed; the original is kept in nextcrm_migration.change. */
import { stateSchema } from '../../schema-name.ts';
import { rejectTexts } from './rejects.ts';
import type { CodeText } from './text.ts';

const nothing = `Nothing. The original is in \`${stateSchema}.change\`.`;
const check = `Look at the originals in \`${stateSchema}.change\`. Correct in NextCRM what matters to you.`;

export const changeTexts = {
  ID_FROM_STRING: {
    cause: 'A reference was stored as a string of 24 hexadecimal digits.',
    effect:
      'It became the UUID of that ObjectId. If no such document exists but one has this string as its `_id`, it became the UUID of that document.',
    action: nothing,
  },
  ID_FROM_DBREF: {
    cause: 'A reference was stored as DBRef or DBPointer.',
    effect: 'Its id was used.',
    action: nothing,
  },
  ID_FROM_VALUE: {
    cause: 'A reference was stored as an array of one id, or as the Extended JSON of an ObjectId.',
    effect: 'That id was used.',
    action: nothing,
  },
  ID_HASHED: {
    cause: 'An `_id`, or a reference to one, is neither an ObjectId nor a UUID.',
    effect: 'It became a UUIDv5 computed from it: the same id becomes the same UUID in every run.',
    action: `Nothing. \`${stateSchema}.id_map\` has both ids.`,
  },
  ID_EMPTY: { cause: 'A reference was an empty string.', effect: 'It became NULL.', action: nothing },
  NUL_REMOVED: {
    cause: 'A string contained NUL characters, which PostgreSQL cannot store.',
    effect: 'They were removed.',
    action: nothing,
  },
  INVALID_UTF8: {
    cause: 'A string contained bytes that are not valid UTF-8.',
    effect: 'Each invalid sequence became the replacement character U+FFFD (�). The original is kept as hexadecimal digits.',
    action: `If the text matters, read the bytes in \`${stateSchema}.change\` (they are often Latin-1) and correct the row.`,
  },
  TEXT_FROM_VALUE: {
    cause:
      'A number, boolean, id, date or BSON symbol was stored where a string is expected; or a list of strings had another element.',
    effect: 'It was written as text; an element of another type as its Extended JSON.',
    action: nothing,
  },
  NUMBER_FROM_STRING: {
    cause: 'A number was stored as a string.',
    effect: 'It became the number. Blanks between groups of three digits were left out.',
    action: nothing,
  },
  NUMBER_FROM_DECIMAL: {
    cause: 'An integer was stored as Decimal128.',
    effect: 'It became the integer.',
    action: nothing,
  },
  ROUNDED: {
    cause: 'A number had a fraction, and the column stores integers.',
    effect: 'It was rounded half to even: 2.5 became 2, 3.5 became 4.',
    action: `Check whether the fraction matters (amounts of money, for example). ${check}`,
  },
  BOOL_FROM_VALUE: {
    cause: 'A boolean was stored as a string (true, yes, on, 1 or false, no, off, 0, in any letter case), or as 0 or 1.',
    effect: 'It became true or false.',
    action: nothing,
  },
  DATE_FROM_STRING: {
    cause: 'A date was stored as an ISO 8601 string.',
    effect: 'It became the date, in UTC.',
    action: nothing,
  },
  DATE_FROM_NUMBER: {
    cause: 'A date was stored as a number of milliseconds since 1970.',
    effect: 'It became the date, in UTC.',
    action: nothing,
  },
  DATE_FROM_TIMESTAMP: {
    cause: 'A date was stored as a BSON timestamp, the internal type of MongoDB.',
    effect: 'It became the date, to the second.',
    action: nothing,
  },
  ENUM_CASE: {
    cause: 'An enum label was stored in another case.',
    effect: 'It became the label that NextCRM defines.',
    action: nothing,
  },
  CURRENCY_NORMALIZED: {
    cause:
      'The currency of an opportunity was typed as a symbol, a name or in another case. Later releases of NextCRM only keep codes of three capital letters.',
    effect: 'It became the code. "kr" became the currency of your company, where that is DKK, NOK, SEK or ISK.',
    action: check,
  },
  BLANK_TO_NULL: {
    cause: 'A status, type or source consisted of spaces only, or was empty. Later releases of NextCRM have no such entry.',
    effect: 'The value was removed.',
    action: nothing,
  },
  NUMBER_CLAMPED: {
    cause: 'A number is larger than later releases of NextCRM can store.',
    effect: 'It became the largest number that they can store (for negative numbers: the smallest).',
    action: check,
  },
  JSON_DUPLICATE_KEY: {
    cause: 'A nested object contained the same key more than once.',
    effect: 'The last value was kept.',
    action: check,
  },
  JSON_TOO_DEEP: {
    cause: 'A value is nested deeper than PostgreSQL allows.',
    effect: 'It is stored as a string that contains the JSON.',
    action: `Nothing, in most cases. A program that reads the column finds a string there. ${check}`,
  },
  ARRAY_FROM_VALUE: {
    cause: 'A single value was stored where an array is expected.',
    effect: 'It became an array of one element.',
    action: nothing,
  },
  ARRAY_NULL_DROPPED: {
    cause: 'An array contained null elements.',
    effect: 'They were removed.',
    action: nothing,
  },
  ARRAY_ELEMENT_DROPPED: {
    cause: 'An array of ids contained an element that is not an id.',
    effect: 'The element was removed.',
    action: check,
  },
  LINK_DANGLING: {
    cause: 'An array of links names a document that does not exist or was rejected.',
    effect: 'That pair is not in the junction table; the other pairs are.',
    action: 'Nothing, if the document was deleted on purpose. If it was rejected, correct it and start the migration again.',
  },
  RENAMED_FIELD: {
    cause:
      'The document has the value under the name that an older release gave to the field; the present name is absent or null.',
    effect: `It was taken from there. The original in \`${stateSchema}.change\` is the old name.`,
    action: 'Nothing.',
  },
  CORRECTED: {
    cause: `The document was rejected, and a person has corrected this field (\`correction\` in \`${stateSchema}.reject\`).`,
    effect: `The corrected value was converted. The original in \`${stateSchema}.change\` is what the source has: NULL where it has no such field.`,
    action: nothing,
  },
  REFERENCE_MERGED: {
    cause: 'The reference names a document that was rejected because another one keeps its unique value (DUPLICATE_KEY).',
    effect: `It refers to the document that keeps the value; the original id is in \`${stateSchema}.change\`.`,
    action: 'Nothing, if both documents mean the same. Otherwise correct the rejected one and start the migration again.',
  },
  UNCONVERTIBLE: {
    cause: 'An optional field contained a value that its column cannot store.',
    effect: 'The column is NULL.',
    action: check,
  },
  DEFAULTED: {
    cause: 'A required field was missing, or contained a value that its column cannot store, and it has a default.',
    effect:
      'It became the default: 0 for the version of a document, the time inside the ObjectId for a creation date, otherwise the default of the table.',
    action: nothing,
  },
  DANGLING_REFERENCE: {
    cause: 'An optional reference names a document that does not exist or was rejected.',
    effect: `The column is NULL; the original id is in \`${stateSchema}.change\`.`,
    action: 'Nothing, if the document was deleted on purpose. Otherwise set the reference in NextCRM.',
  },
  TASK_REDIRECTED: {
    cause: 'The task of a comment is an account task, for which comments have a column of its own.',
    effect: 'The comment refers to it by that column, unless that names another existing account task already.',
    action: nothing,
  },
  INDEX_TOO_LARGE: rejectTexts.INDEX_TOO_LARGE,
} as const satisfies { readonly [code: string]: CodeText };
