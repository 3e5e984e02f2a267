/** A finished migration that is started again: the files on the volume say what the database says. */
import { afterUpgradeFile, afterUpgradeSql } from '../archive/after-upgrade.ts';
import { readProgress } from '../state/progress-rows.ts';
import type { Run } from '../state/run.ts';
import type { Session } from '../target/session.ts';
import type { Volume } from '../volume/volume.ts';
import { checkpointOf } from './checkpoint.ts';

/** Puts the run's own report back on top, where a later failure took its place, and makes the checkpoint anew. */
export async function restoreFiles(session: Session, run: Run, volume: Volume): Promise<void> {
  const top = await volume.readReport();
  const own = run.reportId === null ? null : await volume.readReport(run.reportId);
  if (own !== null && top?.state !== 'finished') await volume.putOnTop(own.id);
  const checkpoint = await volume.readCheckpoint();
  // A start that was refused after the end leaves another step in it.
  const isRight = checkpoint !== null && !('broken' in checkpoint) && checkpoint.step === 'finished';
  if (isRight && checkpoint.exitCode === run.exitCode) return;
  await volume.writeAtomically(afterUpgradeFile, afterUpgradeSql);
  const rows = await readProgress(session);
  const { exitCode, reportId } = run;
  await volume.writeCheckpoint(checkpointOf(run, { target: session.description, step: 'finished', rows, exitCode, reportId }));
}
