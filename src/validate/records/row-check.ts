/** One document against its row, field by field. */

import type { CollectionSpec } from '../../catalog/index.ts';
import type { CheckCode } from '../../findings/codes.ts';
import type { Tuple } from '../../target/copy-reader.ts';
import { hasValue } from '../bson/scalar.ts';
import { bson, isNothing, type Value } from '../bson/types.ts';
import type { Context } from '../context.ts';
import { canonical } from '../json/extended.ts';
import type { RecordedChange } from '../ledger/ledger.ts';
import { leftoverChanges } from '../ledger/leftover-check.ts';
import { compareChanges } from '../ledger/recorded.ts';
import { isShared, type SharedRecords } from '../ledger/shared-records.ts';
import { isModified, updateTimePlaces } from '../modified.ts';
import type { References, Referrer } from '../references/references.ts';
import { itemsOf } from '../rules/array.ts';
import { type Circumstances, type Column, columnOf, judge } from '../rules/column.ts';
import { candidatesOf, referenceRule } from '../rules/reference.ts';
import { type Change, carried as carriedMatch, recordsOf, type Verdict } from '../rules/rule.ts';
import { type SourceDocument, valueAt } from './documents.ts';
import { uuidBinary } from './identity.ts';
import { type SameBytes, sameBytes, sameNormalized } from './same-bytes.ts';

interface PlannedColumn extends Column {
  readonly same: SameBytes;
  /** NULL is what a missing value becomes, without a record. */
  readonly nullWhenMissing: boolean;
  readonly isReference: boolean;
  /** What it names without a foreign key, where documents of that collection were merged into others. */
  readonly mergedPartner: string | null;
}

const noChanges: readonly RecordedChange[] = [];

export class RowCheck {
  readonly #context: Context;
  readonly #collection: string;
  readonly #columns: readonly PlannedColumn[];
  readonly #links: ReadonlySet<string>;
  readonly #references: References;
  readonly #shared: SharedRecords;
  readonly #updateTimes: readonly number[];
  /** Records about the document under way that belong to none of its known fields. */
  #ofLeftovers = noChanges;

  constructor(context: Context, spec: CollectionSpec, references: References, shared: SharedRecords) {
    this.#shared = shared;
    this.#context = context;
    this.#collection = spec.collection;
    this.#references = references;
    this.#links = new Set(Object.keys(spec.links));
    this.#updateTimes = updateTimePlaces(spec, context.relations);
    this.#columns = Object.entries(spec.columns).map(([field, column]) => ({
      ...columnOf(spec, field, column),
      same: sameNormalized(sameBytes[column.kind], column.normalize),
      nullWhenMissing: column.required !== true && column.kind !== 'text[]' && column.kind !== 'uuid[]',
      isReference: column.references !== undefined,
      mergedPartner: column.names !== undefined && context.merges.has(column.names) ? column.names : null,
    }));
  }

  /** Returns how many of the document's fields, `_id` included and links left out, are the same in the row. */
  check(document: SourceDocument, row: Tuple, recorded: readonly RecordedChange[]): number {
    const { slots, firstSlot, renamed, corrections } = document;
    const isAsInSource = recorded.length === 0 && renamed === null && corrections === null;
    this.#ofLeftovers = document.leftovers.length === 0 ? noChanges : leftoverChanges(document);
    if (document.formerName !== null) this.#ofLeftovers = [...this.#ofLeftovers, this.#ofFormerName(document.formerName)];
    let carried = this.#checkIdentity(document, recorded) ? 1 : 0;
    for (let index = 0; index < this.#columns.length; index += 1) {
      const column = this.#columns[index];
      if (column === undefined) break;
      const place = firstSlot + index * 3 + 3;
      const type = slots[place] as number;
      const length = row.length(index + 1);
      // A null that a correction has put there is none of the source.
      if (renamed?.get(index + 1)?.hasNull === true && corrections?.has(column.field) !== true) carried += 1;
      const isMissing = isNothing(type);
      if (column.isReference && !isMissing) this.#references.compared += 1;
      const isSame = isMissing
        ? length < 0 && column.nullWhenMissing && column.spec.copiedFrom === undefined
        : length >= 0 &&
          column.same(
            type,
            document.bytes,
            slots[place + 1] as number,
            slots[place + 2] as number,
            row.bytes,
            row.start(index + 1),
            length,
          );
      if (isSame && isAsInSource && column.mergedPartner === null) {
        if (type !== 0) carried += 1;
      } else if (this.#judge(document, row, index, column, recorded) && type !== 0) carried += 1;
    }
    if (recorded.length > 0 || this.#ofLeftovers.length > 0) this.#checkOtherFields(document, recorded);
    return carried;
  }

  #ofFormerName(name: string): RecordedChange {
    return { field: this.#collection, code: 'RENAMED_FIELD', original: JSON.stringify(name) };
  }

  /** True where the value was carried unchanged and the ledger agrees. */
  #judge(
    document: SourceDocument,
    row: Tuple,
    index: number,
    column: PlannedColumn,
    recorded: readonly RecordedChange[],
  ): boolean {
    const value = valueAt(document, index + 1);
    const ofField = recorded.length === 0 ? noChanges : recorded.filter(({ field }) => field === column.field);
    const actual = row.value(index + 1);
    const copied = hasValue(value) ? null : this.#copied(row, column, actual);
    const verdict =
      copied ??
      this.#redirected(document, row, column, recorded) ??
      judge(column, value, actual, ofField, this.#circumstances(document, row));
    const at = { collection: this.#collection, field: column.field, sourceId: document.sourceId };
    if (verdict === 'differs' || verdict === 'cannot') {
      const modified = isModified(row, this.#updateTimes, this.#context.finishedAt);
      this.#context.findings.add('records', 'FIELD_DIFFERS', { ...at, modified });
      if (column.isReference) this.#references.lost(at, { modified });
      return false;
    }
    for (const condition of verdict.conditions) this.#references.add(condition, at);
    if (column.mergedPartner !== null && hasValue(value)) {
      // An array in a column of one id is one value.
      const items = column.spec.kind === 'uuid[]' ? itemsOf(value) : [value];
      this.#checkUnmerged(items, column.mergedPartner, ofField, at);
    }
    const changes = [
      ...withName(verdict.changes, document.renamed?.get(index + 1)?.from),
      ...(document.corrections?.get(column.field) ?? []),
    ];
    const difference = this.#compared(document, column.field, this.#withLeftovers(column.field, changes), ofField);
    if (difference !== null) this.#context.findings.add('records', difference, at);
    // The record of a copy stands for no field of the document.
    return difference === null && (changes.length === 0 || copied !== null);
  }

  /** A reference that was redirected to `column` stands there, where that was free or dangling. */
  #redirected(document: SourceDocument, row: Tuple, column: PlannedColumn, recorded: readonly RecordedChange[]): Verdict | null {
    const from = this.#columns.findIndex(({ spec }) => spec.redirect === column.field);
    const redirected = this.#columns[from];
    const partner = column.spec.references;
    if (redirected === undefined || partner === undefined) return null;
    if (!recorded.some(({ field, code }) => field === redirected.field && code === 'TASK_REDIRECTED')) return null;
    const actual = row.value(this.#columns.indexOf(column) + 1);
    if (actual === null) return 'differs';
    const moved = valueAt(document, from + 1);
    const rule = referenceRule([partner]);
    if (moved === null || typeof rule(moved, actual, noChanges) === 'string') return null;
    const own = valueAt(document, this.#columns.indexOf(column) + 1);
    if (own === null || own.type === bson.null || own.type === bson.undefined) return carriedMatch;
    // Named by both fields alike, or given up: it dangled, or was no id.
    const same = rule(own, actual, noChanges);
    if (typeof same !== 'string') return same;
    const ofField = recorded.filter(({ field }) => field === column.field);
    return judge(column, own, null, ofField, this.#circumstances(document, row));
  }

  /** Ids that the row keeps must not be those of documents that were merged into others. */
  #checkUnmerged(items: readonly Value[], partner: string, recorded: readonly RecordedChange[], at: Referrer): void {
    const merged = new Set(recorded.flatMap(({ code, original }) => (code === 'REFERENCE_MERGED' ? [original] : [])));
    for (const item of items.filter(hasValue)) {
      const candidates = candidatesOf(item);
      if (typeof candidates === 'string' || (merged.size > 0 && merged.has(canonical(item)))) continue;
      for (const { id, sourceIds } of candidates)
        this.#references.add({ partners: [partner], id, sourceIds, exists: false, unmerged: true }, at);
    }
  }

  /** An absent or null reference holds what another column of the row does, where that document exists. */
  #copied(row: Tuple, { spec }: PlannedColumn, actual: Buffer | null): Verdict | null {
    const { copiedFrom, references } = spec;
    if (copiedFrom === undefined || references === undefined) return null;
    const other = row.value(this.#columns.findIndex(({ field }) => field === copiedFrom) + 1);
    if (actual === null) {
      if (other === null) return carriedMatch;
      const id = other.toString('hex');
      return { changes: [], conditions: [{ partners: [references], id, sourceIds: [], exists: false, isNoReference: true }] };
    }
    if (other?.equals(actual) !== true) return 'differs';
    const condition = { partners: [references], id: actual.toString('hex'), sourceIds: [], exists: true };
    return { changes: [{ code: 'RENAMED_FIELD', original: JSON.stringify(copiedFrom) }], conditions: [condition] };
  }

  #circumstances(document: SourceDocument, row: Tuple): Circumstances {
    return {
      creationMs: () => {
        const id = valueAt(document, 0);
        return id?.type === bson.objectId ? BigInt(id.bytes.readUInt32BE(id.start)) * 1000n : this.#context.startedAtMs;
      },
      rowField: (name) => row.value(this.#columns.findIndex(({ field }) => field === name) + 1),
    };
  }

  #checkIdentity(document: SourceDocument, recorded: readonly RecordedChange[]): boolean {
    if (!document.hashed && recorded.length === 0) return true;
    const id = valueAt(document, 0);
    const isItself = !document.hashed || (id !== null && uuidBinary(id) !== null);
    const expected = isItself || id === null ? [] : recordsOf(id, 'ID_HASHED');
    const difference = this.#compared(
      document,
      '_id',
      this.#withLeftovers('_id', expected),
      recorded.filter(({ field }) => field === '_id'),
    );
    if (difference !== null)
      this.#context.findings.add('records', difference, {
        collection: this.#collection,
        field: '_id',
        sourceId: document.sourceId,
      });
    return isItself && difference === null;
  }

  /** Null where the ledger says of the field what it must, or where that is compared as a whole. */
  #compared(
    document: SourceDocument,
    field: string,
    expected: readonly Change[],
    recorded: readonly RecordedChange[],
  ): CheckCode | null {
    if (!isShared(document)) return compareChanges(expected, recorded);
    for (const change of expected) this.#shared.change(document.sourceId, { field, ...change });
    return null;
  }

  /** A repeated field is a leftover under the name of a column. */
  #withLeftovers(field: string, changes: readonly Change[]): readonly Change[] {
    return this.#ofLeftovers.length === 0
      ? changes
      : [...changes, ...this.#ofLeftovers.filter((change) => change.field === field)];
  }

  /** Records about fields that the catalog does not know. */
  #checkOtherFields(document: SourceDocument, recorded: readonly RecordedChange[]): void {
    for (const field of new Set([...recorded, ...this.#ofLeftovers].map((change) => change.field))) {
      if (field === '_id' || this.#links.has(field) || this.#columns.some((column) => column.field === field)) continue;
      const difference = this.#compared(
        document,
        field,
        this.#withLeftovers(field, []),
        recorded.filter((change) => change.field === field),
      );
      if (difference !== null)
        this.#context.findings.add('records', difference, { collection: this.#collection, field, sourceId: document.sourceId });
    }
  }
}

/** With the record of the former name under which the value stands. */
function withName(changes: readonly Change[], former: string | undefined): readonly Change[] {
  return former === undefined ? changes : [...changes, { code: 'RENAMED_FIELD', original: JSON.stringify(former) }];
}
