/** Two columns for who created a row become one; users that do not exist are taken out of it. */
import { quoted } from '../../target/quoted.ts';
import { archived, hasColumn, isArchived, modified } from '../sql.ts';
import type { Subject } from '../subject.ts';

const tables = ['crm_Contacts', 'crm_Opportunities'] as const;

/** What the release itself makes of the two. */
const one = (alias: string) =>
  `(select u.id from public."Users" u where u.id = coalesce(${alias}."createdBy", ${alias}.created_by))`;

const differ = (table: string) =>
  `select count(*) as n from ${archived(table)} where created_by is not null and "createdBy" is not null and created_by <> "createdBy"`;

export const creators: Subject = {
  name: 'creators',
  places: tables.map((table) => ({ table, columns: ['created_by', 'createdBy'] })),
  archives: tables.map((table) => ({ table, key: ['id'], columns: ['created_by', 'createdBy'] })),
  applied: `not ${hasColumn('crm_Contacts', 'created_by')} and not ${hasColumn('crm_Opportunities', 'created_by')}`,
  proofs: tables.map((table) => ({
    table,
    column: 'createdBy',
    wrong: `select t.id::text as row_id, ${modified('t', 'updatedAt')} as modified
      from ${archived(table)} a join public.${quoted(table)} t on t.id = a.id where t."createdBy" is distinct from ${one('a')}`,
    compared: `select count(*) as n from ${archived(table)}`,
    when: isArchived(table),
  })),
  reported: tables.map((table) => ({
    what: `Second creators of ${table === 'crm_Contacts' ? 'contacts' : 'opportunities'} (two fields named different users)`,
    where: 'no place in NextCRM, which keeps one of them',
    home: false,
    count: differ(table),
    query: `select id, created_by, "createdBy" from ${archived(table)} where created_by <> "createdBy";`,
    when: isArchived(table),
  })),
};
