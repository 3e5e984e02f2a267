/** Prisma's record of our migrations in the target: what it holds, its repair after a kill, and its hand-over to the app. */
import { invariant } from '../failure.ts';
import type { Query } from '../target/catalog.ts';

interface Migration {
  readonly name: string;
  /** True in SQL when the migration's effect is in the database. Each is one transaction: the last of its effects tells. */
  readonly probe: string;
}

const migrations: readonly Migration[] = [
  { name: '0_init', probe: `to_regclass('public."ContactsToOpportunities"') is not null` },
  { name: '1_bigint_columns', probe: attribute('crm_Opportunities_Type', 'order', `a.atttypid = 'pg_catalog.int8'::regtype`) },
  { name: '2_tasks_comments_task_nullable', probe: attribute('tasksComments', 'task', 'not a.attnotnull') },
  { name: '3_vector', probe: `exists (select from pg_extension where extname = 'vector')` },
  { name: '4_filter_indexes', probe: `to_regclass('public."nextcrm_tasksComments_createdAt"') is not null` },
  { name: '5_full_text', probe: `to_regclass('public."fts_Documents"') is not null` },
];

/** In the order in which Prisma applies them. */
export const migrationNames: readonly string[] = migrations.map(({ name }) => name);

/** SHA-256 of the app's own `0_init`, which makes the same tables as ours. */
export const appInitChecksum = '0c30baa2b075fa76f0f49db0bcbd593a631f7a1f5585f7a545775bb37a2e549d';

export interface History {
  /** Those of ours that are finished. */
  readonly applied: readonly string[];
  /** Those that are not ours, finished or begun: a later release of the app has upgraded the target, or stopped in the middle of it. */
  readonly foreign: readonly string[];
  /** `0_init` has the app's checksum: this target belongs to the app now. */
  readonly handedOver: boolean;
}

export async function readHistory(query: Query): Promise<History> {
  const [table] = await query(`select to_regclass('public._prisma_migrations') is not null as there`);
  if (table?.['there'] !== true) return { applied: [], foreign: [], handedOver: false };
  const rows = await query(`
    select migration_name as name, checksum, finished_at is not null as finished from public._prisma_migrations
    where rolled_back_at is null order by migration_name collate "C"`);
  const nameOf = (row: (typeof rows)[number]) => String(row['name']);
  const finished = rows.filter((row) => row['finished'] === true);
  const names = finished.map(nameOf);
  return {
    applied: migrationNames.filter((name) => names.includes(name)),
    foreign: [...new Set(rows.map(nameOf))].filter((name) => !migrationNames.includes(name)),
    handedOver: finished.some((row) => row['name'] === '0_init' && row['checksum'] === appInitChecksum),
  };
}

/**
 * After a kill between a migration's commit and Prisma's mark, `deploy` would refuse to go on: what is there is marked as
 * finished, what is not there is forgotten and applied anew. Waits for a CLI that is still at work. One transaction.
 */
export async function repairHistory(query: Query): Promise<void> {
  const probed = migrations.map(({ name, probe }) => `('${name}', ${probe})`).join(',\n    ');
  const unfinished = 'm.finished_at is null and m.rolled_back_at is null';
  await query(`
do $$ begin
  ${prismaLock}
  if to_regclass('public._prisma_migrations') is null then return; end if;
  delete from public._prisma_migrations m using (values
    ${probed}) as probed (name, there)
  where m.migration_name = probed.name and ${unfinished} and (not probed.there or exists (
    select from public._prisma_migrations o
    where o.migration_name = m.migration_name and o.finished_at is not null and o.rolled_back_at is null));
  update public._prisma_migrations m set finished_at = now(), applied_steps_count = 1, logs = null
  where m.migration_name in (${quotedNames(migrationNames)}) and ${unfinished};
end $$`);
}

/**
 * The app's releases go on from `0_init` alone, with the app's checksum; the record of what we did is kept in
 * `nextcrm_migration.prisma_migrations`. One transaction; a second call changes nothing.
 */
export async function handOver(query: Query): Promise<void> {
  const { applied, handedOver } = await readHistory(query);
  // A target that had the app's own `0_init` from the beginning has its checksum from the beginning.
  if (handedOver && applied.length === 1) return;
  invariant(applied.length === migrationNames.length, 'The history is handed over when every migration of ours is applied');
  const columns = 'id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count';
  const ours = `migration_name in (${quotedNames(migrationNames)})`;
  await query(`
do $$ begin
  ${prismaLock}
  insert into nextcrm_migration.prisma_migrations (${columns})
  select ${columns} from public._prisma_migrations where ${ours} and checksum <> '${appInitChecksum}'
  on conflict (id) do nothing;
  delete from public._prisma_migrations
  where ${ours} and (migration_name <> '0_init' or finished_at is null or rolled_back_at is not null);
  update public._prisma_migrations set checksum = '${appInitChecksum}' where migration_name = '0_init';
end $$`);
}

/** The lock that every Prisma CLI holds while it changes a database. */
const prismaLock = 'perform pg_advisory_xact_lock(72707369);';

function attribute(table: string, column: string, condition: string): string {
  return `exists (select from pg_attribute a where a.attrelid = to_regclass('public."${table}"') and a.attname = '${column}' and ${condition})`;
}

function quotedNames(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
