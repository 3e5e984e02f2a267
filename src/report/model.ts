/** What a report says, as `report.json` holds it and as the page and the text are drawn from. Never a value of a document. */
import type { Upgrade } from './upgrade.ts';

export type Layer = 'counts' | 'records' | 'references' | 'types';

/** A finding names this many of its source ids at most; all of them are in `rejects.jsonl`, or a query away. */
export const sourceIdsMax = 20;

export interface Finding {
  /** Stable, a heading in docs/errors.md. */
  readonly code: string;
  /** The layer of validation that found it; 'load' for rejected documents and a damaged source. */
  readonly layer: Layer | 'load';
  readonly collection: string | null;
  readonly field: string | null;
  readonly count: number;
  /** Up to `sourceIdsMax`. */
  readonly sourceIds: readonly string[];
  /** Order-free, of all of them: 16 hex digits. Absent where a finding is about no documents. */
  readonly idsHash?: string;
  /** One sentence for a person. */
  readonly what: string;
  readonly next: string;
}

/** A finding as the report tells it. */
export interface ReportedFinding extends Finding {
  /** SQL that shows the rows, for psql; null where there are none to show. */
  readonly query: string | null;
}

export interface LayerResult {
  readonly status: 'passed' | 'failed' | 'not run';
  /** How many things were compared: tables, documents, references, catalog facts. */
  readonly compared: number;
}

export interface CollectionBalance {
  /** False for a collection that the catalog does not know: its documents are kept as leftovers. */
  readonly known: boolean;
  readonly read: number;
  readonly loaded: number;
  readonly rejected: number;
  /** Rows of nextcrm_migration.change. */
  readonly changed: number;
  /** Rows of nextcrm_migration.leftover. */
  readonly leftover: number;
  /** Pairs of the junction tables that this collection is the left side of. */
  readonly links: number;
  readonly seconds: number;
  readonly bytes: number;
  /** In the loaded documents; fields = carried + changed + leftover, each field counted once. */
  readonly fields: { readonly total: number; readonly carried: number; readonly changed: number; readonly leftover: number };
  /** Count of changes by code. */
  readonly changes: { readonly [code: string]: number };
  /** Count of rejected documents by code. */
  readonly rejects: { readonly [code: string]: number };
  /** Order-free hash of the collection's raw documents, 32 hex digits. */
  readonly contentHash: string;
}

type ReportState = 'running' | 'finished' | 'interrupted' | 'failed';
type Verdict = 'success' | 'findings' | 'accepted';

export interface StepResult {
  readonly name: string;
  readonly title: string;
  readonly state: 'done' | 'under way' | 'stopped' | 'to come';
  /** Of a step that is under way: until the report was written. */
  readonly seconds: number;
}

/** What the step under way works on. */
export interface StepProgress {
  /** A collection, mostly. */
  readonly name: string;
  /** What `done` and `total` count, in the plural; null where that is named nowhere. */
  readonly unit: string | null;
  readonly done: number;
  readonly total: number | null;
  /** Of `name`, 0 to 1. */
  readonly fraction: number | null;
}

/** How a step that works on documents went on: at so many seconds of the run, so many documents of the step were done. */
export interface Throughput {
  readonly step: string;
  readonly samples: readonly { readonly seconds: number; readonly documents: number }[];
}

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

/** Counted in the catalog of the server. */
export interface TableKeys {
  /** With those of primary keys and unique values. */
  readonly indexes: number;
  readonly validIndexes: number;
  readonly foreignKeys: number;
  readonly validatedForeignKeys: number;
}

export interface Report {
  readonly version: 1;
  readonly id: string;
  readonly command: 'migrate' | 'verify';
  readonly state: ReportState;
  readonly verdict: Verdict | null;
  readonly exitCode: number | null;
  readonly writtenAt: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly runId: string | null;
  readonly versions: { readonly [name: string]: string };
  /** Without secrets. */
  readonly source: string;
  readonly target: string;
  /** The step under way, where the run is not finished. */
  readonly step: string | null;
  readonly progress: StepProgress | null;
  /** Of this run: one that goes on from another has fewer. */
  readonly steps: readonly StepResult[];
  readonly throughput: readonly Throughput[];
  readonly findings: readonly ReportedFinding[];
  readonly layers: { readonly [L in Layer]: LayerResult };
  readonly collections: { readonly [name: string]: CollectionBalance };
  readonly junctions: { readonly [table: string]: { readonly pairs: number; readonly dangling: number } };
  readonly dangling: Dangling;
  /** By table, junctions too. */
  readonly keys: { readonly [table: string]: TableKeys };
  /** Collections of the catalog that the source does not have. */
  readonly missingCollections: readonly string[];
  /** Views and system collections: named, not copied. */
  readonly notCopied: readonly string[];
  /** What an upgrade of NextCRM meets; null before the migration is finished. */
  readonly upgrade: Upgrade | null;
  /** Why it stopped, where state is 'failed' or 'interrupted'. */
  readonly failure: { readonly code: string; readonly what: string; readonly next: string } | null;
  /** Notes for the person that are no findings (unknown collections, say). */
  readonly notes: readonly { readonly code: string; readonly what: string }[];
}
