/** Layer "records": every document of a collection against its row, its reject or its leftover. Nothing is sampled. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CollectionSpec } from '../catalog/index.ts';
import { ContentHash } from '../source/content-hash.ts';
import { freeLarge } from '../source/garbage.ts';
import type { RawDocument, SourceBatch } from '../source/source.ts';
import type { Tuple } from '../target/copy-reader.ts';
import { batchLimits, type Context } from './context.ts';
import { type DocumentBatch, layoutOf, type SourceDocument, takeApart } from './documents.ts';
import { checkHashedIds, mappedIds } from './id-map.ts';
import type { UuidHex } from './identity.ts';
import { type Ledger, readLedger } from './ledger.ts';
import { checkLeftovers, checkWholeLeftover, wholeChanges } from './leftover-check.ts';
import { type LinkField, Links, linkFieldsOf } from './links.ts';
import type { PairSets } from './pair-sets.ts';
import { compareChanges } from './recorded.ts';
import type { References } from './references.ts';
import { RejectCheck, rejectOf } from './reject-check.ts';
import { RowCheck } from './row-check.ts';
import { readRows } from './rows.ts';

/** What was counted while the documents of a collection were compared. */
export interface CollectionTally {
  documents: number;
  /** Documents compared with a row of their own. */
  matched: number;
  rejected: number;
  malformed: number;
  damaged: number;
  leftoverDocuments: number;
  /** Fields that are the same on both sides. */
  carried: number;
  /** Rows of the ledger that belong to documents of the source. */
  readonly seen: { change: number; leftover: number; reject: number };
  contentHash: string;
  /** The ids came in ascending order, so that none came twice. */
  ascending: boolean;
}

interface Fetched {
  readonly batch: DocumentBatch;
  readonly source: SourceBatch;
  /** The views that both the comparison and the hash look at. */
  readonly raw: readonly RawDocument[];
  readonly rows: ReadonlyMap<UuidHex, Tuple>;
  readonly ledger: Ledger;
}

export async function compareCollection(
  context: Context,
  collection: string,
  spec: CollectionSpec | null,
  references: References,
  pairs: PairSets,
): Promise<CollectionTally> {
  const comparison = new Comparison(context, collection, spec, references, pairs);
  for await (const fetched of oneAhead(comparison.fetch())) {
    context.signal.throwIfAborted();
    await comparison.compare(fetched);
    freeLarge(fetched.source.documents.bytes);
    context.progress.advance(collection, comparison.tally.documents);
  }
  return comparison.tally;
}

class Comparison {
  readonly tally: CollectionTally = {
    documents: 0,
    matched: 0,
    rejected: 0,
    malformed: 0,
    damaged: 0,
    leftoverDocuments: 0,
    carried: 0,
    seen: { change: 0, leftover: 0, reject: 0 },
    contentHash: new ContentHash().hex(),
    ascending: true,
  };
  readonly #context: Context;
  readonly #collection: string;
  readonly #spec: CollectionSpec | null;
  readonly #layout;
  readonly #references: References;
  readonly #rowCheck: RowCheck | null;
  readonly #rejectCheck: RejectCheck | null;
  readonly #links: Links;
  readonly #hash = new ContentHash();
  #lastId = '';
  /** Documents of the batch with neither a row nor a record of rejection. */
  readonly #withoutRow: SourceDocument[] = [];
  /** Source ids that a damaged dump holds twice, seen once already. */
  readonly #seenTwice = new Set<string>();

  constructor(context: Context, collection: string, spec: CollectionSpec | null, references: References, pairs: PairSets) {
    this.#context = context;
    this.#collection = collection;
    this.#spec = spec;
    this.#layout = layoutOf(collection, spec);
    this.#references = references;
    this.#rowCheck = spec === null ? null : new RowCheck(context, spec, references);
    this.#rejectCheck = spec === null ? null : new RejectCheck(context, spec, this.#layout, references);
    this.#links = new Links(context, references, pairs);
  }

  /** Each batch of the source with what the target has for it. */
  async *fetch(): AsyncGenerator<Fetched> {
    const { target, ledgerCounts } = this.#context;
    for await (const source of this.#context.source.read(this.#collection, null, batchLimits)) {
      const raw = [...source.documents];
      const batch = takeApart(raw, this.#layout);
      const ids = batch.documents.map(({ id }) => id);
      const sourceIds = batch.documents.map(({ sourceId }) => sourceId);
      const rows = this.#spec === null ? new Map<UuidHex, Tuple>() : await readRows(this.#context, this.#spec, ids);
      const ledger = await readLedger(target, this.#collection, sourceIds, ledgerCounts);
      yield { batch, source, raw, rows, ledger };
    }
  }

  async compare({ batch, source, raw, rows, ledger }: Fetched): Promise<void> {
    const { tally } = this;
    for (const document of raw) this.#hash.add(document);
    tally.contentHash = this.#hash.hex();
    tally.documents += raw.length;
    tally.malformed += batch.malformed.length;
    tally.damaged += source.damage.length;
    const damaged = batch.malformed.length + source.damage.length;
    if (damaged > 0) this.#context.findings.add('records', 'SOURCE_DAMAGED', { collection: this.#collection, count: damaged });

    const linkFields: LinkField[] = [];
    const withRow: SourceDocument[] = [];
    this.#withoutRow.length = 0;
    for (const document of batch.documents) {
      if (document.id <= this.#lastId) tally.ascending = false;
      this.#lastId = document.id;
      if (this.#spec === null) this.#compareLeftover(document, ledger);
      else if (this.#compareOne(document, rows.get(document.id) ?? null, ledger, linkFields)) withRow.push(document);
    }
    if (this.#withoutRow.length > 0) await this.#reportMissing();
    if (linkFields.length > 0) tally.carried += await this.#links.check(this.#collection, linkFields);
    if (this.#spec !== null) await checkHashedIds(this.#context, this.#collection, withRow, rows);
    await this.#rejectCheck?.settle();
    await this.#references.settle();
  }

  #compareLeftover(document: SourceDocument, ledger: Ledger): void {
    const { leftovers, changes } = ledger;
    const recorded = leftovers.get(document.sourceId) ?? [];
    checkWholeLeftover(this.#context, this.#collection, document, recorded);
    const difference = compareChanges(wholeChanges(document), changes.get(document.sourceId) ?? []);
    if (difference !== null) {
      this.#context.findings.add('records', difference, { collection: this.#collection, sourceId: document.sourceId });
    }
    this.tally.leftoverDocuments += 1;
    this.#see(document, ledger);
  }

  /** True where the row is the document's. */
  #compareOne(document: SourceDocument, row: Tuple | null, ledger: Ledger, linkFields: LinkField[]): boolean {
    const { sourceId } = document;
    const at = { collection: this.#collection, sourceId };
    const rejects = ledger.rejects.get(sourceId) ?? [];
    const reject = rejectOf(document, rejects);
    // Of two documents with the same `_id` the first one has the row.
    const isFirst = reject?.code === 'DUPLICATE_ID' && ledger.withRow.has(sourceId) && !this.#seenTwice.has(sourceId);
    if (rejects.some(({ code }) => code === 'DUPLICATE_ID')) this.#seenTwice.add(sourceId);
    if (reject !== null && !isFirst) {
      this.tally.rejected += 1;
      this.tally.seen.reject += 1;
      this.#rejectCheck?.check(document, reject);
      if (reject.code === 'DUPLICATE_ID' || reject.field === '_id') return false;
      this.#see(document, ledger);
      for (const { field } of ledger.changes.get(sourceId) ?? [])
        this.#context.findings.add('records', 'CHANGE_EXTRA', { ...at, field });
      for (const { field } of ledger.leftovers.get(sourceId) ?? [])
        this.#context.findings.add('records', 'LEFTOVER_WRONG', { ...at, field });
      if (row === null) return false;
      this.tally.matched += 1;
      this.#context.findings.add('records', 'ROW_EXTRA', at);
      return false;
    }
    this.#see(document, ledger);
    // A record of rejection that does not hold the document's bytes.
    const strange = rejects.filter(({ code }) => code !== 'DUPLICATE_ID').length;
    this.tally.seen.reject += strange;
    if (strange > 0) this.#context.findings.add('records', 'REJECT_WRONG', at);
    if (row === null) {
      if (rejects.length === 0) this.#withoutRow.push(document);
      return false;
    }
    this.#compareRow(document, row, ledger, linkFields);
    return true;
  }

  /** The map of ids tells whether a row was there when the migration ended. */
  async #reportMissing(): Promise<void> {
    const { target, findings, later } = this.#context;
    const collection = this.#collection;
    const mapped = later === null ? new Set<UuidHex>() : await mappedIds(target, collection, this.#withoutRow);
    for (const { id, sourceId } of this.#withoutRow)
      findings.add('records', 'ROW_MISSING', { collection, sourceId, sign: mapped.has(id) ? 'gone' : null });
  }

  #compareRow(document: SourceDocument, row: Tuple, ledger: Ledger, linkFields: LinkField[]): void {
    this.tally.matched += 1;
    const recorded = ledger.changes.get(document.sourceId) ?? [];
    this.tally.carried += this.#rowCheck?.check(document, row, recorded) ?? 0;
    checkLeftovers(this.#context, this.#collection, document, ledger.leftovers.get(document.sourceId) ?? []);
    if (this.#spec === null) return;
    linkFields.push(
      ...linkFieldsOf(
        document,
        this.#layout,
        (field) => (recorded.length === 0 ? recorded : recorded.filter((record) => record.field === field)),
        this.#rowCheck?.signOf(document, row) ?? null,
      ),
    );
  }

  /** What of the ledger belongs to a document of the source; the rest is found when the counts differ. */
  #see({ sourceId }: SourceDocument, { changes, leftovers }: Ledger): void {
    const { seen } = this.tally;
    seen.change += changes.get(sourceId)?.length ?? 0;
    seen.leftover += leftovers.get(sourceId)?.length ?? 0;
  }
}

/** The next value is asked for while one is worked on. */
async function* oneAhead<T>(values: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = values.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = values.next();
      next.catch(() => undefined);
      // Lets the request leave before the comparison takes the processor.
      await nextTurn();
      yield value;
    }
  } finally {
    await next.catch(() => undefined);
    await values.return(undefined);
  }
}
