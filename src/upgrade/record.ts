/** `_prisma_migrations` as the app's migrations after its first stand in it: what is applied, and what was begun. */
import type { Migrations } from '../catalog/index.ts';
import { migrationNamesOf } from '../prisma/history.ts';
import type { Session } from '../target/session.ts';

export interface AppRecord {
  readonly applied: ReadonlySet<string>;
  /** Begun by the app's own `prisma migrate deploy`, and neither finished nor rolled back. */
  readonly unfinished: ReadonlySet<string>;
}

export async function readAppRecord(session: Session, migrations: Migrations): Promise<AppRecord> {
  const [table] = await session.query<{ found: boolean }>(`select to_regclass('public._prisma_migrations') is not null as found`);
  if (table?.found !== true) return { applied: new Set(), unfinished: new Set() };
  const rows = await session.query<{ name: string; finished: boolean }>(
    `select migration_name as name, bool_or(finished_at is not null) as finished from public._prisma_migrations
     where rolled_back_at is null group by 1`,
  );
  const ours = migrationNamesOf(migrations);
  const app = rows.filter(({ name }) => !ours.includes(name));
  const names = (finished: boolean) => new Set(app.filter((row) => row.finished === finished).map(({ name }) => name));
  return { applied: names(true), unfinished: names(false) };
}
