/**
 * The source as the rest of the program sees it: collections of raw BSON documents, read once in a stable order,
 * from a live server or from a dump on disk.
 */
import type { Documents, RawDocument } from './documents.ts';

export type { RawDocument } from './documents.ts';

export interface OpenOptions {
  /** Aborting it ends whatever is under way with the signal's reason. */
  readonly signal: AbortSignal;
  /** Takes a line for the person. */
  readonly note?: (line: string) => void;
}

export interface Source extends AsyncDisposable {
  readonly kind: 'server' | 'dump';
  /** The name of the source's database. */
  readonly database: string;
  /** For people and the report: the kind, the host or folder, the server's version. Never a secret. */
  readonly description: string;
  readonly version: string | null;

  /** What the folder of a dump contains beside what is read; none of a server. */
  readonly unread: readonly UnreadEntry[];

  collections(): Promise<readonly SourceCollection[]>;

  /** Whether the collection has not a single document; one that is damaged is not empty. */
  isEmpty(collection: string): Promise<boolean>;

  /**
   * Streams the documents of a collection after `position` (null: from the start), in ascending `_id` order of a
   * server or in the file's own order. A batch is bounded in documents and bytes (at least one document; none only
   * where damage is all that there is to tell).
   */
  read(collection: string, position: string | null, limits: BatchLimits): AsyncIterable<SourceBatch>;

  /** Streams the documents of a collection whose source id is among `sourceIds`: as often as the source has them, those of one id in its order. */
  find(collection: string, sourceIds: ReadonlySet<string>): AsyncIterable<RawDocument>;

  /** For the proof, whose count must not depend on `read`. */
  countApart(collection: string): Promise<CountApart>;
}

/** The server's exact count, or the file whose documents the proof counts by itself (null: the file is missing). */
export type CountApart =
  | { readonly kind: 'documents'; readonly documents: number }
  | { readonly kind: 'file'; readonly path: string | null };

/** A file, or something else, in the folder of a dump that is not read. */
export interface UnreadEntry {
  /** Relative to the folder that was named. */
  readonly file: string;
  readonly name: string;
  /** As in "FILE is …". */
  readonly what: string;
  /** What to do with it, with the command. */
  readonly next: string;
  readonly mayContain: 'the collection of its name' | 'any collection' | 'nothing';
}

export interface SourceCollection {
  readonly name: string;
  /** Only `collection` is copied; views (time series among them) and system collections are named in the report. */
  readonly type: 'collection' | 'view' | 'system';
  /** The server's or the dump's UUID of the collection, 32 hex digits, where it is known. */
  readonly uuid: string | null;
  /** Number of documents, as far as it can be known cheaply (a dump: null). */
  readonly documents: number | null;
  /** Size in bytes of the documents, as far as it can be known cheaply. */
  readonly bytes: number | null;
}

export interface BatchLimits {
  readonly documentsMax: number;
  readonly bytesMax: number;
}

export interface SourceBatch {
  readonly documents: Documents;
  /** The collection that they come from, where an older release named it otherwise. */
  readonly formerName?: string;
  /** Opaque: where to continue after this batch. */
  readonly position: string;
  /** Bytes of the source consumed so far, from the collection's start, for progress (null where unknown). */
  readonly bytesRead: number;
  /** Where document `index` of this batch stands, for a document whose BSON turns out to be malformed. */
  place(index: number): { readonly file: string; readonly offset: number };
  /** What could not be read at this place, in a damaged dump. */
  readonly damage: readonly Damage[];
  /**
   * Says that nobody looks at the documents any more: their memory may take other ones, which costs less than new memory. Nobody has to
   * say it; of what is not released, memory is free once it cannot be reached.
   */
  release(): void;
}

/** A stretch of a dump that cannot be read: `SOURCE_DAMAGED`. */
export interface Damage {
  /** The file, relative to the dump folder. */
  readonly file: string;
  /** In bytes of the uncompressed file. */
  readonly offset: number;
  readonly reason: string;
}
