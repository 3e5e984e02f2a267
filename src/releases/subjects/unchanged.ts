/** What keeps its values, and that an administrator should look at all the same. */
import { hasTable } from '../sql.ts';
import type { Subject } from '../subject.ts';

export const unchanged: Subject = {
  name: 'unchanged',
  places: [],
  applied: 'true',
  advice: [
    {
      section: 'look at',
      text: 'Contracts: {n}. They never had a currency, and NextCRM shows their amounts in euros.',
      count: 'select count(*) as n from public."crm_Contracts"',
      when: hasTable('crm_Contracts'),
    },
    {
      section: 'look at',
      text: 'Sales stages: {n}. Their new field "stage kind" stays empty. Set it under Administration, Funnel settings only if you want its automation: "qualified" closes silent deals and blocks moves without approval.',
      count: 'select count(*) as n from public."crm_Opportunities_Sales_Stages"',
      when: hasTable('crm_Opportunities_Sales_Stages'),
    },
    {
      section: 'look at',
      text: 'Boards: {n}. Managers can see the private boards of others.',
      count: 'select count(*) as n from public."Boards"',
      when: hasTable('Boards'),
    },
    {
      section: 'look at',
      text: 'Never run "prisma db seed" on this database: it renames a user and changes sales stages.',
      count: 'select 1 as n',
    },
  ],
};
