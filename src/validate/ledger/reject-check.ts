/** Rejected documents: kept whole, for a reason that the rules give. */
import type { CollectionSpec, Kind } from '../../catalog/index.ts';
import { quoted } from '../../target/quoted.ts';
import { decodeText, hasValue, textBytes } from '../bson/scalar.ts';
import { bson, type Value } from '../bson/types.ts';
import type { Context } from '../context.ts';
import { asCorrected, isTried } from '../corrections/corrections.ts';
import { relaxed } from '../json/extended.ts';
import { type SourceDocument, valueAt } from '../records/documents.ts';
import type { Layout } from '../records/layout.ts';
import type { References } from '../references/references.ts';
import { columnOf } from '../rules/column.ts';
import { isEmptyText } from '../rules/number.ts';
import { candidatesOf } from '../rules/reference.ts';
import { arrayLiteral } from '../target-reader.ts';
import { digest, type RecordedReject } from './ledger.ts';

export class RejectCheck {
  readonly #context: Context;
  readonly #spec: CollectionSpec;
  readonly #layout: Layout;
  readonly #references: References;
  /** Keys that must be unique, to be looked for among the rows. */
  #duplicates: { readonly sourceId: string; readonly field: string; readonly value: string }[] = [];

  constructor(context: Context, spec: CollectionSpec, layout: Layout, references: References) {
    this.#context = context;
    this.#spec = spec;
    this.#layout = layout;
    this.#references = references;
  }

  /** `reject` holds the document's bytes. */
  check(document: SourceDocument, reject: RecordedReject): void {
    const isWhole = reject.document === digest(relaxed(document.asValue));
    if (!isWhole || !this.#isReason(document, reject)) this.#wrong(document.sourceId, reject.field);
  }

  /** To be called after each batch: what a query must tell. */
  async settle(): Promise<void> {
    const duplicates = this.#duplicates;
    this.#duplicates = [];
    if (duplicates.length === 0) return;
    const { target, relations } = this.#context;
    for (const [field, ofField] of Map.groupBy(duplicates, (duplicate) => duplicate.field)) {
      const column = quoted(field);
      const rows = await target.query(
        `select ${column} as value from ${relations(this.#spec.collection)} t where ${column} in (select unnest($1::text::text[]))`,
        [arrayLiteral(ofField.map(({ value }) => value))],
      );
      const taken = new Set(rows.map((row) => row['value']));
      for (const { sourceId, value } of ofField) if (!taken.has(value)) this.#wrong(sourceId, field);
    }
  }

  #wrong(sourceId: string, field: string | null): void {
    this.#context.findings.add('records', 'REJECT_WRONG', { collection: this.#spec.collection, field, sourceId });
  }

  /** A document whose correction was tried is rejected as corrected. Of one that the next start tries, there is nothing to judge. */
  #isReason(document: SourceDocument, reject: RecordedReject): boolean {
    const { correction, reason } = reject;
    if (correction === null) return this.#isPlausible(document, reject);
    if (!isTried(reason)) return true;
    return this.#isPlausible(asCorrected(document, correction, this.#layout, this.#spec) ?? document, reject);
  }

  #isPlausible(document: SourceDocument, { code, field, reason }: RecordedReject): boolean {
    if (code === 'DUPLICATE_ID') return true;
    if (code === 'SERVER_REFUSED') return reason !== null && /^[0-9A-Z]{5}( |$)/.test(reason);
    const spec = field === null ? undefined : this.#spec.columns[field];
    if (spec === undefined || field === null)
      return code === 'MISSING_REQUIRED' && field === '_id' && valueAt(document, 0) === null;
    const value = valueAt(document, this.#layout.table.names.indexOf(field));
    const column = columnOf(this.#spec, field, spec);
    switch (code) {
      case 'MISSING_REQUIRED':
        return spec.required === true && spec.whenMissing === undefined && (!hasValue(value) || isLeftEmpty(spec.kind, value));
      case 'UNCONVERTIBLE_REQUIRED': {
        if (spec.required !== true || spec.whenMissing !== undefined || !hasValue(value)) return false;
        if (isLeftEmpty(spec.kind, value)) return false;
        return column.rule(value, null, []) === 'cannot' || this.#noSuchDocument(document, field);
      }
      case 'DANGLING_REQUIRED':
        return spec.required === true && spec.references !== undefined && hasValue(value) && this.#dangles(document, field);
      case 'INDEX_TOO_LARGE':
        return spec.required === true && spec.kind === 'text' && hasValue(value) && value.end - value.start > 2000;
      case 'DUPLICATE_KEY':
        return this.#isDuplicate(document, field);
      default:
        return false;
    }
  }

  /** The value names a document that has no row: to be looked up with all other references. */
  #dangles(document: SourceDocument, field: string): boolean {
    const value = valueAt(document, this.#layout.table.names.indexOf(field));
    const partner = this.#spec.columns[field]?.references;
    const candidates = value === null ? 'none' : candidatesOf(value);
    if (typeof candidates === 'string' || partner === undefined) return false;
    const referrer = { collection: this.#spec.collection, field, sourceId: document.sourceId };
    for (const { id, sourceIds } of candidates)
      this.#references.add({ partners: [partner], id, sourceIds, exists: false }, referrer);
    return true;
  }

  /** An empty string, or a string or number that is no document's `_id`. */
  #noSuchDocument(document: SourceDocument, field: string): boolean {
    const value = valueAt(document, this.#layout.table.names.indexOf(field));
    const candidates = value === null ? 'none' : candidatesOf(value);
    if (candidates === 'empty') return true;
    return (
      typeof candidates !== 'string' && candidates.every(({ onlyIfExists }) => onlyIfExists) && this.#dangles(document, field)
    );
  }

  #isDuplicate(document: SourceDocument, field: string): boolean {
    const value = valueAt(document, this.#layout.table.names.indexOf(field));
    if (this.#spec.columns[field]?.unique !== true || !hasValue(value)) return false;
    // A value that was changed on its way is not followed here.
    if (value.type === bson.string) {
      this.#duplicates.push({ sourceId: document.sourceId, field, value: decodeText(textBytes(value)).replaceAll('\0', '') });
    }
    return true;
  }
}

/** An empty text where a number belongs counts as missing. */
function isLeftEmpty(kind: Kind, value: Value): boolean {
  return (kind === 'integer' || kind === 'bigint') && isEmptyText(value);
}
