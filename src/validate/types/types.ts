/** Layer "types": the target's structure is what the migrations promise, and the app's own client can read every table. */
import { readStructure, type Structure, type TableStructure } from '../../target/structure.ts';
import type { Context } from '../context.ts';
import { checkFullText } from './full-text.ts';
import { checkIdForm } from './id-form.ts';

/** What came back when a model was read through the app's client. */
export interface ModelRead {
  readonly model: string;
  readonly rows: number;
  /** Null where it could be read. */
  readonly error: string | null;
}

export type ReadModels = () => Promise<readonly ModelRead[]>;

/** `rowsOf`: the number of rows of a table. Returns how many facts were compared. */
export async function checkTypes(context: Context, readModels: ReadModels, rowsOf: ReadonlyMap<string, number>): Promise<number> {
  const { structure: expected, naming } = context.catalog;
  const actual = await readStructure((text) => context.target.query(text), naming);
  // A later release changes tables, keys and indexes as it likes.
  let compared = context.upgraded ? 0 : compareStructures(context, expected, actual);
  compared += await checkIdForm(context, actual);
  compared += await checkFullText(context, expected, actual);
  if (expected.extensions.includes('vector')) compared += await checkVector(context);
  for (const { model, rows, error } of await readModels()) {
    compared += 1;
    if (error !== null || (rows === 0 && (rowsOf.get(model) ?? 0) > 0))
      context.findings.add('types', 'MODEL_UNREADABLE', { collection: model });
  }
  return compared;
}

function compareStructures(context: Context, expected: Structure, actual: Structure): number {
  let compared = 0;
  const compare = (
    collection: string,
    expectedFacts: ReadonlyMap<string, unknown>,
    actualFacts: ReadonlyMap<string, unknown>,
  ) => {
    for (const name of new Set([...expectedFacts.keys(), ...actualFacts.keys()])) {
      compared += 1;
      const content = JSON.stringify(actualFacts.get(name)) ?? 'missing';
      if ((JSON.stringify(expectedFacts.get(name)) ?? 'missing') !== content)
        context.findings.add('types', 'CATALOG_DIFFERS', { collection, field: name, content });
    }
  };
  for (const table of new Set([...Object.keys(expected.tables), ...Object.keys(actual.tables)])) {
    compare(table, factsOf(expected.tables[table]), factsOf(actual.tables[table]));
  }
  compare('enums', new Map(Object.entries(expected.enums)), new Map(Object.entries(actual.enums)));
  compare('functions', named(expected.functions, ''), named(actual.functions, ''));
  compare(
    'extensions',
    new Map(expected.extensions.map((name) => [name, true])),
    new Map(actual.extensions.map((name) => [name, true])),
  );
  return compared;
}

/** Every fact of a table under the name that a person looks for. */
function factsOf(table: TableStructure | undefined): ReadonlyMap<string, unknown> {
  if (table === undefined) return new Map();
  const { columns, primaryKey, foreignKeys, indexes, others } = table;
  return new Map<string, unknown>([
    ['the order of its columns', columns.map(({ name }) => name)],
    ...columns.map((column): [string, unknown] => [column.name, column]),
    ...named(primaryKey === null ? [] : [primaryKey], ''),
    ...named(foreignKeys, 'foreign key '),
    ...named(indexes, 'index '),
    ...named(others, 'constraint '),
  ]);
}

function named(facts: readonly { readonly name: string }[], kind: string): Map<string, unknown> {
  return new Map(facts.map((fact) => [kind + fact.name, fact]));
}

async function checkVector({ target, findings }: Context): Promise<number> {
  try {
    const [row] = await target.query(`select ('[1,2,3]'::vector <-> '[1,2,4]'::vector)::text as distance`);
    if (row?.['distance'] !== '1') findings.add('types', 'VECTOR_UNUSABLE', {});
  } catch (error) {
    // An undefined type, function or operator is what is looked for; a lost connection is not.
    if (!isUndefined(error)) throw error;
    findings.add('types', 'VECTOR_UNUSABLE', {});
  }
  return 1;
}

const undefinedStates = new Set(['42704', '42883', '58P01']);

/** The session may have put its own words around what the server says. */
function isUndefined(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const state = 'sqlState' in error ? error.sqlState : 'code' in error ? error.code : null;
  return (typeof state === 'string' && undefinedStates.has(state)) || isUndefined(error.cause);
}
