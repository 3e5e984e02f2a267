/** Step "hand over": NextCRM's own migrations continue from `0_init`. */
import type { Catalog } from '../catalog/index.ts';
import { handOver as handOverHistory } from '../prisma/history.ts';
import type { Session } from '../target/session.ts';
import { rulesOf } from '../upgrade/rules.ts';
import { takeSnapshot } from '../upgrade/snapshot.ts';
import { keyedTables } from '../upgrade/tables.ts';

export async function handOver(session: Session, catalog: Catalog): Promise<void> {
  await session.transaction(() => takeSnapshot(session, keyedTables(catalog), rulesOf(catalog.releases)));
  await handOverHistory(session, catalog.migrations);
}
