/** The document is in no table; it is kept whole in nextcrm_migration.reject. */
import { stateSchema } from '../../schema-name.ts';
import type { CodeText } from './text.ts';

const thenRetry = 'then start the migration again: it retries rejected documents';
/** What the report gives for each finding of documents. */
const statement = `with the statement of the report (\`${stateSchema}.reject.correction\`), or in MongoDB`;
const orAccept = 'Or accept the report if you do not need the document.';
const noStatement = 'No statement of the report corrects it';
const afterAccept = 'after you have accepted the report (`accept ID` with its ID)';
const rejected = `The document is in \`${stateSchema}.reject\`, whole.`;

/**
 * So many documents of one `_id` are tried one after the other, each in a round of its own over all references: a file may hold the same
 * `_id` ten thousand times.
 */
export const copiesTriedMax = 8;

export const rejectTexts = {
  MISSING_REQUIRED: {
    cause: 'A required field is missing or null, and it has no default.',
    effect: rejected,
    action: `Give the field a value (\`field\` names it) ${statement}, ${thenRetry}. ${orAccept}`,
    actionOfId: `${noStatement}, since the id of the row comes from the \`_id\`. If you need the document, enter it in NextCRM ${afterAccept}: the column \`document\` has it.`,
  },
  UNCONVERTIBLE_REQUIRED: {
    cause:
      'A required field contains a value that its column cannot store: for example an object instead of a number, a number out of range, an unknown enum label.',
    effect: rejected,
    action: `Correct the value ${statement}, ${thenRetry}. ${orAccept}`,
  },
  DANGLING_REQUIRED: {
    cause: 'A required reference names a document that does not exist or was rejected.',
    effect: rejected,
    action: `Look at the other rejected documents first: if the missing document is among them, correcting it resolves this one too. Otherwise give it the id of another document ${statement}; ${thenRetry}. ${orAccept}`,
  },
  DUPLICATE_KEY: {
    cause:
      'Another document has the same value in a unique field (`Users.email`, compared exactly). A value that needed no change is preferred to a changed one, then the lowest `_id`.',
    effect: `${rejected} References to it refer to the other document (\`REFERENCE_MERGED\`).`,
    action: `Decide which document is correct. Give the other one another value ${statement}, ${thenRetry}. ${orAccept}`,
  },
  DUPLICATE_ID: {
    cause: 'The dump contains two documents with the same `_id`, which a MongoDB server cannot have.',
    effect: `The first one in the file that is not rejected for another reason was loaded; after ${copiesTriedMax} that were rejected for what only the whole data shows (a key, a reference), no further one is tried. ${rejected}`,
    action: `Create the dump again with \`mongodump\` if the server still exists. Otherwise compare the two: the column \`document\` has the rejected one. ${noStatement}, since one \`_id\` is one row. What you need of the rejected one, enter in NextCRM ${afterAccept}.`,
  },
  INDEX_TOO_LARGE: {
    cause: 'A value is too long for a B-tree index of PostgreSQL (about 2,700 bytes after compression).',
    effect: `In a required column the document is rejected. In an optional column the row is loaded with NULL, and the original is in \`${stateSchema}.change\`.`,
    action: `Shorten the value ${statement}, ${thenRetry}. Or write a shorter value into the row.`,
  },
  SERVER_REFUSED: {
    cause: 'PostgreSQL refused the row. The column `reason` has the error code (SQLSTATE), the constraint and the column.',
    effect: `${rejected} The rest of its batch was loaded.`,
    action: `Correct what the reason names ${statement}, ${thenRetry}. If the document looks correct, report it with the reason, without the document.`,
  },
} as const satisfies { readonly [code: string]: CodeText };
