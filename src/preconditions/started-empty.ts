/** The commonest mistake: NextCRM was started once before the migration, and has created and filled the target by itself. */
import type { Catalog } from '../catalog/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import { readHistory } from '../prisma/history.ts';
import type { Releases } from '../releases/subject.ts';
import { quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

/** More would not be read. */
const shownMax = 8;

/** Before the first write. */
export async function checkNotStarted(session: Session, { migrations, releases }: Catalog): Promise<void> {
  if (!(await hasPrismaRecord(session))) return;
  const { foreign, handedOver } = await readHistory(session, migrations);
  if (foreign.length === 0 || !handedOver) return;
  const [row] = await session.query<{ database: string }>('select current_database() as database');
  const entered = await rowsBeyondSeed(session, releases);
  const found =
    entered.length === 0
      ? 'It contains nothing but what that first start puts into it.'
      : `Beyond what that first start puts into it, it contains: ${listed(entered)}.`;
  const warning = entered.length === 0 ? '' : 'Make a backup first if you need what was entered in it. ';
  throw new Failure({
    code: 'TARGET_UPGRADED',
    exit: exitCodes.target,
    what: `NextCRM was started on the database ${session.description} before the migration, and has created its tables (${foreign.length} migrations after ${migrations.ours[0]?.name}). ${found} Nothing was changed.`,
    next: `${warning}Start with an empty database, with NextCRM stopped. With NextCRM's own compose file, in its checkout:

  docker compose down
  docker volume ls --quiet --filter name=postgres_data     (shows the name of the volume, mostly FOLDER_postgres_data)
  docker volume rm FOLDER_postgres_data

On another server, connected to another database:

  DROP DATABASE ${quoted(row?.database ?? '')} WITH (FORCE);
  CREATE DATABASE ${quoted(row?.database ?? '')};

Then start the migration again, before NextCRM.`,
  });
}

/** Another program may have a table of this name. Without the privilege to read it, that is what is reported later. */
async function hasPrismaRecord(session: Session): Promise<boolean> {
  const [row] = await session.query<{ n: string }>(
    `select count(*) as n from pg_attribute
     where attrelid = (select oid from pg_class where relname = '_prisma_migrations' and relnamespace = to_regnamespace('public')) and attname in ('checksum', 'rolled_back_at') and not attisdropped
       and has_schema_privilege(to_regnamespace('public'), 'USAGE') and has_table_privilege(attrelid, 'SELECT')`,
  );
  return row?.n === '2';
}

interface Filled {
  readonly table: string;
  readonly rows: number;
}

async function rowsBeyondSeed(session: Session, { seeded }: Releases): Promise<readonly Filled[]> {
  const tables = await session.query<{ name: string }>(
    `select c.relname::text as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations'
       and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     order by 1`,
  );
  const filled: Filled[] = [];
  for (const { name } of tables) {
    const expected = name in seeded ? seeded[name] : 0;
    if (expected === null || expected === undefined) continue;
    const [row] = await session.query<{ n: string }>(`select count(*) as n from public.${quoted(name)}`);
    const rows = Number(row?.n ?? 0);
    if (rows > expected) filled.push({ table: name, rows });
  }
  return filled;
}

function listed(filled: readonly Filled[]): string {
  const some = filled.slice(0, shownMax).map(({ table, rows }) => `${table} (${rows} ${rows === 1 ? 'row' : 'rows'})`);
  return [...some, ...(filled.length > shownMax ? [`${filled.length - shownMax} more tables`] : [])].join(', ');
}
