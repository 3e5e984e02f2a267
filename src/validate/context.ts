/** What the parts of one validation share. */
import type { Progress } from '../progress/progress.ts';
import type { Source } from '../source/source.ts';
import type { Findings } from './findings.ts';
import type { Later } from './later-work.ts';
import type { LedgerCounts } from './ledger.ts';
import type { Relations } from './relations.ts';
import type { TargetReader } from './target-reader.ts';

export interface Context {
  readonly source: Source;
  readonly target: TargetReader;
  readonly relations: Relations;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly findings: Findings;
  readonly ledgerCounts: LedgerCounts;
  /** Milliseconds since 1970: the creation time of documents that carry none. */
  readonly startedAtMs: bigint;
  /** What is known of the time since the migration ended; null while it is under way. */
  readonly later: Later | null;
}

/** Bounded so that a batch of both sides and its ledger stay far below 100 MB. */
export const batchLimits = { documentsMax: 1000, bytesMax: 1024 * 1024 } as const;
