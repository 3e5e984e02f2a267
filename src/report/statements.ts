/** What a person copies to correct rejected documents: one statement for psql, and where the source is a server, the line for mongosh. */
import { type Catalog, type CollectionSpec, type ColumnSpec, specOf } from '../catalog/index.ts';
import { isRejectCode } from '../findings/codes.ts';
import type { Finding } from '../findings/finding.ts';
import { stateSchema } from '../schema-name.ts';
import { literal } from '../target/quoted.ts';

export interface Statements {
  /** Null where the finding has no correction. */
  readonly correction: string | null;
  readonly mongosh: string | null;
}

const none: Statements = { correction: null, mongosh: null };

/** Longer ids make a statement that nobody pastes. */
const idLengthMax = 100;

/** What still has … in place of a value is applied by nobody: the next start says so, and mongosh refuses it. */
export function statementsFor(finding: Finding, catalog: Catalog, sourceKind: 'server' | 'dump'): Statements {
  const { code, layer, collection, field } = finding;
  // An `_id` cannot be corrected.
  if (layer !== 'load' || collection === null || field === '_id' || code === 'DUPLICATE_ID' || !isRejectCode(code)) return none;
  const spec = specOf(catalog, collection);
  if (spec === undefined) return none;
  const column = field === null ? undefined : spec.columns[field];
  const isServer = sourceKind === 'server';
  if (field === null || column === undefined)
    return { correction: whicheverField(finding), mongosh: isServer ? mongoshLine(finding, spec, '…', undefined) : null };
  const patch = `{${JSON.stringify(field)}: ${placeholder(column, json)}}`;
  return {
    correction: `${hintFor(finding, column)}${update(finding, patch)}`,
    mongosh: isServer ? mongoshLine(finding, spec, field, column) : null,
  };
}

/** Only the reason of the record may say which field is at fault. */
function whicheverField(finding: Finding): string {
  return `-- The column reason says what PostgreSQL refused: name the field, and give it a value in JSON.\n${update(finding, '{"…": …}')}`;
}

function update({ code, collection, field, sourceIds }: Finding, patch: string): string {
  // Each document needs a value of its own.
  const [only] = code === 'DUPLICATE_KEY' ? sourceIds.filter(({ length }) => length <= idLengthMax) : [];
  const ofField = field === null ? 'field is null' : `field = ${literal(field)}`;
  const one = only === undefined ? '' : ` and source_id = ${literal(only)}`;
  return `update ${stateSchema}.reject set correction = ${literal(patch)} where collection = ${literal(collection ?? '')} and code = ${literal(code)} and ${ofField}${one};`;
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
  readonly text: string;
  readonly id: string;
  readonly date: string;
}

const json: Notation = { text: '"…"', id: '{"$oid": "…"}', date: '{"$date": "…"}' };
/** A text that is left as it is must be no text of JavaScript: MongoDB would take it. */
const shell: Notation = { text: '…', id: 'ObjectId("…")', date: 'ISODate("…")' };

function placeholder({ kind }: ColumnSpec, { text, id, date }: Notation): string {
  if (kind === 'text' || kind === 'enum') return text;
  if (kind === 'uuid') return id;
  return kind === 'timestamp' ? date : '…';
}

function mongoshLine(
  { code, count, sourceIds }: Finding,
  spec: CollectionSpec,
  field: string,
  column: ColumnSpec | undefined,
): string {
  const ids = sourceIds.filter(({ length }) => length <= idLengthMax).slice(0, code === 'DUPLICATE_KEY' ? 1 : undefined);
  const among = `{ _id: { $in: [${ids.map(shellId).join(', ')}] } }`;
  // An empty text is a missing number, and no null to MongoDB.
  const isNull = code === 'MISSING_REQUIRED' && column?.kind !== 'integer' && column?.kind !== 'bigint';
  const value = column === undefined ? '…' : placeholder(column, shell);
  const hints = [
    ...(column?.kind === 'text' || column?.kind === 'enum' ? ['the text in quotation marks'] : []),
    ...(!isNull && count > ids.length ? [`${ids.length} of ${count} documents`] : []),
    ...(spec.formerly ?? []).map((name) => `what an older release kept: in ${JSON.stringify(name)}`),
  ];
  const hint = hints.length === 0 ? '' : ` // ${hints.join('; ')}`;
  const filter = isNull ? `{ ${JSON.stringify(field)}: null }` : among;
  const name = column === undefined ? field : JSON.stringify(field);
  return `db.getCollection(${JSON.stringify(spec.collection)}).updateMany(${filter}, { $set: { ${name}: ${value} } })${hint}`;
}

function shellId(sourceId: string): string {
  if (/^[0-9a-f]{24}$/.test(sourceId)) return `ObjectId("${sourceId}")`;
  return `EJSON.parse(${JSON.stringify(sourceId)}, { relaxed: false })`;
}
