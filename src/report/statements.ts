/** What a person copies to correct rejected documents: one statement for psql, and where the source is a server, the line for mongosh. */
import { type Catalog, type CollectionSpec, type ColumnSpec, specOf } from '../catalog/index.ts';
import type { Finding } from '../findings/finding.ts';
import { stateSchema } from '../schema-name.ts';
import { literal } from '../target/quoted.ts';

export interface Statements {
  /** Null where the finding has no correction. */
  readonly correction: string | null;
  readonly mongosh: string | null;
}

const none: Statements = { correction: null, mongosh: null };

const correctable = new Set([
  'MISSING_REQUIRED',
  'UNCONVERTIBLE_REQUIRED',
  'DANGLING_REQUIRED',
  'DUPLICATE_KEY',
  'INDEX_TOO_LARGE',
  'SERVER_REFUSED',
]);

/** Longer ids make a statement that nobody pastes. */
const idLengthMax = 100;

export function statementsFor(finding: Finding, catalog: Catalog, sourceKind: 'server' | 'dump'): Statements {
  const { code, layer, collection, field, sourceIds } = finding;
  if (layer !== 'load' || collection === null || field === null || !correctable.has(code)) return none;
  const spec = specOf(catalog, collection);
  const column = spec?.columns[field];
  if (spec === undefined || column === undefined) return none;
  // Each document needs a value of its own.
  const [only] = code === 'DUPLICATE_KEY' ? sourceIds.filter(({ length }) => length <= idLengthMax) : [];
  const patch = `{${JSON.stringify(field)}: ${placeholder(column, json)}}`;
  const where = `collection = ${literal(collection)} and code = ${literal(code)} and field = ${literal(field)}`;
  const one = only === undefined ? '' : ` and source_id = ${literal(only)}`;
  const hint = hintFor(finding, column);
  return {
    correction: `${hint}update ${stateSchema}.reject set correction = ${literal(patch)} where ${where}${one};`,
    mongosh: sourceKind === 'server' ? mongoshLine(finding, spec, field, column) : null,
  };
}

/** Comments of SQL. */
function hintFor({ code, count }: Finding, { references, labels }: ColumnSpec): string {
  const hints = [
    ...(code === 'DUPLICATE_KEY' && count > 1 ? ['One statement for each source_id.'] : []),
    ...(labels === undefined ? [] : [`One of: ${labels.join(', ')}.`]),
    ...(references === undefined ? [] : [`The id of a document of ${references}: 24 hex digits.`]),
  ];
  return hints.map((hint) => `-- ${hint}\n`).join('');
}

interface Notation {
  readonly id: string;
  readonly date: string;
}

const json: Notation = { id: '{"$oid": "…"}', date: '{"$date": "…"}' };
const shell: Notation = { id: 'ObjectId("…")', date: 'ISODate("…")' };

/** Where it is not a text, a statement that was copied without a value is refused. */
function placeholder({ kind }: ColumnSpec, { id, date }: Notation): string {
  if (kind === 'text' || kind === 'enum') return '"…"';
  if (kind === 'uuid') return id;
  return kind === 'timestamp' ? date : '…';
}

function mongoshLine({ code, count, sourceIds }: Finding, spec: CollectionSpec, field: string, column: ColumnSpec): string {
  const ids = sourceIds.filter(({ length }) => length <= idLengthMax).slice(0, code === 'DUPLICATE_KEY' ? 1 : undefined);
  const among = `{ _id: { $in: [${ids.map(shellId).join(', ')}] } }`;
  // An empty text is a missing number, and no null to MongoDB.
  const isNull = code === 'MISSING_REQUIRED' && column.kind !== 'integer' && column.kind !== 'bigint';
  const hints = [
    ...(!isNull && count > ids.length ? [`${ids.length} of ${count} documents`] : []),
    ...(spec.formerly ?? []).map((name) => `what an older release kept: in ${JSON.stringify(name)}`),
  ];
  const hint = hints.length === 0 ? '' : ` // ${hints.join('; ')}`;
  const filter = isNull ? `{ ${JSON.stringify(field)}: null }` : among;
  return `db.getCollection(${JSON.stringify(spec.collection)}).updateMany(${filter}, { $set: { ${JSON.stringify(field)}: ${placeholder(column, shell)} } })${hint}`;
}

function shellId(sourceId: string): string {
  return /^[0-9a-f]{24}$/.test(sourceId) ? `ObjectId("${sourceId}")` : `EJSON.deserialize({ id: ${sourceId} }).id`;
}
