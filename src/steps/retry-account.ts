/**
 * What a retry changes in the content hash, the bytes and the fields of a collection. A rejected document is known by its bytes; of one
 * that had a row only the hash over all documents is known, so it counts as unchanged: where it is not, that hash tells.
 */
import { elementsOf } from '../bson/walk.ts';
import { ContentHash } from '../source/content-hash.ts';
import type { RawDocument } from '../source/source.ts';

/** Of documents with one `_id`, of which some had a row and some were rejected: only a damaged dump has any. */
interface Repeated {
  rows: number;
  /** Hashes of the rejected ones that were not found yet, with how many there are of each. */
  readonly rejected: Map<string, number>;
  /** One that was found where a rejected one was expected. */
  last: RawDocument | null;
}

export class RetryAccount {
  readonly #hash: ContentHash;
  /** By source id, of those that had rows. */
  readonly #withRow: Map<string, Repeated>;
  #bytes = 0;
  #fieldsBefore = 0;

  constructor(contentHash: string, rows: ReadonlyMap<string, number>) {
    this.#hash = ContentHash.from(contentHash);
    this.#withRow = new Map([...rows].map(([sourceId, count]) => [sourceId, { rows: count, rejected: new Map(), last: null }]));
  }

  /** A document that was rejected. */
  forget(sourceId: string, document: RawDocument): void {
    this.#hash.subtract(document);
    this.#bytes -= document.length;
    const repeated = this.#withRow.get(sourceId);
    if (repeated === undefined) return;
    const key = hashOf(document);
    repeated.rejected.set(key, (repeated.rejected.get(key) ?? 0) + 1);
  }

  /** A document that the source has now. */
  find(sourceId: string, document: RawDocument): void {
    const repeated = this.#withRow.get(sourceId);
    if (repeated !== undefined && repeated.rows > 0) {
      const key = repeated.rejected.size === 0 ? '' : hashOf(document);
      const expected = repeated.rejected.get(key) ?? 0;
      if (expected === 0) {
        this.#hadRow(repeated, document);
        return;
      }
      repeated.rejected.set(key, expected - 1);
      repeated.last = document.slice();
    }
    this.#hash.add(document);
    this.#bytes += document.length;
  }

  /** Once all documents were found. */
  settled(): { readonly contentHash: string; readonly bytes: number; readonly fieldsBefore: number } {
    for (const repeated of this.#withRow.values()) {
      if (repeated.rows === 0 || repeated.last === null) continue;
      // The copy of a document that had a row is gone from the source; where it was another one, the hash tells.
      this.#hash.subtract(repeated.last);
      this.#bytes -= repeated.last.length;
      this.#hadRow(repeated, repeated.last);
    }
    return { contentHash: this.#hash.hex(), bytes: this.#bytes, fieldsBefore: this.#fieldsBefore };
  }

  #hadRow(repeated: Repeated, document: RawDocument): void {
    repeated.rows -= 1;
    this.#fieldsBefore += fieldsOf(document);
  }
}

function hashOf(document: RawDocument): string {
  const hash = new ContentHash();
  hash.add(document);
  return hash.hex();
}

function fieldsOf(document: RawDocument): number {
  return [...elementsOf(document)].length;
}
