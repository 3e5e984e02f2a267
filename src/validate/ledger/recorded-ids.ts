/**
 * Which documents the ledger may say something about, by their names in it: most have no record, and need not be asked for. A Bloom filter
 * (Bloom 1970): whoever was added is found, of others one in hundreds is, too. Its size is bounded, whatever the number of records.
 */
import { bson } from '../bson/types.ts';
import type { DocumentBatch, SourceDocument } from '../records/documents.ts';

/** Three of them are set for each id: of others, one in six hundred hits three by chance. */
const bitsPerId = 24;
/** 4 MB; beyond that, of more than a million records, more documents are asked for in vain. */
const bitsMax = 2 ** 25;

export class RecordedIds {
  readonly #words: Int32Array;
  readonly #mask: number;

  constructor(ids: number) {
    const bits = Math.min(bitsMax, 2 ** Math.ceil(Math.log2(Math.max(ids, 2) * bitsPerId)));
    this.#words = new Int32Array(bits / 32);
    this.#mask = bits - 1;
  }

  /** The source id is the text of these bytes. */
  add(bytes: Buffer, start: number, length: number): void {
    let hash = basis;
    for (let at = start; at < start + length; at += 1) hash = step(hash, bytes[at] as number);
    for (let probe = 0; probe < 3; probe += 1) {
      const bit = this.#bit(hash, probe);
      this.#words[bit >>> 5] = (this.#words[bit >>> 5] as number) | (1 << (bit & 31));
    }
  }

  /** The indexes of the documents that may have records. */
  among(batch: DocumentBatch): readonly number[] {
    const indexes: number[] = [];
    for (let index = 0; index < batch.count; index += 1) if (this.#mayHave(batch.at(index))) indexes.push(index);
    return indexes;
  }

  #mayHave(document: SourceDocument): boolean {
    const hash = hashOf(document);
    for (let probe = 0; probe < 3; probe += 1) {
      const bit = this.#bit(hash, probe);
      if (((this.#words[bit >>> 5] as number) & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }

  /** Two hashes of one make as many as are needed (Kirsch and Mitzenmacher 2006). */
  #bit(hash: number, probe: number): number {
    const other = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) | 1;
    return (hash + Math.imul(probe, other ^ (other >>> 13))) & this.#mask;
  }
}

/** FNV-1a. */
const basis = 0x811c9dc5 | 0;
const step = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);

const hexDigits = Buffer.from('0123456789abcdef');

/** Of the document's source id, which of an ObjectId is not made for it. */
function hashOf(document: SourceDocument): number {
  const { bytes, slots, firstSlot } = document;
  let hash = basis;
  if (slots[firstSlot] !== bson.objectId) {
    for (const byte of Buffer.from(document.sourceId)) hash = step(hash, byte);
    return hash;
  }
  const start = slots[firstSlot + 1] as number;
  for (let at = start; at < start + 12; at += 1) {
    const byte = bytes[at] as number;
    hash = step(step(hash, hexDigits[byte >>> 4] as number), hexDigits[byte & 15] as number);
  }
  return hash;
}
