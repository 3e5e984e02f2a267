/** after-upgrade.sql: what a person runs once a later release of NextCRM has upgraded the database. */
import { literal } from '../target/quoted.ts';

export const afterUpgradeFile = 'after-upgrade.sql';

/** How the comment begins that tells that it has run. */
const done = 'after-upgrade.sql has given former administrators';

/**
 * Later releases have a column `role` (a text, later an enum) in which everybody is a manager. One block, and so one transaction:
 * it looks what there is, and where there is nothing to do it says so. Who was given another role since keeps it, and so does who was
 * made a manager again on purpose: that it has run stands in a comment on the table of the archive, and a second time it acts only
 * where nobody is an administrator, as after an upgrade that makes the column anew.
 */
export const afterUpgradeSql = `-- Run this after NextCRM has upgraded its database: it gives the administrators their role back.
--
--   psql "$DATABASE_URL" -f ${afterUpgradeFile}
--
-- A later release of NextCRM drops "Users".is_admin and is_account_admin and makes everybody a manager, so that nobody is an
-- administrator any more. Who was one is kept in the schema nextcrm_archive. This can be run at any time and again: before the
-- upgrade, and without that schema, it changes nothing. Only who is a manager is changed: a role that was given since stays. Once it
-- has given the role back, it does so again only where nobody is an administrator at all.
do $$
declare
  restored bigint;
  has_admin boolean;
begin
  if to_regclass('nextcrm_archive."Users"') is null then
    raise notice 'There is no table nextcrm_archive."Users": nothing was changed.';
    return;
  end if;
  if not exists (
    select from pg_attribute
    where attrelid = to_regclass('public."Users"') and attname = 'role' and attnum > 0 and not attisdropped
  ) then
    raise notice 'This release of NextCRM has no column "Users".role yet: nothing was changed. Run this again after the upgrade.';
    return;
  end if;
  if exists (
    select from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = to_regclass('public."Users"') and a.attname = 'role' and not a.attisdropped and t.typtype = 'e'
      and not exists (select from pg_enum e where e.enumtypid = t.oid and e.enumlabel = 'admin')
  ) then
    raise notice 'The roles of this release of NextCRM have no "admin": nothing was changed.';
    return;
  end if;
  if obj_description(to_regclass('nextcrm_archive."Users"'), 'pg_class') like ${literal(`${done}%`)} then
    execute $count$ select exists (select from public."Users" where role::text = 'admin') $count$ into has_admin;
    if has_admin then
      raise notice 'This was run before, and there are administrators: nothing was changed.';
      return;
    end if;
  end if;
  execute $update$
    update public."Users" u set role = 'admin'
    from nextcrm_archive."Users" a
    where a.id::text = u.id::text and (a.is_admin or a.is_account_admin)
      and coalesce(u.role::text, 'manager') = 'manager'
  $update$;
  get diagnostics restored = row_count;
  comment on table nextcrm_archive."Users" is ${literal(`${done} their role back.`)};
  raise notice 'Administrators that were given their role back: %', restored;
end $$;
`;
