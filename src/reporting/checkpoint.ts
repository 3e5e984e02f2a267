/** What the volume's checkpoint says of a run: the same while it is under way and when it is put in order afterwards. */
import type { CollectionProgress } from '../state/progress-rows.ts';
import type { Run } from '../state/run.ts';
import type { Checkpoint } from '../volume/volume.ts';

export interface Standing {
  /** Its description. */
  readonly target: string;
  readonly step: Checkpoint['step'];
  readonly rows: Iterable<CollectionProgress>;
  readonly exitCode: number | null;
  readonly reportId: string | null;
}

export function checkpointOf(run: Run, { target, step, rows, exitCode, reportId }: Standing): Checkpoint {
  return {
    version: 1,
    runId: run.id,
    source: { kind: run.sourceKind, database: run.sourceDatabase, description: run.sourceDescription },
    target: { description: target },
    step,
    writtenAt: new Date().toISOString(),
    collections: Object.fromEntries(
      Iterator.from(rows).map(({ collection, batch, read, done }) => [collection, { batch, read, done }]),
    ),
    exitCode,
    reportId,
  };
}
