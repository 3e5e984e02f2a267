/** Statements that correct rejected documents in MongoDB, to be pasted into mongosh. Names and ids are the source's: quoted, always. */
import type { ReportedFinding } from './model.ts';

/** Longer ids make a statement that nobody pastes. */
const idLengthMax = 100;

/** What stands in a statement for the value, which only a person knows. */
export const valuePlaceholder = 'VALUE';

/** Codes of documents that a new value of the field corrects. */
const correctedByValue = new Set([
  'MISSING_REQUIRED',
  'UNCONVERTIBLE_REQUIRED',
  'DANGLING_REQUIRED',
  'DUPLICATE_KEY',
  'INDEX_TOO_LARGE',
]);

/** Null where no statement alone helps. With several documents, the statement is of the first: each needs a value of its own. */
export function correctionOf({ code, layer, collection, field, sourceIds }: ReportedFinding): string | null {
  if (layer !== 'load' || collection === null || field === null || !correctedByValue.has(code)) return null;
  // In an update, a dot leads into a document and a dollar sign is an operator.
  if (/[.$]/.test(field)) return null;
  const ids = sourceIds.filter((id) => id.length <= idLengthMax);
  const [first] = ids;
  if (first === undefined) return null;
  const found = `db.getCollection(${text(collection)})`;
  const change = `{ $set: { ${text(field)}: ${valuePlaceholder} } }`;
  return `${found}.updateOne({ _id: ${idOf(first)} }, ${change})`;
}

/** The 24 hex digits of an ObjectId, else canonical Extended JSON. */
function idOf(id: string): string {
  if (/^[0-9a-f]{24}$/.test(id)) return `ObjectId("${id}")`;
  return `EJSON.parse(${text(id)})`;
}

/** A literal of JavaScript. */
const text = (value: string): string => JSON.stringify(value);
