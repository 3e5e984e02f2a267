/** Cuts the bytes of a dump's file into documents, up to the first place where they are none. */
import type { BatchLimits, RawDocument } from '../source.ts';
import type { ByteReader } from './plain-reader.ts';

/** Large enough that reading costs little beside the documents, small enough that what a batch holds in memory stays bounded. */
const chunkBytes = 4 * 1024 * 1024;

/** The length field, an empty list of elements and the closing zero (bsonspec.org). */
const documentBytesMin = 5;
/** What a server takes from its own tools: 16 MiB for the document and 16 KiB around it (BSONObjMaxInternalSize in MongoDB's source). */
const documentBytesMax = 16 * 1024 * 1024 + 16 * 1024;

export interface DocumentRun {
  readonly documents: readonly RawDocument[];
  /** Of the first document, in the uncompressed file. */
  readonly start: number;
  /** Behind the last document. */
  readonly end: number;
  /** Why there is no document at `end`; null where one may follow or the file is at its end. */
  readonly damage: string | null;
}

/** Documents are views into the chunk that was read; a chunk is never written again. */
export class DocumentReader {
  readonly #bytes: ByteReader;
  #chunk: Buffer = Buffer.alloc(0);
  /** Of the next document in the chunk. */
  #at = 0;
  /** Bytes of the chunk that are filled. */
  #filled = 0;
  /** Of the next document in the file. */
  #offset: number;

  constructor(bytes: ByteReader, offset: number) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  /** The next documents; none, and no damage, at the end. */
  async next(limits: BatchLimits): Promise<DocumentRun> {
    const documents: RawDocument[] = [];
    const start = this.#offset;
    const run = (damage: string | null): DocumentRun => ({ documents, start, end: this.#offset, damage });
    while (documents.length < limits.documentsMax) {
      if (this.#filled - this.#at < 4 && !(await this.#fill(4))) return run(this.#damageAtEnd());
      const length = this.#chunk.readInt32LE(this.#at);
      if (length < documentBytesMin || length > documentBytesMax) return run(lengthDamage(length));
      if (documents.length > 0 && this.#offset - start + length > limits.bytesMax) break;
      if (this.#filled - this.#at < length && !(await this.#fill(length))) return run(this.#cutDamage(length));
      const end = this.#at + length;
      if (this.#chunk[end - 1] !== 0) return run('a document does not end with a zero byte');
      documents.push(this.#chunk.subarray(this.#at, end));
      this.#at = end;
      this.#offset += length;
    }
    return run(null);
  }

  /** Sees to it that `count` bytes are at hand from the next document on; false where the file has fewer. */
  async #fill(count: number): Promise<boolean> {
    const rest = this.#chunk.subarray(this.#at, this.#filled);
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(chunkBytes, count));
    this.#chunk.set(rest);
    this.#at = 0;
    this.#filled = rest.length;
    while (this.#filled < this.#chunk.length) {
      const read = await this.#bytes.read(this.#chunk, this.#filled);
      if (read === 0) break;
      this.#filled += read;
    }
    return this.#filled >= count;
  }

  #damageAtEnd(): string | null {
    const left = this.#filled - this.#at;
    return this.#bytes.broken() ?? (left > 0 ? `the last ${left} bytes are too few for a document` : null);
  }

  #cutDamage(length: number): string {
    const left = this.#filled - this.#at;
    return this.#bytes.broken() ?? `a document of ${length} bytes is cut: the file ends after ${left} of them`;
  }
}

function lengthDamage(length: number): string {
  return `a document's length says ${length} bytes, outside the possible ${documentBytesMin} to ${documentBytesMax}`;
}
