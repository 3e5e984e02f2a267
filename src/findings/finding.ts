/** What a run found, as data: the types that validation, the state in the target and the report share. Never a value of a document. */

export type Layer = 'counts' | 'records' | 'references' | 'types';

/** A finding names this many of its source ids at most; all of them are in `rejects.jsonl`, or a query away. */
export const sourceIdsMax = 20;

/** A source id may be a whole compound `_id`: a finding of the proof names so much of it. */
export const sourceIdLengthMax = 200;

export interface Finding {
  /** Stable, a heading in docs/errors.md. */
  readonly code: string;
  /** The layer of validation that found it; 'load' for rejected documents, and for what of the source is damaged or was not loaded. */
  readonly layer: Layer | 'load';
  readonly collection: string | null;
  readonly field: string | null;
  readonly count: number;
  /** Up to `sourceIdsMax`. */
  readonly sourceIds: readonly string[];
  /** Order-free, of all of them: 16 hex digits. Of what was found, where a finding is about no documents. */
  readonly idsHash?: string;
  /** One sentence for a person. */
  readonly what: string;
  readonly next: string;
}

export interface LayerResult {
  readonly status: 'passed' | 'failed' | 'not run';
  /** How many things were compared: tables, documents, references, catalog facts. */
  readonly compared: number;
}

export type Verdict = 'success' | 'findings' | 'accepted';

/** References to documents that have no row. */
export interface Dangling {
  /** By the proof: references of the source whose document the source does not have. Null before it. */
  readonly inSource: number | null;
  /** By the proof: references whose document is among the rejected ones. */
  readonly toRejected: number | null;
  /** What was done about them: the column emptied, the link left out, the document rejected. */
  readonly fields: readonly {
    readonly collection: string;
    readonly field: string;
    readonly code: string;
    readonly count: number;
  }[];
}
