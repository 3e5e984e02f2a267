/** Event triggers run at every statement that creates or drops something, and may refuse it or add something of their own. */
import { stateSchema } from '../../schema-name.ts';
import { isRaised } from '../errors.ts';
import { quoted } from '../quoted.ts';
import type { Session } from '../session.ts';
import { met, type Requirement } from './requirement.ts';
import { refusalOf } from './trial.ts';

/** Of each kind that the migration does: it creates, … */
const creating = `
  create schema ${stateSchema}_trial;
  create type public.${stateSchema}_trial as enum ('a');
  create table public.${stateSchema}_trial_table (id uuid constraint ${stateSchema}_trial_key primary key, n integer, e public.${stateSchema}_trial);
  create index ${stateSchema}_trial_index on public.${stateSchema}_trial_table (n);
  alter table public.${stateSchema}_trial_table add constraint ${stateSchema}_trial_reference
    foreign key (id) references public.${stateSchema}_trial_table (id)`;

/** … writes, changes with a rewrite, and drops. */
const changing = `
  insert into public.${stateSchema}_trial_table (id) values (gen_random_uuid());
  alter table public.${stateSchema}_trial_table alter column n type bigint;
  create function ${stateSchema}_trial.f() returns integer language sql as 'select 1';
  create table ${stateSchema}_trial.t as select 1 as n;
  alter table public.${stateSchema}_trial_table drop constraint ${stateSchema}_trial_reference, drop constraint ${stateSchema}_trial_key;
  drop index public.${stateSchema}_trial_index;
  drop schema ${stateSchema}_trial cascade`;

/** What `creating` has not: the table would differ from the one that the migrations create. */
const added = `
  select (select count(*) from pg_attribute where attrelid = t.oid and attnum > 0) <> 3
    or (select count(*) from pg_index where indrelid = t.oid) <> 2
    or (select count(*) from pg_constraint where conrelid = t.oid and contype <> 'n') <> 2
    or exists (select from pg_trigger where tgrelid = t.oid and not tgisinternal) as added
  from pg_class t where t.oid = 'public.${stateSchema}_trial_table'::regclass`;

export const eventTriggers: Requirement = async (session, own) => {
  const names = await enabledEventTriggers(session);
  if (names.length === 0 || !(await mayCreate(session))) return met;
  let adds = false;
  const refused =
    (await refusalOf(session, async () => {
      await session.script(creating);
      adds = (await session.query<{ added: boolean }>(added))[0]?.added ?? false;
      await session.script(changing);
    })) ?? (await refusedExtension(session, own.extensions));
  if (refused === null && !adds) return met;
  return [
    {
      code: 'TARGET_EVENT_TRIGGER',
      what: `An event trigger of ${session.description} ${refused === null ? 'adds columns, keys, indexes or triggers to the tables that the migration creates' : `refuses what the migration does (SQLSTATE ${refused})`}; enabled are: ${names.join(', ')}.`,
      next: `Have the administrator disable it for the migration, and enable it again afterwards (ALTER EVENT TRIGGER … ENABLE): ${names.map((name) => `ALTER EVENT TRIGGER ${quoted(name)} DISABLE;`).join(' ')}`,
    },
  ];
};

export async function enabledEventTriggers(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `select evtname::text as name from pg_event_trigger where evtenabled in ('O', 'A') order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** Without these rights, which are another requirement, a trial says nothing of triggers. */
async function mayCreate(session: Session): Promise<boolean> {
  const [row] = await session.query<{ may: boolean }>(
    `select has_database_privilege(current_database(), 'CREATE')
       and coalesce((select has_schema_privilege(oid, 'CREATE') from pg_namespace where nspname = 'public'), false) as may`,
  );
  return row?.may ?? false;
}

/** By an event trigger alone: what else is in the way of an extension is another requirement. */
async function refusedExtension(session: Session, extensions: readonly string[]): Promise<string | null> {
  const refused = await refusalOf(session, async () => {
    for (const extension of extensions) await session.script(`create extension if not exists ${quoted(extension)}`);
  });
  return refused !== null && isRaised(refused) ? refused : null;
}
