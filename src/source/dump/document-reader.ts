/** Cuts the bytes of a dump's file into documents, up to the first place where they are none. */
import { Documents } from '../documents.ts';
import type { BatchLimits } from '../source.ts';
import type { Chunk, Chunks } from './chunks.ts';
import type { ByteReader } from './plain-reader.ts';

/** The length field, an empty list of elements and the closing zero (bsonspec.org). */
const documentBytesMin = 5;
/** What a server takes from its own tools: 16 MiB for the document and 16 KiB around it (BSONObjMaxInternalSize in MongoDB's source). */
const documentBytesMax = 16 * 1024 * 1024 + 16 * 1024;

export interface DocumentRun {
  readonly documents: Documents;
  /** Of the first document, in the uncompressed file. */
  readonly start: number;
  /** Behind the last document. */
  readonly end: number;
  /** Why there is no document at `end`; null where one may follow or the file is at its end. */
  readonly damage: string | null;
  /** Says that nobody looks at the documents any more. */
  release(): void;
}

/** Documents stand in the chunks that were read. A chunk is written again only when all batches that have documents in it are released. */
export class DocumentReader {
  readonly #bytes: ByteReader;
  readonly #chunks: Chunks;
  #chunk: Chunk = { bytes: Buffer.alloc(0), users: 1 };
  /** Of the next document in the chunk. */
  #at = 0;
  /** Bytes of the chunk that are filled. */
  #filled = 0;
  /** Of the next document in the file. */
  #offset: number;

  /** `offset`: of the first document in the file. */
  constructor(bytes: ByteReader, offset: number, chunks: Chunks) {
    this.#bytes = bytes;
    this.#offset = offset;
    this.#chunks = chunks;
  }

  /** Not while `next` is under way. */
  async close(): Promise<void> {
    this.#chunks.leave(this.#chunk);
    await this.#bytes.close();
  }

  /** The next documents; none, and no damage, at the end. */
  async next(limits: BatchLimits): Promise<DocumentRun> {
    const documents = new Documents();
    const used: Chunk[] = [];
    const start = this.#offset;
    const run = (damage: string | null): DocumentRun => ({
      documents,
      start,
      end: this.#offset,
      damage,
      release: () => {
        for (const chunk of used) this.#chunks.leave(chunk);
        used.length = 0;
      },
    });
    while (documents.length < limits.documentsMax) {
      if (this.#filled - this.#at < 4 && !(await this.#fill(4))) return run(this.#damageAtEnd());
      const length = this.#chunk.bytes.readInt32LE(this.#at);
      if (length < documentBytesMin || length > documentBytesMax) return run(lengthDamage(length));
      if (documents.length > 0 && this.#offset - start + length > limits.bytesMax) break;
      if (this.#filled - this.#at < length && !(await this.#fill(length))) return run(this.#cutDamage(length));
      const end = this.#at + length;
      const { bytes } = this.#chunk;
      if (bytes[end - 1] !== 0) return run('a document does not end with a zero byte');
      if (used.at(-1) !== this.#chunk) {
        used.push(this.#chunk);
        this.#chunks.share(this.#chunk);
      }
      documents.add(bytes, this.#at, end);
      this.#at = end;
      this.#offset += length;
    }
    return run(null);
  }

  /** Sees to it that `count` bytes are at hand from the next document on; false where the file has fewer. */
  async #fill(count: number): Promise<boolean> {
    const former = this.#chunk;
    const rest = former.bytes.subarray(this.#at, this.#filled);
    this.#chunk = this.#chunks.take(count);
    const { bytes } = this.#chunk;
    bytes.set(rest);
    this.#chunks.leave(former);
    this.#at = 0;
    this.#filled = rest.length;
    while (this.#filled < bytes.length) {
      const read = await this.#bytes.read(bytes, this.#filled);
      if (read === 0) break;
      this.#filled += read;
    }
    return this.#filled >= count;
  }

  #damageAtEnd(): string | null {
    const left = this.#filled - this.#at;
    return this.#bytes.broken() ?? (left > 0 ? `the last ${left} bytes are too short for a document` : null);
  }

  #cutDamage(length: number): string {
    const left = this.#filled - this.#at;
    return this.#bytes.broken() ?? `a document of ${length} bytes is truncated: the file ends after ${left} bytes of it`;
  }
}

function lengthDamage(length: number): string {
  return `a document has the invalid length of ${length} bytes (valid: ${documentBytesMin} to ${documentBytesMax})`;
}
