/** Each batch of the source with what the target has for it: the rows, the ledger's records, the corrections. */
import { ContentHash } from '../../source/content-hash.ts';
import type { SourceBatch } from '../../source/source.ts';
import { batchLimits, type Context } from '../context.ts';
import { readCorrected } from '../corrections/corrections.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { LedgerReader } from '../ledger/ledger-reader.ts';
import { DocumentBatch, type SourceDocument } from './documents.ts';
import type { Layout } from './layout.ts';
import { RowReader, type Rows } from './rows.ts';

export interface Fetched {
  readonly source: SourceBatch;
  readonly batch: DocumentBatch;
  readonly rows: Rows;
  readonly ledger: Ledger;
  /** By index, those of the documents that were loaded with a correction, as corrected. */
  readonly corrected: ReadonlyMap<number, SourceDocument>;
}

/** Views of documents are made and forgotten in parts of this size. */
const partBytes = 64 * 1024;

export class Fetch {
  /** Of all documents that were read. */
  readonly hash = new ContentHash();
  readonly #context: Context;
  readonly #layout: Layout;

  constructor(context: Context, layout: Layout) {
    this.#context = context;
    this.#layout = layout;
  }

  async *batches(): AsyncGenerator<Fetched> {
    const { collection, spec } = this.#layout;
    const rowReader = spec === null ? null : new RowReader(this.#context, spec);
    const ledgerReader = spec === null ? null : new LedgerReader(this.#context, collection);
    for await (const source of this.#context.source.read(collection, null, batchLimits)) {
      const batch = this.#takenApart(source);
      yield {
        source,
        batch,
        rows: (await rowReader?.read(batch.ids)) ?? [],
        ledger: (await ledgerReader?.read(batch)) ?? new Map(),
        corrected: await readCorrected(this.#context, batch),
      };
    }
  }

  #takenApart({ documents, formerName }: SourceBatch): DocumentBatch {
    const batch = new DocumentBatch(this.#layout, documents.length, formerName);
    for (const part of documents.inParts(partBytes)) {
      for (const document of part) {
        this.hash.add(document);
        batch.add(document);
      }
    }
    return batch;
  }
}
