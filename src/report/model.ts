/** What a report says, as `report.json` holds it and as the page and the text are rendered from. Never a value of a document. */
import type { Dangling, Finding, Layer, LayerResult, Verdict } from '../findings/finding.ts';
import type { TableKeys } from '../target/key-counts.ts';
import type { InNextCrm } from './nextcrm.ts';

/** A finding as the report tells it. */
export interface ReportedFinding extends Finding {
  /** SQL that shows the rows, for psql; null where there are none to show. */
  readonly query: string | null;
  /** SQL that corrects the rejected documents, with `…` where a person writes the value; null where there is nothing to correct. */
  readonly correction: string | null;
  /** The same for mongosh, where the source is a server. */
  readonly mongosh: string | null;
}

export interface CollectionBalance {
  /** False for a collection that the catalog does not know: its documents are kept as leftovers. */
  readonly known: boolean;
  /** Of a collection that an older release named otherwise: the present name, under which its documents are loaded where their `_id` is free. */
  readonly presentName: string | null;
  readonly read: number;
  /** Of those read: documents that were loaded, or rejected, under the present name, and count there too. */
  readonly taken: number;
  readonly loaded: number;
  readonly rejected: number;
  /** Rows of nextcrm_migration.change. */
  readonly changed: number;
  /** Rows of nextcrm_migration.leftover. */
  readonly leftover: number;
  /** Of these, what no release needs any more: obsolete fields and collections. */
  readonly obsolete: number;
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
  /** Of this run: one that continues from another has fewer. */
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
  /** Where each kind of value is in the newest release; null before the migration is finished. */
  readonly nextcrm: InNextCrm | null;
  /** Why it stopped, where state is 'failed' or 'interrupted'. */
  readonly failure: { readonly code: string; readonly what: string; readonly next: string } | null;
  /** Notes for the person that are no findings (unknown collections, say). */
  readonly notes: readonly { readonly code: string; readonly what: string }[];
}
