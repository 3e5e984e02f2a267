/** Lists of the release fail on a row whose user or contact has no name. None is invented: people are told where to enter one. */
import { all, hasColumn } from '../sql.ts';
import type { Subject } from '../subject.ts';

const namelessUsers = `public."Users" t where t.name is null and (
  exists (select from public."Boards" b where b."user" = t.id) or exists (select from public."crm_Contracts" c where c.assigned_to = t.id))`;
const namelessContacts = `public."crm_Contacts" t where t.first_name is null and t."accountsIDs" is not null`;

export const missingNames: Subject = {
  name: 'missing-names',
  places: [],
  applied: hasColumn('Users', 'image'),
  advice: [
    {
      section: 'look at',
      text: `Users without a name: {n} of them have a board or a contract. NextCRM's list of projects or contracts shows an error where it has a row of theirs, until they have a name: update "Users" set name = 'NAME' where id = 'ID';`,
      count: `select count(*) as n from ${namelessUsers}`,
      ids: `select t.id::text as id from ${namelessUsers} order by t.id`,
      // A release to come may drop any of them.
      when: all(hasColumn('Users', 'name'), hasColumn('Boards', 'user'), hasColumn('crm_Contracts', 'assigned_to')),
    },
    {
      section: 'look at',
      text: `Contacts without a first name: {n} of them belong to an account. NextCRM's list of accounts shows an error where it has a row of such an account, until they have one, which may be empty: update "crm_Contacts" set first_name = '' where first_name is null;`,
      count: `select count(*) as n from ${namelessContacts}`,
      ids: `select t.id::text as id from ${namelessContacts} order by t.id`,
      when: all(hasColumn('crm_Contacts', 'first_name'), hasColumn('crm_Contacts', 'accountsIDs')),
    },
  ],
};
