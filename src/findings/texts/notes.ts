/** For information: no action is required, and the exit code is not affected. */
import { stateSchema } from '../../schema-name.ts';
import type { CodeText } from './text.ts';

/** In SQL, of a row of `change`: NULL or a default stands for its value, or it was taken out of an array. */
export const hasNoColumn = "code in ('UNCONVERTIBLE', 'DEFAULTED', 'ARRAY_ELEMENT_DROPPED')";

export const noteTexts = {
  UNKNOWN_COLLECTION: {
    cause: 'This is not a NextCRM collection.',
    effect: `Its documents are preserved in \`${stateSchema}.leftover\`, with \`field\` NULL.`,
    action: `Nothing for NextCRM. If you need the collection, take its documents from there before you drop the schema \`${stateSchema}\`.`,
  },
  RENAMED_COLLECTION: {
    cause: 'An older release of NextCRM gave this collection another name.',
    effect: `Its documents are in the table of the present name, each with a record \`RENAMED_FIELD\`. A document whose \`_id\` the collection of the present name has too is preserved in \`${stateSchema}.leftover\`, with \`field\` NULL.`,
    action: `Nothing where no document is unmapped. Otherwise compare the two, with \`select source_id, value from ${stateSchema}.leftover where collection = 'NAME' and field is null\`.`,
  },
  OBSOLETE_COLLECTION: {
    cause: 'Only older releases of NextCRM used this collection; no later release needs it.',
    effect: `Its documents are preserved in \`${stateSchema}.leftover\`.`,
    action: 'Nothing.',
  },
  OBSOLETE_FIELD: {
    cause: 'Only older releases of NextCRM used these fields; no later release needs them.',
    effect: `Their values are preserved in \`${stateSchema}.leftover\`.`,
    action: 'Nothing.',
  },
  UNMAPPED_FIELD: {
    cause: 'NextCRM has no such fields, or another field has their value already.',
    effect: `Their values are preserved in \`${stateSchema}.leftover\`.`,
    action: 'Look at them once. What you need, enter in NextCRM.',
  },
  SECRETS_PRESERVED: {
    cause: 'The preserved values are or may be secrets in clear text: tokens, keys or passwords.',
    effect: `They are in \`${stateSchema}.leftover\`.`,
    action: `Revoke what is still valid, and delete them there: \`delete from ${stateSchema}.leftover where collection = 'NAME';\` after the last verification, or drop the schema \`${stateSchema}\` once you no longer need it.`,
  },
  RIGHTS_NOT_MERGED: {
    cause: 'A document that was rejected because another one keeps its unique value has a right that the other one may lack.',
    effect: 'References to it refer to the other document; rights are not merged.',
    action: 'Look at both documents. If it is the same person, give the right to the one that was loaded, in NextCRM.',
  },
  VALUE_LOST: {
    cause:
      'The column of this field cannot store these values: a text that is neither yes nor no, for example, or an amount in words.',
    effect: `NULL or the default of the column stands for them, or the array has one element less. The originals are in \`${stateSchema}.change\`.`,
    action: `Look at them (\`select code, source_id, original from ${stateSchema}.change where collection = … and field = … and ${hasNoColumn}\`), and enter in NextCRM what matters to you.`,
  },
  NUMBER_AMBIGUOUS: {
    cause: 'These texts can mean two numbers: 10.000 is ten, or ten thousand where the point separates thousands.',
    effect: `The point was read as a decimal point: 10. The originals are in \`${stateSchema}.change\` (\`NUMBER_FROM_STRING\`).`,
    action: `Look at them (\`select source_id, original from ${stateSchema}.change where collection = … and field = … and code = 'NUMBER_FROM_STRING'\`). Where thousands are meant, correct the amounts in NextCRM.`,
  },
  MISSING_COLLECTION: {
    cause: 'The source does not have this collection.',
    effect: 'Its table is empty.',
    action: 'Nothing if you never used it. Otherwise the source is not the whole database: check the URL or the dump.',
  },
  MODIFIED_SINCE: {
    cause: 'People have worked with these rows since the migration.',
    effect: 'Their values stay as people have left them.',
    action: 'Nothing.',
  },
  NOT_COPIED: {
    cause: 'This is a view or a system collection of MongoDB (`system.…`).',
    effect: 'It is not copied: it contains no documents of NextCRM.',
    action: 'Nothing.',
  },
  FILE_NOT_READ: {
    cause: 'This file or folder in the dump is not read, and by its name and its first bytes contains no NextCRM collection.',
    effect: 'Its content is not in the target.',
    action: 'Nothing, unless you know that it contains documents of NextCRM: then add them to the dump as a `.bson` file.',
  },
  NOT_UPGRADED: {
    cause: "NextCRM's migrations were not applied, because the migration has findings.",
    action: 'Correct what the report names and start again, or accept the findings (`accept ID`) and start again.',
  },
  BACKUP_MADE: {
    cause: "Before NextCRM's migrations, the database was backed up with `pg_dump`: `before-upgrade.dump` on the volume.",
    action:
      "It contains secrets. Keep it until NextCRM has worked for some weeks, then delete it. To restore it into an empty database: `PGPASSWORD='PASSWORD' pg_restore --no-owner --host HOST --port 5432 --username USER --dbname EMPTY_DATABASE before-upgrade.dump`. With Compose: docs/operator.md, “To go back”.",
  },
  BACKUP_NOT_MADE: {
    cause: "Before NextCRM's migrations, no backup was made with `pg_dump`.",
    action:
      'The source was only read and still has everything that was migrated: keep it until NextCRM has worked for some weeks. What people entered in the target since is in no copy. `migration.log` on the volume has the message of pg_dump.',
  },
  NOT_COMPARED: {
    cause:
      "Before NextCRM's migrations no fingerprints of the columns were taken: an earlier version of this program had finished the migration.",
    effect:
      'What the migrations moved or dropped was restored and checked. All other columns were not compared before and after the upgrade.',
    action: '`verify` compares them with the source, while you have it.',
  },
  STRUCTURE_ADDED: {
    cause: 'Migrations of NextCRM added tables or columns.',
    effect: 'They hold what NextCRM itself writes, and what was restored into them.',
    action: 'Nothing.',
  },
  TYPE_CHANGED: {
    cause: 'A migration of NextCRM changed the type of a column. Its values are the same.',
    action: 'Nothing.',
  },
} as const satisfies { readonly [code: string]: CodeText };
