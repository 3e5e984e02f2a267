/** Everybody becomes a manager; who was an administrator is restored. `is_account_admin` never gave a right and makes nobody one. */
import { stateSchema } from '../../schema-name.ts';
import { all, archived, change, hasColumn, isArchived, lostCopy, modified, setting } from '../sql.ts';
import type { Subject } from '../subject.ts';

const copy = archived('Users');

export const roles: Subject = {
  name: 'roles',
  places: [{ table: 'Users', columns: ['is_admin', 'is_account_admin'] }],
  archives: [{ table: 'Users', key: ['id'], columns: ['is_admin', 'is_account_admin'] }],
  applied: all(
    hasColumn('Users', 'role'),
    `not ${hasColumn('Users', 'is_admin')}`,
    `exists (select from pg_attribute a join pg_enum e on e.enumtypid = a.atttypid
      where a.attrelid = to_regclass('public."Users"') and a.attname = 'role' and e.enumlabel = 'admin')`,
  ),
  restore: [
    change(
      setting({
        table: 'Users',
        column: 'role',
        value: `'admin'`,
        isConstant: true,
        from: `${copy} a`,
        where: `a.id = t.id and a.is_admin and t.role::text = 'manager'`,
      }),
      { when: isArchived('Users') },
    ),
  ],
  proofs: [
    {
      table: 'Users',
      column: 'role',
      // Nobody is an administrator by us who was none; and who was one is one, unless a person gave another role than the release's default.
      wrong: `select t.id::text as row_id, ${modified('t', 'updated_at')}
          or (r.row_id is null and not (a.is_admin and t.role::text = 'manager')) as modified
        from public."Users" t left join ${copy} a on a.id = t.id
        left join ${stateSchema}.restored r on r.table_name = 'Users' and r.column_name = 'role' and r.row_id = t.id::text
        where (a.is_admin and t.role::text <> 'admin') or (r.row_id is not null and a.is_admin is not true)
          or (a.id is not null and not a.is_admin and t.role::text = 'admin')`,
      compared: `select count(*) as n from ${copy}`,
      when: isArchived('Users'),
    },
  ],
  reported: [
    {
      what: 'Administrators',
      where: 'Administration, Users: the role "admin"',
      home: true,
      count: `select count(*) as n from ${copy} where is_admin`,
      query: `select id from ${copy} where is_admin;`,
      when: isArchived('Users'),
    },
    {
      what: 'Users with the flag "account admin", which gave no rights',
      where: 'no place in NextCRM',
      home: false,
      count: `select count(*) as n from ${copy} where is_account_admin`,
      query: `select id from ${copy} where is_account_admin;`,
      when: isArchived('Users'),
    },
  ],
  advice: [
    {
      section: 'first sign-in',
      text: "The copy of who was an administrator (nextcrm_archive.\"Users\") was dropped before it was used: {n} rows. Nobody's role was restored or checked. Make yourself an administrator: update \"Users\" set role = 'admin' where email = lower('you@example.com');",
      count: lostCopy('Users', `exists (select from public."Users" where role::text = 'admin')`),
      when: hasColumn('Users', 'role'),
    },
    {
      section: 'first sign-in',
      text: 'Administrators: {n}. All other users become managers, who can also see the private boards of others. Change roles under Administration, Users.',
      count: `select count(*) as n from ${copy} where is_admin`,
      when: isArchived('Users'),
    },
    {
      section: 'first sign-in',
      text: "Nobody is an administrator in this database. Make yourself one after the upgrade: update \"Users\" set role = 'admin' where email = lower('you@example.com');",
      count: `select case when exists (select from ${copy} where is_admin) then 0 else 1 end as n`,
      when: isArchived('Users'),
    },
  ],
};
