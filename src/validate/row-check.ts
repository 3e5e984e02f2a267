/** One document against its row, field by field. */
import type { CollectionSpec } from '../catalog/index.ts';
import type { Tuple } from '../target/copy-reader.ts';
import { bson } from './bson/types.ts';
import type { Context } from './context.ts';
import { type SourceDocument, valueAt } from './documents.ts';
import { uuidBinary } from './identity.ts';
import { isTimeLater, type Sign, updateTimePlaces } from './later-work.ts';
import type { RecordedChange } from './ledger.ts';
import { leftoverChanges } from './leftover-check.ts';
import { compareChanges } from './recorded.ts';
import type { References } from './references.ts';
import { type Circumstances, type Column, columnOf, judge } from './rules/column.ts';
import { referenceRule } from './rules/reference.ts';
import { type Change, carried as carriedMatch, recordsOf, type Verdict } from './rules/rule.ts';
import { type SameBytes, sameBytes } from './same-bytes.ts';

interface PlannedColumn extends Column {
  readonly same: SameBytes;
  /** NULL is what a missing value becomes, without a record. */
  readonly nullWhenMissing: boolean;
  readonly isReference: boolean;
}

const noChanges: readonly RecordedChange[] = [];

export class RowCheck {
  readonly #context: Context;
  readonly #collection: string;
  readonly #columns: readonly PlannedColumn[];
  readonly #links: ReadonlySet<string>;
  readonly #references: References;
  readonly #updateTimes: readonly number[];
  /** Records about the leftovers of the document under way. */
  #ofLeftovers = noChanges;

  constructor(context: Context, spec: CollectionSpec, references: References) {
    this.#context = context;
    this.#collection = spec.collection;
    this.#references = references;
    this.#links = new Set(Object.keys(spec.links));
    this.#updateTimes = updateTimePlaces(spec);
    this.#columns = Object.entries(spec.columns).map(([field, column]) => ({
      ...columnOf(spec, field, column),
      same: sameBytes[column.kind],
      nullWhenMissing: column.required !== true && column.kind !== 'text[]' && column.kind !== 'uuid[]',
      isReference: column.references !== undefined,
    }));
  }

  /** Returns how many of the document's fields, `_id` included and links left out, are the same in the row. */
  check(document: SourceDocument, row: Tuple, recorded: readonly RecordedChange[]): number {
    const { slots } = document;
    this.#ofLeftovers = document.leftovers.length === 0 ? noChanges : leftoverChanges(document);
    let carried = this.#checkIdentity(document, recorded) ? 1 : 0;
    for (let index = 0; index < this.#columns.length; index += 1) {
      const column = this.#columns[index];
      if (column === undefined) break;
      const type = slots[index * 3 + 3] ?? 0;
      const length = row.length(index + 1);
      const isMissing = type === 0 || type === bson.null || type === bson.undefined;
      if (column.isReference && !isMissing) this.#references.compared += 1;
      const isSame = isMissing
        ? length < 0 && column.nullWhenMissing
        : length >= 0 &&
          column.same(
            type,
            document.bytes,
            slots[index * 3 + 4] ?? 0,
            slots[index * 3 + 5] ?? 0,
            row.bytes,
            row.start(index + 1),
            length,
          );
      if (isSame && recorded.length === 0) {
        if (type !== 0) carried += 1;
      } else if (this.#judge(document, row, index, column, recorded) && type !== 0) carried += 1;
    }
    if (recorded.length > 0 || this.#ofLeftovers.length > 0) this.#checkOtherFields(document, recorded);
    return carried;
  }

  /** 'written' where the row was updated after the migration ended: by its own time, which is not the source's. */
  signOf(document: SourceDocument, row: Tuple): Sign | null {
    const { later } = this.#context;
    if (later === null) return null;
    const isLater = this.#updateTimes.some((place) => {
      if (!isTimeLater(row, place, later)) return false;
      const value = valueAt(document, place);
      const same = this.#columns[place - 1]?.same;
      if (value === null || same === undefined) return true;
      return !same(value.type, value.bytes, value.start, value.end, row.bytes, row.start(place), row.length(place));
    });
    return isLater ? 'written' : null;
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
    const verdict =
      this.#redirected(document, row, column, recorded) ??
      judge(column, value, actual, ofField, this.#circumstances(document, row));
    const at = { collection: this.#collection, field: column.field, sourceId: document.sourceId };
    if (verdict === 'differs' || verdict === 'cannot') {
      // A key that is emptied when its document is deleted leaves no time.
      const sign = this.signOf(document, row) ?? (column.isReference && actual === null ? 'gone' : null);
      this.#context.findings.add('records', 'FIELD_DIFFERS', { ...at, sign });
      if (column.isReference) this.#references.lost({ ...at, sign });
      return false;
    }
    for (const condition of verdict.conditions) this.#references.add(condition, at);
    const difference = compareChanges(this.#withLeftovers(column.field, verdict.changes), ofField);
    if (difference !== null) this.#context.findings.add('records', difference, at);
    return difference === null && verdict.changes.length === 0;
  }

  /** A comment's `task` that names an account task stands in `assigned_crm_account_task`, where that was free or dangling. */
  #redirected(document: SourceDocument, row: Tuple, column: PlannedColumn, recorded: readonly RecordedChange[]): Verdict | null {
    if (this.#collection !== 'tasksComments' || column.field !== 'assigned_crm_account_task') return null;
    if (!recorded.some(({ field, code }) => field === 'task' && code === 'TASK_REDIRECTED')) return null;
    const actual = row.value(this.#columns.indexOf(column) + 1);
    if (actual === null) return 'differs';
    const task = valueAt(document, this.#columns.findIndex(({ field }) => field === 'task') + 1);
    const rule = referenceRule(['crm_Accounts_Tasks']);
    if (task === null || typeof rule(task, actual, noChanges) === 'string') return null;
    const own = valueAt(document, this.#columns.indexOf(column) + 1);
    if (own === null || own.type === bson.null || own.type === bson.undefined) return carriedMatch;
    // Named by both fields alike, or given up: it dangled, or was no id.
    const same = rule(own, actual, noChanges);
    if (typeof same !== 'string') return same;
    const ofField = recorded.filter(({ field }) => field === column.field);
    return judge(column, own, null, ofField, this.#circumstances(document, row));
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
    const difference = compareChanges(
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
      const difference = compareChanges(
        this.#withLeftovers(field, []),
        recorded.filter((change) => change.field === field),
      );
      if (difference !== null)
        this.#context.findings.add('records', difference, { collection: this.#collection, field, sourceId: document.sourceId });
    }
  }
}
