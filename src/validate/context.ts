/** What the parts of one validation share. */
import type { Catalog } from '../catalog/index.ts';
import type { Progress } from '../progress/progress.ts';
import type { CorrectionCounts } from './corrections/corrections.ts';
import type { ProvedSource } from './former-names.ts';
import type { Findings } from './found.ts';
import type { LedgerCounts } from './ledger/ledger.ts';
import type { Merges } from './references/merged.ts';
import type { Relations } from './relations.ts';
import type { TargetReader } from './target-reader.ts';

export interface Context {
  readonly catalog: Catalog;
  readonly source: ProvedSource;
  readonly target: TargetReader;
  readonly relations: Relations;
  readonly merges: Merges;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly findings: Findings;
  readonly ledgerCounts: LedgerCounts;
  readonly corrections: CorrectionCounts;
  /** Milliseconds since 1970: the creation time of documents that carry none. */
  readonly startedAtMs: bigint;
  /** When the migration ended; null while it runs. */
  readonly finishedAt: Date | null;
  /** A later release of NextCRM has applied its migrations: people work with it, and its structure is its own. */
  readonly upgraded: boolean;
}

/** Bounded so that a batch of both sides and its ledger stay far below 100 MB. */
export const batchLimits = { documentsMax: 1000, bytesMax: 1024 * 1024 } as const;
