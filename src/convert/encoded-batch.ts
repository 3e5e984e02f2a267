/** One table's part of a batch, ready for `COPY … (FORMAT binary)`: the tuples only, without the header and the trailer. */
export interface CopyData {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/** What a batch of documents becomes, one COPY stream a table; empty ones have `rows` 0. */
export interface EncodedBatch {
  /** The collection's own table: `id`, then the columns of the spec in their order. */
  readonly rows: CopyData;
  /** nextcrm_migration.link (collection, field, id, partner, original). */
  readonly links: CopyData;
  /** nextcrm_migration.change (collection, source_id, field, code, original). */
  readonly changes: CopyData;
  /** nextcrm_migration.leftover (collection, source_id, field, value). */
  readonly leftovers: CopyData;
  /** nextcrm_migration.reject (collection, source_id, code, field, document, bson, reason, correction). */
  readonly rejects: CopyData;
  /** nextcrm_migration.id_map (collection, source_id, id): only documents whose `_id` is no ObjectId. */
  readonly ids: CopyData;
  /** nextcrm_migration.lookup (collection, id, field, original, taken, hashed): references given as strings or numbers. */
  readonly lookups: CopyData;
  /** Documents whose BSON cannot be walked, by their index in the batch. They are in none of the streams. */
  readonly malformed: readonly { readonly index: number; readonly reason: string }[];
  /**
   * Documents that are kept: as a row, or, of an unknown collection, as a leftover.
   * documents = loaded + rejects.rows + malformed.length.
   */
  readonly loaded: number;
  /** Fields present in the loaded documents, `_id` included; a document of an unknown collection, which is one leftover, counts as one. */
  readonly fields: number;
}
