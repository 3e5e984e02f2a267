/**
 * The documents of a batch: where each stands in memory. Views of them are made when they are asked for, and die young; ten thousand that
 * live as long as their batch would cost the garbage collector more than all else that the load leaves to it.
 */

/** The bytes of one whole BSON document: a view, which holds as long as its batch is not released. */
export type RawDocument = Uint8Array;

/** Documents that lie in one piece of memory. */
interface Run {
  readonly memory: Buffer;
  readonly starts: number[];
  readonly ends: number[];
}

export class Documents implements Iterable<RawDocument> {
  readonly #runs: Run[] = [];
  #length = 0;
  #bytes = 0;

  /** Of views that somebody else made, as a driver does: of one answer of a server they lie in one piece of memory. */
  static of(documents: Iterable<Uint8Array>): Documents {
    const all = new Documents();
    let memory: Buffer = Buffer.alloc(0);
    for (const { buffer, byteOffset, length } of documents) {
      if (memory.buffer !== buffer) memory = Buffer.from(buffer);
      all.add(memory, byteOffset, byteOffset + length);
    }
    return all;
  }

  get length(): number {
    return this.#length;
  }

  /** Of all documents together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The document from `start` to before `end` of `memory`. */
  add(memory: Buffer, start: number, end: number): void {
    let run = this.#runs.at(-1);
    if (run?.memory !== memory) {
      run = { memory, starts: [], ends: [] };
      this.#runs.push(run);
    }
    run.starts.push(start);
    run.ends.push(end);
    this.#length += 1;
    this.#bytes += end - start;
  }

  /** Bytes of the documents before the one at `index`. */
  bytesBefore(index: number): number {
    let bytes = 0;
    let left = index;
    for (const { starts, ends } of this.#runs) {
      for (let at = 0; at < starts.length && left > 0; at++, left--) bytes += (ends[at] as number) - (starts[at] as number);
    }
    return bytes;
  }

  *[Symbol.iterator](): Generator<RawDocument> {
    for (const { memory, starts, ends } of this.#runs) {
      for (let at = 0; at < starts.length; at++) yield memory.subarray(starts[at], ends[at]);
    }
  }

  /** The same in parts of about so many bytes, each at least one document. */
  *inParts(bytesMin: number): Generator<readonly RawDocument[]> {
    let part: RawDocument[] = [];
    let bytes = 0;
    // Not by the iterator above, whose results would be a seventh of what the load of small documents leaves to the garbage collector.
    for (const { memory, starts, ends } of this.#runs) {
      for (let at = 0; at < starts.length; at++) {
        const document = memory.subarray(starts[at], ends[at]);
        part.push(document);
        bytes += document.length;
        if (bytes < bytesMin) continue;
        yield part;
        part = [];
        bytes = 0;
      }
    }
    if (part.length > 0) yield part;
  }
}
