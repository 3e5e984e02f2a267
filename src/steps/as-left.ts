/**
 * Whether the tables are as the migration left them. What is taken up again takes keys and indexes down and writes rows anew: on a
 * database that people have worked with since, that would overwrite what they did. See docs/decisions/retry.md.
 */
import { mendableColumns } from '../archive/upgrade-rules.ts';
import { tableNames } from '../catalog/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import { hasRejects } from '../state/load-findings.ts';
import type { Run } from '../state/run.ts';
import { literal, quoted } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';

/** Inside the caller's transaction. Nothing is taken up again where nothing was rejected: then there is nothing to compare with. */
export async function recordAsLeft(session: Session): Promise<void> {
  await session.script('truncate nextcrm_migration.as_left');
  if (!(await hasRejects(session))) return;
  for (const table of tableNames) {
    await session.execute('insert into nextcrm_migration.as_left (table_name, digest) values ($1, $2)', [
      table,
      await digestOf(session, table),
    ]);
  }
}

/** Inside the caller's transaction, until whose end nobody else writes to the tables. */
export async function checkAsLeft(session: Session, { reportId }: Pick<Run, 'reportId'>): Promise<void> {
  await session.script(`lock table ${tableNames.map((table) => `public.${quoted(table)}`).join(', ')} in share mode`);
  const rows = await session.query<{ table_name: string; digest: string }>(
    'select table_name, digest from nextcrm_migration.as_left order by table_name collate "C"',
  );
  const changed: string[] = [];
  for (const { table_name, digest } of rows) if ((await digestOf(session, table_name)) !== digest) changed.push(table_name);
  if (changed.length === 0) return;
  throw new Failure({
    code: 'TARGET_CHANGED',
    exit: exitCodes.target,
    what: `Somebody has worked with the database ${session.description} since the migration ended (${changed.join(', ')}). To take the rejected documents up again would overwrite that, so nothing was changed.`,
    next: `Take the findings as they are (accept ${reportId ?? 'ID'}) and enter in NextCRM what was rejected: the documents are in nextcrm_migration.reject. Or, where nothing that was entered since is worth keeping, start over with an empty database and volume.`,
  });
}

/** Of every value but those that the report's own SQL may have mended. */
async function digestOf(session: Session, table: string): Promise<string> {
  const spared = mendableColumns(table).map(literal);
  const [columns] = await session.query<{ list: string | null }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as list from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped
       ${spared.length === 0 ? '' : `and attname not in (${spared.join(', ')})`}`,
    [`public.${quoted(table)}`],
  );
  const [row] = await session.query<{ digest: string }>(
    `select count(*) || ' ' || coalesce(sum(hashtextextended(row(${columns?.list ?? ''})::text, 0)::numeric), 0) as digest
     from public.${quoted(table)}`,
  );
  return row?.digest ?? '';
}
