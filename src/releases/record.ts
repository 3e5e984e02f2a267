/** Runs the statements of the subjects; every value that one changes is recorded in the same statement. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../catalog/index.ts';
import { recordChanged } from '../ledger/record.ts';
import { root } from '../program-files.ts';
import { stateSchema } from '../schema-name.ts';
import { literal } from '../target/quoted.ts';
import type { Session } from '../target/session.ts';
import { ofEarlierVersion, sinceVersion } from './sql.ts';
import type { Condition, Statement } from './subject.ts';

/** 'migration': as conversions, with a code and the original. 'later': in `nextcrm_migration.restored`. */
export type Ledger = 'migration' | 'later';

export async function run(session: Session, statements: readonly Statement[], subject: string, ledger: Ledger): Promise<void> {
  for (const statement of statements) {
    if (statement.when !== undefined && !(await holds(session, statement.when))) continue;
    if ('script' in statement) await session.script(statement.script);
    else
      await session.script(
        `with ${statement.sql} ${ledger === 'later' ? asRestored(subject) : `, ${recordChanged(statement.code ?? '')}`}`,
      );
  }
}

export async function holds(session: Pick<Session, 'query'>, condition: Condition): Promise<boolean> {
  const [row] = await session.query<{ holds: boolean }>(`select (${condition}) as holds`);
  return row?.holds === true;
}

/** Of many conditions at once: one round trip, in their order. */
export async function holding(session: Pick<Session, 'query'>, conditions: readonly Condition[]): Promise<readonly boolean[]> {
  if (conditions.length === 0) return [];
  const [row] = await session.query(
    `select ${conditions.map((condition, index) => `(${condition}) is true as c${index}`).join(',\n ')}`,
  );
  return conditions.map((_, index) => row?.[`c${index}`] === true);
}

const asRestored = (subject: string): string => `
  insert into ${stateSchema}.restored (subject, table_name, row_id, column_name, former)
  select ${literal(subject)}, table_name, row_id, column_name, former from changed`;

/**
 * A target that version 0.1.0 has finished has neither the tables of the ledger nor those of the lookup values. Inside the caller's
 * transaction.
 */
export async function makeMissingTables(session: Session, { lookupTables }: Catalog): Promise<void> {
  if (!(await hasLedger(session)))
    await session.script(`
      create table ${stateSchema}.restored (
        subject text not null, table_name text not null, row_id text not null, column_name text, former text);
      create index restored_value on ${stateSchema}.restored (table_name, column_name, row_id);
      create table ${stateSchema}.restored_subject (
        subject text primary key, restored_at timestamptz(3) not null default now(), proved_at timestamptz(3));
      comment on table ${stateSchema}.restored is ${literal(sinceVersion)}`);
  if (lookupTables.length === 0) return;
  const [row] = await session.query<{ there: string }>(
    `select count(*) as there from pg_class where relnamespace = 'public'::regnamespace and relname in (${lookupTables.map(literal).join(', ')})`,
  );
  if (Number(row?.there) === lookupTables.length) return;
  await session.script(await readFile(join(root, 'prisma/migrations/6_lookup_tables/migration.sql'), 'utf8'));
}

/** Whether the target has the tables for what is restored. */
export async function hasLedger(session: Pick<Session, 'query'>): Promise<boolean> {
  return await holds(session, `to_regclass('${stateSchema}.restored_subject') is not null`);
}

/** An earlier version has finished the target: its archive may be all that is left of a value that was changed by hand for an upgrade. */
export async function isOfEarlierVersion(session: Pick<Session, 'query'>): Promise<boolean> {
  return await holds(session, ofEarlierVersion);
}
