/** The COPY streams of one batch, which a document that turns out to be rejected or malformed can be taken out of again. */
import { ByteWriter } from '../bson/byte-writer.ts';
import type { CopyData } from './encoded-batch.ts';

export class Stream {
  readonly out = new ByteWriter(64 * 1024);
  #rows = 0;
  #markedLength = 0;
  #markedRows = 0;

  /** Begins a tuple of PostgreSQL's binary COPY format (manual, COPY, "Binary Format"). */
  tuple(fields: number): void {
    this.out.int16(fields);
    this.#rows++;
  }

  mark(): void {
    this.#markedLength = this.out.length;
    this.#markedRows = this.#rows;
  }

  rollBack(): void {
    this.out.length = this.#markedLength;
    this.#rows = this.#markedRows;
  }

  clear(): void {
    this.out.clear();
    this.#rows = 0;
  }

  data(): CopyData {
    return { bytes: this.out.written(), rows: this.#rows };
  }
}

export class Streams {
  readonly rows = new Stream();
  readonly links = new Stream();
  readonly changes = new Stream();
  readonly leftovers = new Stream();
  readonly rejects = new Stream();
  readonly ids = new Stream();
  readonly lookups = new Stream();
  readonly #all = [this.rows, this.links, this.changes, this.leftovers, this.rejects, this.ids, this.lookups];

  /** Remembers where the next document begins. */
  mark(): void {
    for (const stream of this.#all) stream.mark();
  }

  /** Takes back all that was written since `mark`. */
  rollBack(): void {
    for (const stream of this.#all) stream.rollBack();
  }

  clear(): void {
    for (const stream of this.#all) stream.clear();
  }

  data() {
    return {
      rows: this.rows.data(),
      links: this.links.data(),
      changes: this.changes.data(),
      leftovers: this.leftovers.data(),
      rejects: this.rejects.data(),
      ids: this.ids.data(),
      lookups: this.lookups.data(),
    };
  }
}
