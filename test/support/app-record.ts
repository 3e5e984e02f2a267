/** The record of Prisma's migrations as a run hands it over, for databases that no run has made. */
import { nextcrm } from '../../src/catalog/nextcrm.ts';
import type { Session } from '../../src/target/session.ts';
import { makeTables } from './prisma.ts';

/** The tables of the last step before NextCRM's own migrations, with `0_init` as applied. */
export async function makeHandedOver(session: Session): Promise<void> {
  await makeTables(session);
  await session.script(`create table public._prisma_migrations (
      id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
      logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
  await session.execute(
    `insert into public._prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
     values (gen_random_uuid()::text, $1, now(), '0_init', 1)`,
    [nextcrm.migrations.appInitChecksum],
  );
}
