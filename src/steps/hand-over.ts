/** Step "hand over": NextCRM's own migrations go on from `0_init`, and the volume holds what to run after the first upgrade. */
import { afterUpgradeFile, afterUpgradeSql } from '../archive/after-upgrade.ts';
import { handOver as handOverHistory } from '../prisma/history.ts';
import type { Session } from '../target/session.ts';
import type { Volume } from '../volume/volume.ts';

export async function handOver(session: Session, volume: Pick<Volume, 'writeAtomically'>): Promise<void> {
  await volume.writeAtomically(afterUpgradeFile, afterUpgradeSql);
  await handOverHistory((text) => session.query(text));
}
