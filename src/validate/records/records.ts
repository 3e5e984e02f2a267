/** Layer "records": every document of a collection against its row, its reject or its leftover. Nothing is sampled. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CollectionSpec } from '../../catalog/index.ts';
import { ahead } from '../../source/ahead.ts';
import { ContentHash } from '../../source/content-hash.ts';
import { freeLarge } from '../../source/garbage.ts';
import type { Tuple } from '../../target/copy-reader.ts';
import { literal } from '../../target/quoted.ts';
import type { Context } from '../context.ts';
import { checkHashedIds } from '../ledger/id-map.ts';
import { nothingRecorded, type Recorded, type RecordedReject } from '../ledger/ledger.ts';
import { checkLeftovers, expectedLeftovers } from '../ledger/leftover-check.ts';
import { RejectCheck } from '../ledger/reject-check.ts';
import { isShared, SharedRecords, sameSums, sharedSql, sharedSums } from '../ledger/shared-records.ts';
import { addWhole, checkWholeLeftovers } from '../ledger/whole-leftovers.ts';
import { Links } from '../references/links.ts';
import type { PairSets } from '../references/pair-sets.ts';
import type { References } from '../references/references.ts';
import type { DocumentBatch, SourceDocument } from './documents.ts';
import { Fetch, type Fetched } from './fetch.ts';
import type { UuidHex } from './identity.ts';
import { layoutOf } from './layout.ts';
import { RowCheck } from './row-check.ts';

/** What was counted while the documents of a collection were compared. */
export interface CollectionTally {
  documents: number;
  /** Documents compared with a row of their own. */
  matched: number;
  rejected: number;
  malformed: number;
  damaged: number;
  /** By former name: what of the documents, and of the damage, comes from the collection of that name. */
  readonly former: Map<string, { readonly documents: number; readonly damaged: number }>;
  leftoverDocuments: number;
  /** Documents that were compared as a person has corrected them. */
  corrected: number;
  /** Fields that are the same on both sides. */
  carried: number;
  /** Rows of the ledger that belong to documents of the source. */
  readonly seen: { change: number; leftover: number; reject: number };
  contentHash: string;
  /** Some ids share their source id with others in invalid bytes only. */
  hasShared: boolean;
  /** The ids came in ascending order, so that none came twice; of each former name by itself, since it gives only ids that are free before it. */
  ascending: boolean;
}

export async function compareCollection(
  context: Context,
  collection: string,
  spec: CollectionSpec | null,
  references: References,
  pairs: PairSets,
): Promise<CollectionTally> {
  const comparison = new Comparison(context, collection, spec, references, pairs);
  for await (const fetched of ahead(comparison.fetch.batches())) {
    // Lets the request for the next batch leave before the comparison takes the processor.
    await nextTurn();
    context.signal.throwIfAborted();
    await comparison.compare(fetched);
    freeLarge(fetched.source.documents.bytes);
    context.progress.advance(collection, comparison.tally.documents);
  }
  await comparison.settle();
  return comparison.tally;
}

class Comparison {
  readonly tally: CollectionTally = {
    documents: 0,
    matched: 0,
    rejected: 0,
    malformed: 0,
    damaged: 0,
    former: new Map(),
    leftoverDocuments: 0,
    corrected: 0,
    carried: 0,
    seen: { change: 0, leftover: 0, reject: 0 },
    contentHash: new ContentHash().hex(),
    hasShared: false,
    ascending: true,
  };
  readonly fetch: Fetch;
  readonly #context: Context;
  readonly #collection: string;
  readonly #spec: CollectionSpec | null;
  readonly #layout;
  readonly #references: References;
  readonly #rowCheck: RowCheck | null;
  readonly #rejectCheck: RejectCheck | null;
  readonly #links: Links;
  #lastId = '';
  #lastName: string | undefined;
  /** Rows that were compared with their document, of ids that a damaged dump holds more than once. */
  readonly #rowsTaken = new Set<UuidHex>();
  /** Rows with the id of a rejected document, and its source id. */
  readonly #rowsOfRejected = new Map<UuidHex, string>();
  readonly #shared = new SharedRecords();

  constructor(context: Context, collection: string, spec: CollectionSpec | null, references: References, pairs: PairSets) {
    this.#context = context;
    this.#collection = collection;
    this.#spec = spec;
    this.#layout = layoutOf(collection, spec);
    this.#references = references;
    this.fetch = new Fetch(context, this.#layout);
    this.#rowCheck = spec === null ? null : new RowCheck(context, spec, references, this.#shared);
    this.#rejectCheck = spec === null ? null : new RejectCheck(context, spec, this.#layout, references);
    this.#links = new Links(context, this.#layout, references, pairs);
  }

  async compare({ batch, source, rows, ledger, corrected }: Fetched): Promise<void> {
    const { tally } = this;
    const { length } = source.documents;
    tally.documents += length;
    tally.malformed += batch.malformed.length;
    tally.damaged += source.damage.length;
    if (source.formerName !== undefined) {
      const { documents, damaged } = tally.former.get(source.formerName) ?? { documents: 0, damaged: 0 };
      tally.former.set(source.formerName, {
        documents: documents + length,
        damaged: damaged + source.damage.length,
      });
    }
    for (const { file, offset } of [...batch.malformed.map((index) => source.place(index)), ...source.damage]) {
      this.#context.findings.add('records', 'SOURCE_DAMAGED', { collection: this.#collection, content: `${file} ${offset}` });
    }

    const hashed: SourceDocument[] = [];
    this.#order(batch, source.formerName);
    for (let index = 0; index < batch.count; index += 1) {
      const document = batch.at(index);
      if (this.#spec === null) this.#addLeftover(document);
      else if (this.#compareOne(document, rows[index] ?? null, ledger.get(index) ?? nothingRecorded, corrected.get(index))) {
        if (document.hashed) hashed.push(document);
      }
    }
    await this.#links.settle(source.documents.bytes);
    await checkHashedIds(this.#context, this.#collection, hashed);
    await this.#rejectCheck?.settle();
    await this.#references.settle();
  }

  /** Whether the ids of all batches ascend. */
  #order({ ids }: DocumentBatch, formerName: string | undefined): void {
    if (ids.count === 0) return;
    if (formerName !== this.#lastName) this.#lastId = '';
    this.#lastName = formerName;
    if (!ids.isAscending || ids.hex(0) <= this.#lastId) this.tally.ascending = false;
    this.#lastId = ids.hex(ids.count - 1);
  }

  #addLeftover(document: SourceDocument): void {
    addWhole(this.#shared, document);
    this.tally.leftoverDocuments += 1;
  }

  /** True where the row is the document's. */
  #compareOne(document: SourceDocument, row: Tuple | null, recorded: Recorded, corrected: SourceDocument | undefined): boolean {
    if (recorded.reject !== null && this.#isRejected(document, row, recorded)) {
      this.#compareRejected(document, recorded.reject, row, recorded);
      return false;
    }
    this.#see(document, recorded);
    if (row === null) {
      this.#reportMissing(document, recorded);
      return false;
    }
    if (recorded.hasReject) this.#rowsTaken.add(document.id);
    if (corrected !== undefined) this.tally.corrected += 1;
    this.#compareRow(corrected ?? document, row, recorded);
    return true;
  }

  /** A copy of the document that has the row is rejected with the same bytes. */
  #isRejected({ id }: SourceDocument, row: Tuple | null, { reject, hasRow }: Recorded): boolean {
    return reject?.code !== 'DUPLICATE_ID' || row === null || !hasRow || this.#rowsTaken.has(id);
  }

  #compareRejected(document: SourceDocument, reject: RecordedReject, row: Tuple | null, recorded: Recorded): void {
    this.tally.rejected += 1;
    this.tally.seen.reject += 1;
    this.#rejectCheck?.check(document, reject);
    if (reject.code === 'DUPLICATE_ID' || reject.field === '_id') return;
    // Another document with this `_id` may have it; then the records are that document's, too. Two ids that MongoDB takes for equal
    // (1 and 1.0) have one row and two source ids.
    if (row !== null && (recorded.hasRow || !document.hashed)) this.#rowsOfRejected.set(document.id, document.sourceId);
    else this.#reportRecords(document, recorded);
  }

  #reportMissing({ sourceId }: SourceDocument, { hasReject }: Recorded): void {
    // There may be a record of rejection that does not hold the document's bytes.
    if (hasReject) this.tally.seen.reject += 1;
    this.#context.findings.add('records', hasReject ? 'REJECT_WRONG' : 'ROW_MISSING', { collection: this.#collection, sourceId });
  }

  /** Records about a document that has no row. */
  #reportRecords(document: SourceDocument, recorded: Recorded): void {
    if (isShared(document)) return;
    const at = { collection: this.#collection, sourceId: document.sourceId };
    this.#see(document, recorded);
    for (const { field } of recorded.changes) this.#context.findings.add('records', 'CHANGE_EXTRA', { ...at, field });
    for (const { field } of recorded.leftovers) this.#context.findings.add('records', 'LEFTOVER_WRONG', { ...at, field });
  }

  /** Once all documents were compared. */
  async settle(): Promise<void> {
    const { tally } = this;
    const collection = this.#collection;
    const { target, findings } = this.#context;
    await this.#links.finish();
    tally.carried += this.#links.carried;
    tally.contentHash = this.fetch.hash.hex();
    for (const [id, sourceId] of this.#rowsOfRejected) {
      if (this.#rowsTaken.has(id)) continue;
      tally.matched += 1;
      findings.add('records', 'ROW_EXTRA', { collection, sourceId });
    }
    if (this.#spec === null) {
      const seen = await checkWholeLeftovers(this.#context, collection, this.#shared);
      tally.seen.change += seen.change;
      tally.seen.leftover += seen.leftover;
    } else if (tally.hasShared) {
      // Of links the records are compared where the pairs are.
      const links = Object.keys(this.#spec.links).map(literal).join(', ');
      for (const table of ['change', 'leftover'] as const) {
        const isLink = links === '' || table === 'leftover' ? 'false' : `field in (${links})`;
        const held = await sharedSums(target, table, collection, `${sharedSql} and not (${isLink})`);
        const ofLinks = await sharedSums(target, table, collection, `${sharedSql} and ${isLink}`);
        const expected = this.#shared.sum(table);
        tally.seen[table] += held.count + ofLinks.count;
        if (sameSums(held, expected)) continue;
        const count = Math.max(1, Math.abs(held.count - expected.count));
        findings.add('records', table === 'leftover' ? 'LEFTOVER_WRONG' : 'CHANGE_WRONG', { collection, count });
      }
    }
  }

  #compareRow(document: SourceDocument, row: Tuple, { changes, leftovers }: Recorded): void {
    this.tally.matched += 1;
    this.tally.carried += this.#rowCheck?.check(document, row, changes) ?? 0;
    if (isShared(document)) {
      for (const { field, value } of expectedLeftovers(document)) this.#shared.leftover(document.sourceId, field, value);
    } else checkLeftovers(this.#context, this.#collection, document, leftovers);
    this.#links.add(document, changes);
  }

  /** What of the ledger belongs to a document of the source; the rest is found when the counts differ. */
  #see(document: SourceDocument, { changes, leftovers }: Recorded): void {
    if (isShared(document)) {
      this.tally.hasShared = true;
      return;
    }
    const { seen } = this.tally;
    seen.change += changes.length;
    seen.leftover += leftovers.length;
  }
}
