/** Event triggers run at every statement that creates or drops something, and may refuse it. */
import { stateSchema } from '../../schema-name.ts';
import { quoted } from '../quoted.ts';
import { met, type Requirement } from './requirement.ts';
import { isRefused } from './vector.ts';

/** Of each kind that the migration does: it creates, changes with a rewrite, and drops. */
const trial = `
  create schema ${stateSchema}_trial;
  create type public.${stateSchema}_trial as enum ('a');
  create table public.${stateSchema}_trial_table (id uuid primary key, n integer, e public.${stateSchema}_trial);
  create index ${stateSchema}_trial_index on public.${stateSchema}_trial_table (n);
  alter table public.${stateSchema}_trial_table alter column n type bigint;
  create function ${stateSchema}_trial.f() returns integer language sql as 'select 1';
  create table ${stateSchema}_trial.t as select 1 as n;
  drop index public.${stateSchema}_trial_index;
  drop schema ${stateSchema}_trial cascade`;

export const eventTriggers: Requirement = async (session) => {
  const rows = await session.query<{ name: string; mayCreate: boolean }>(
    `select evtname::text as name, has_database_privilege(current_database(), 'CREATE')
       and coalesce((select has_schema_privilege(oid, 'CREATE') from pg_namespace where nspname = 'public'), false) as "mayCreate"
     from pg_event_trigger where evtenabled in ('O', 'A') order by 1`,
  );
  // Without these rights, which are another requirement, it says nothing of triggers.
  if (rows.length === 0 || rows.some(({ mayCreate }) => !mayCreate)) return met;
  const refused = await isRefused(session, trial);
  if (refused === null) return met;
  const names = rows.map(({ name }) => name);
  return [
    {
      code: 'TARGET_EVENT_TRIGGER',
      what: `An event trigger of ${session.description} refuses what the migration does (SQLSTATE ${refused}); enabled are: ${names.join(', ')}.`,
      next: `Have the administrator disable it for the migration, and enable it again afterwards (ALTER EVENT TRIGGER … ENABLE): ${names.map((name) => `ALTER EVENT TRIGGER ${quoted(name)} DISABLE;`).join(' ')}`,
    },
  ];
};
