/**
 * Passwords are gone: people sign in by Google or by a code sent to their address, which is looked up in lower case, exactly. A user with
 * a capital letter in his address is not found, and an empty second user is created. So addresses are put into lower case, after the
 * upgrade: the first PostgreSQL release looks them up as typed.
 */
import { stateSchema } from '../../schema-name.ts';
import { literal } from '../../target/quoted.ts';
import { all, change, hasColumn, modified, setting } from '../sql.ts';
import type { Subject } from '../subject.ts';

/** Users that this program made; what is not in the map of ids was made by NextCRM. */
const isOurs = (id: string) => `exists (select from ${stateSchema}.id_map m where m.collection = 'Users' and m.id = ${id})`;

/**
 * The users that the release created when somebody could not be found: pending, with the default role, with the lower-case address of a
 * user of ours, and nothing refers to them but their own sessions and accounts.
 */
const emptyTwins = `
  create unlogged table ${stateSchema}.empty_twin (id uuid);
  do $duplicates$
  declare place record;
  begin
    insert into ${stateSchema}.empty_twin select t.id from public."Users" t
    where t.role::text = 'user' and t."userStatus"::text = 'PENDING' and t.email = lower(t.email) and not ${isOurs('t.id')}
      and exists (select from public."Users" o where o.id <> t.id and lower(o.email) = t.email and ${isOurs('o.id')});
    if not exists (select from ${stateSchema}.empty_twin) then return; end if;
    for place in
      select a.attrelid::regclass as name, quote_ident(a.attname) as column_name, a.atttypid = 'uuid[]'::regtype as is_array
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
        and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype)
        and (c.relname, a.attname) not in (('Users', 'id'), ('session', 'userId'), ('account', 'userId'))
    loop
      execute format(
        case when place.is_array then 'delete from ${stateSchema}.empty_twin e using %s t where e.id = any (t.%s)'
          else 'delete from ${stateSchema}.empty_twin e using %s t where e.id = t.%s' end,
        place.name, place.column_name);
    end loop;
  end $duplicates$`;

/**
 * Who gets which address. Of users whose addresses differ only in case, who signed in last gets the one in lower case (nobody's last
 * time counts as the earliest; then the older id), and who has exactly that takes his in exchange; the others keep theirs. A group with a
 * user that NextCRM itself has created is left as it is.
 */
const wanted = `
  create unlogged table ${stateSchema}.wanted_address as
  with grouped as (
    select t.id, t.email, lower(t.email) as address,
      row_number() over (partition by lower(t.email) order by t."lastLoginAt" desc nulls last, t.id) as place,
      bool_or(t.email = lower(t.email) and not ${isOurs('t.id')}) over (partition by lower(t.email)) as is_taken
    from public."Users" t)
  select w.id, w.address as email from grouped w where w.place = 1 and not w.is_taken and w.email <> w.address
  union all
  select h.id, w.email from grouped w join grouped h on h.address = w.address and h.email = h.address
  where w.place = 1 and not w.is_taken and w.email <> w.address`;

/** A unique address cannot change hands in one statement: who gives it up has another one meanwhile, which nobody can have typed. */
const meanwhile = `
  create unlogged table ${stateSchema}.given_up as
    select t.id, t.email from public."Users" t join ${stateSchema}.wanted_address w using (id) where t.email = lower(t.email);
  update public."Users" t set email = ${literal('\u0001')} || t.id::text from ${stateSchema}.given_up g where g.id = t.id`;

/** A join, not a condition: one look through the records for all users. */
const restoredOf = (column: string) =>
  `left join ${stateSchema}.restored r on r.table_name = 'Users' and r.column_name = ${literal(column)} and r.row_id = t.id::text`;

/** Addresses that differ in upper and lower case alone. As they are written they are unique, so one of those alike has a capital letter. */
const alike = `select lower(email) as address, count(*) as n from public."Users"
  where lower(email) in (select lower(email) from public."Users" where email <> lower(email)) group by 1 having count(*) > 1`;

export const signIn: Subject = {
  name: 'sign-in',
  places: [{ table: 'Users', columns: ['email'] }],
  invariants: [{ table: 'Users', column: 'email', before: 'lower(t.email)', after: 'lower(t.email)' }],
  overwrites: [{ table: 'Users', column: 'email', isAsRestored: 'lower(t.email) = lower(r.former)' }],
  updateTimes: [{ table: 'Users', column: 'updated_at' }],
  applied: all(
    hasColumn('Users', 'emailVerified'),
    hasColumn('session', 'userId'),
    hasColumn('account', 'userId'),
    hasColumn('Users', 'role'),
  ),
  restore: [
    { script: emptyTwins },
    change(`gone as (
        delete from public."Users" t using ${stateSchema}.empty_twin e where t.id = e.id returning t.id, to_jsonb(t)::text as former),
      changed (table_name, row_id, column_name, former) as (select 'Users', id::text, null::text, former from gone)`),
    { script: wanted },
    { script: meanwhile },
    change(`written as (
        update public."Users" t set email = w.email from ${stateSchema}.wanted_address w
        where w.id = t.id and w.id not in (select id from ${stateSchema}.given_up) returning t.id, w.email),
      found as (select t.id, t.email as former from public."Users" t join ${stateSchema}.wanted_address using (id)),
      changed (table_name, row_id, column_name, former) as (
        select 'Users', written.id::text, 'email', found.former from written join found using (id))`),
    change(`written as (
        update public."Users" t set email = w.email from ${stateSchema}.wanted_address w
        where w.id = t.id and w.id in (select id from ${stateSchema}.given_up) returning t.id),
      changed (table_name, row_id, column_name, former) as (
        select 'Users', written.id::text, 'email', g.email from written join ${stateSchema}.given_up g using (id))`),
    change(
      setting({
        table: 'Users',
        column: 'emailVerified',
        value: 'true',
        isConstant: true,
        where: `t."userStatus"::text = 'ACTIVE' and not t."emailVerified" and ${isOurs('t.id')}`,
      }),
    ),
    { script: `drop table ${stateSchema}.empty_twin, ${stateSchema}.wanted_address, ${stateSchema}.given_up` },
  ],
  proofs: [
    {
      table: 'Users',
      column: 'email',
      // An address with a capital letter is right only where another user has it in lower case; and nobody's became another's.
      wrong: `select t.id::text as row_id, ${modified('t', 'updated_at')} or (r.row_id is null and not ${isOurs('t.id')}) as modified
        from public."Users" t ${restoredOf('email')}
        where (t.email <> lower(t.email) and not exists (select from public."Users" o where o.email = lower(t.email)))
          or lower(r.former) <> lower(t.email)`,
      compared: 'select count(*) as n from public."Users"',
    },
    {
      table: 'Users',
      column: 'emailVerified',
      wrong: `select t.id::text as row_id, ${modified('t', 'updated_at')} as modified
        from public."Users" t ${restoredOf('emailVerified')}
        left join ${stateSchema}.id_map m on m.collection = 'Users' and m.id = t.id
        where case when t."userStatus"::text = 'ACTIVE' then m.id is not null and not t."emailVerified" else r.row_id is not null end`,
      compared: `select count(*) as n from ${stateSchema}.id_map where collection = 'Users'`,
    },
  ],
  reported: [
    {
      what: 'Passwords',
      where: 'Users.password, which NextCRM no longer reads',
      home: false,
      count: 'select count(*) as n from public."Users" where password is not null',
      query: 'select count(*) from "Users" where password is not null;',
      when: hasColumn('Users', 'password'),
    },
  ],
  advice: [
    {
      section: 'first sign-in',
      text: 'Passwords no longer work. People sign in with Google, or with a code that NextCRM sends to their e-mail address.',
      count: 'select 1 as n',
    },
    {
      section: 'first sign-in',
      text: 'To send codes NextCRM needs EMAIL_FROM (an address of your own domain) and a real RESEND_API_KEY in its environment. The placeholder of its compose file takes precedence over the key that you entered in NextCRM: replace it.',
      count: 'select 1 as n',
    },
    {
      section: 'first sign-in',
      text: `Without e-mail, ask for a code in the browser and read it from the database within five minutes: select split_part(value, ':', 1) from verification where identifier = 'sign-in-otp-' || lower('you@example.com') order by "createdAt" desc limit 1;`,
      count: 'select 1 as n',
    },
    {
      section: 'first sign-in',
      text: 'E-mail addresses with capital letters: {n}. They are put into lower case after the upgrade, since NextCRM only finds addresses in lower case.',
      // Two counts and no union, which one process would have to compute.
      count: `select (select count(*) from public."Users" where email <> lower(email))
        + (select count(distinct row_id) from ${stateSchema}.restored r where r.table_name = 'Users' and r.column_name = 'email'
            and not exists (select from public."Users" t where t.id = r.row_id::uuid and t.email <> lower(t.email))) as n`,
    },
    {
      section: 'first sign-in',
      text: 'Users whose addresses differ only in upper and lower case: {n}. Of each such group only the user who signed in last can sign in, after the upgrade. Check who that is, and change the addresses of the others:',
      count: `select coalesce(sum(n), 0) as n from (${alike}) alike`,
      ids: `select id::text as id from public."Users" where lower(email) in (select address from (${alike}) alike) order by lower(email), id`,
    },
    {
      section: 'first sign-in',
      text: 'Empty users that NextCRM had created for people whom it did not find: {n}. They were removed; the former users can sign in again:',
      count: `select count(*) as n from ${stateSchema}.restored where subject = 'sign-in' and column_name is null`,
      ids: `select row_id as id from ${stateSchema}.restored where subject = 'sign-in' and column_name is null order by 1`,
    },
    {
      section: 'first sign-in',
      text: 'Active users: {n}. They can also sign in with Google. Users who are not active have to be activated by an administrator.',
      count: `select count(*) as n from public."Users" where "userStatus"::text = 'ACTIVE'`,
    },
  ],
};
