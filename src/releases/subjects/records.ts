/** Where the records that everybody works with are in the menu of the release. Nothing is prepared or restored: they keep their tables. */
import { stateSchema } from '../../schema-name.ts';
import { hasColumn } from '../sql.ts';
import type { Subject, Told } from '../subject.ts';

const inCrm = 'CRM, in the list of this name';
const inProjects = 'Projects';

const lists: readonly (readonly [table: string, what: string, where: string, shown: string])[] = [
  ['crm_Accounts', 'Accounts', inCrm, 'name'],
  ['crm_Contacts', 'Contacts', inCrm, 'last_name'],
  ['crm_Leads', 'Leads', inCrm, '"lastName"'],
  ['crm_Opportunities', 'Opportunities', inCrm, 'name'],
  ['crm_Contracts', 'Contracts', inCrm, 'title'],
  ['Boards', 'Boards', inProjects, 'title'],
  ['Tasks', 'Tasks of boards', inProjects, 'title'],
  ['Users', 'Users', 'Administration, Users; they sign in with the same address', 'email, "userStatus"'],
  ['Documents', 'Documents', 'Documents; their files stay at their former addresses', 'document_name, document_file_url'],
];

export const records: Subject = {
  name: 'records',
  places: [],
  applied: hasColumn('Users', 'id'),
  reported: lists.map(
    ([table, what, where, shown]): Told => ({
      what,
      where,
      home: true,
      // As the migration counted them: not those that were added since.
      count: `select coalesce(sum(loaded), 0) as n from ${stateSchema}.progress where collection = '${table}'`,
      query: `select id, ${shown} from "${table}";`,
      // A release to come may drop the table.
      when: hasColumn(table, 'id'),
    }),
  ),
};
