/** What the load works with. */
import type { Catalog } from '../../catalog/index.ts';
import type { Progress } from '../../progress/progress.ts';
import type { Source } from '../../source/source.ts';
import type { CollectionProgress } from '../../state/progress-rows.ts';
import type { Run } from '../../state/run.ts';
import type { Session } from '../../target/session.ts';

export interface LoadJob {
  readonly session: Session;
  readonly catalog: Catalog;
  readonly source: Source;
  readonly run: Run;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Called after each commit, for `checkpoint.json`. */
  readonly committed: (progress: CollectionProgress) => void;
}
