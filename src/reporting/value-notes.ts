/** Notes on values that have no place in the target: what a person should look at, apart from what nobody needs. */
import type { Catalog } from '../catalog/index.ts';
import { adviceFor } from '../findings/advice.ts';
import type { NoteCode } from '../findings/codes.ts';
import { countLeftoverFields, type LeftoverCounts } from '../ledger/counts.ts';
import { readRejectedWithRight } from '../ledger/findings.ts';
import { counted } from '../report/format.ts';
import type { Report } from '../report/model.ts';
import { stateSchema } from '../schema-name.ts';
import { literal } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

type Note = Report['notes'][number];

/** More are not read; the query lists all of them. */
const fieldsShownMax = 10;

export async function valueNotes(session: Session, catalog: Catalog): Promise<readonly Note[]> {
  const leftovers = await countLeftoverFields(session, 1_000);
  const rights: Note[] = [];
  for (const { collection, columns } of catalog.collections) {
    for (const [field, { isRight }] of Object.entries(columns)) {
      if (isRight !== true) continue;
      const { count, sourceIds } = await readRejectedWithRight(session, { collection, field });
      if (count > 0)
        rights.push(note('RIGHTS_NOT_MERGED', `${collection}.${field} (${counted(count, 'document')}: ${sourceIds.join(', ')})`));
    }
  }
  return [
    ...rights,
    ...[...Map.groupBy(leftovers, ({ collection }) => collection)].flatMap(([collection, of]) =>
      unmappedNotes(catalog, collection, of),
    ),
  ];
}

function unmappedNotes(
  { collections, dropped = [] }: Catalog,
  collection: string,
  of: readonly LeftoverCounts[],
): readonly Note[] {
  const known = collections.find((one) => one.collection === collection);
  if (known === undefined) {
    const old = dropped.find((one) => one.collection === collection);
    const documents = of.reduce((sum, { values }) => sum + values, 0);
    if (old === undefined) return [];
    const place = `${collection} (${counted(documents, 'document')})`;
    const secrets =
      old.secrets === undefined
        ? []
        : [note('SECRETS_PRESERVED', `${collection} (${counted(documents, 'document')}): ${old.secrets}`)];
    return [note('OBSOLETE_COLLECTION', place), ...secrets];
  }
  const isObsolete = ({ field }: LeftoverCounts) => field !== null && known.obsolete?.includes(field) === true;
  const [obsolete, others] = [of.filter(isObsolete), of.filter((one) => !isObsolete(one))];
  const query = `select field, source_id, value from ${stateSchema}.leftover where collection = ${literal(collection)} order by field, source_id;`;
  const secret = others.filter(({ field }) => field !== null && secretName.test(field));
  return [
    ...(others.length === 0 ? [] : [note('UNMAPPED_FIELD', `${collection}: ${listed(others)}`, query)]),
    ...(secret.length === 0 ? [] : [note('SECRETS_PRESERVED', `${collection}: ${listed(secret)}`)]),
    ...(obsolete.length === 0 ? [] : [note('OBSOLETE_FIELD', `${collection}: ${listed(obsolete)}`)]),
  ];
}

/** By the name of the field alone. */
const secretName = /token|secret|passw|api_?key|private_?key|credential/i;

function listed(fields: readonly LeftoverCounts[]): string {
  const shown = fields.slice(0, fieldsShownMax).map(({ field, values }) => `${field ?? ''} (${values})`);
  const more = fields.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function note(code: NoteCode, place: string, query: string | null = null): Note {
  const { what, effect } = adviceFor(code);
  return {
    code,
    what: `${place}: ${[what, effect, ...(query === null ? [] : [query])].filter((part) => part !== '').join(' ')}`,
  };
}
