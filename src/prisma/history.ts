/** Prisma's record of our migrations in the target: what it holds, its repair after a kill, and its hand-over to the app. */
import type { Migrations } from '../catalog/index.ts';
import { invariant } from '../failure.ts';
import { stateSchema } from '../schema-name.ts';
import type { Session } from '../target/session.ts';

/** Of the migrations of this program, in the order in which Prisma applies them. */
export const migrationNamesOf = ({ ours }: Migrations): readonly string[] => ours.map(({ name }) => name);

export interface History {
  /** Those of ours that are finished. */
  readonly applied: readonly string[];
  /** Those that are not ours, finished or begun: a later release of the app has upgraded the target, or stopped in the middle of it. */
  readonly foreign: readonly string[];
  /** Of those that are not ours: begun and not finished. */
  readonly unfinished: readonly string[];
  /** The first of ours has the app's checksum: this target belongs to the app now. */
  readonly handedOver: boolean;
}

export async function readHistory(session: Pick<Session, 'query'>, migrations: Migrations): Promise<History> {
  const migrationNames = migrationNamesOf(migrations);
  const [table] = await session.query(`select to_regclass('public._prisma_migrations') is not null as there`);
  if (table?.['there'] !== true) return { applied: [], foreign: [], unfinished: [], handedOver: false };
  const rows = await session.query(`
    select migration_name as name, checksum, finished_at is not null as finished from public._prisma_migrations
    where rolled_back_at is null order by migration_name collate "C"`);
  const nameOf = (row: (typeof rows)[number]) => String(row['name']);
  const finished = rows.filter((row) => row['finished'] === true);
  const names = finished.map(nameOf);
  return {
    applied: migrationNames.filter((name) => names.includes(name)),
    foreign: [...new Set(rows.map(nameOf))].filter((name) => !migrationNames.includes(name)),
    unfinished: rows
      .filter((row) => row['finished'] !== true)
      .map(nameOf)
      .filter((name) => !migrationNames.includes(name)),
    handedOver: finished.some((row) => row['name'] === migrationNames[0] && row['checksum'] === migrations.appInitChecksum),
  };
}

/**
 * After a kill between a migration's commit and Prisma's mark, `deploy` would refuse to continue: what is there is marked as
 * finished, what is not there is forgotten and applied again. Waits for a CLI that is still at work. One transaction.
 */
export async function repairHistory(session: Pick<Session, 'query'>, migrations: Migrations): Promise<void> {
  const probed = migrations.ours.map(({ name, probe }) => `('${name}', ${probe})`).join(',\n    ');
  const unfinished = 'm.finished_at is null and m.rolled_back_at is null';
  await session.query(`
do $$ begin
  ${prismaLock}
  if to_regclass('public._prisma_migrations') is null then return; end if;
  delete from public._prisma_migrations m using (values
    ${probed}) as probed (name, there)
  where m.migration_name = probed.name and ${unfinished} and (not probed.there or exists (
    select from public._prisma_migrations o
    where o.migration_name = m.migration_name and o.finished_at is not null and o.rolled_back_at is null));
  update public._prisma_migrations m set finished_at = now(), applied_steps_count = 1, logs = null
  where m.migration_name in (${quotedNames(migrations)}) and ${unfinished};
end $$`);
}

/**
 * The app's releases continue from the first of ours alone, with the app's checksum; the record of what we did is kept in
 * `nextcrm_migration.prisma_migrations`. One transaction; a second call changes nothing.
 */
export async function handOver(session: Pick<Session, 'query'>, migrations: Migrations): Promise<void> {
  const { applied, handedOver } = await readHistory(session, migrations);
  // A target that had the app's own first migration from the beginning has its checksum from the beginning.
  if (handedOver && applied.length === 1) return;
  const [init] = migrations.ours;
  invariant(
    init !== undefined && applied.length === migrations.ours.length,
    'The history is handed over when every migration of ours is applied',
  );
  const columns = 'id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count';
  const ours = `migration_name in (${quotedNames(migrations)})`;
  await session.query(`
do $$ begin
  ${prismaLock}
  insert into ${stateSchema}.prisma_migrations (${columns})
  select ${columns} from public._prisma_migrations where ${ours} and checksum <> '${migrations.appInitChecksum}'
  on conflict (id) do nothing;
  delete from public._prisma_migrations
  where ${ours} and (migration_name <> '${init.name}' or finished_at is null or rolled_back_at is not null);
  update public._prisma_migrations set checksum = '${migrations.appInitChecksum}' where migration_name = '${init.name}';
end $$`);
}

/** The lock that every Prisma CLI holds while it changes a database. */
const prismaLock = 'perform pg_advisory_xact_lock(72707369);';

function quotedNames(migrations: Migrations): string {
  return migrationNamesOf(migrations)
    .map((name) => `'${name}'`)
    .join(', ');
}
