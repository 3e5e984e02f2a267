/** The list of campaigns leaves out deleted ones, and with them, by the rules of SQL, those without a status. */
import { stateSchema } from '../../schema-name.ts';
import { change, hasColumn, modified, setting } from '../sql.ts';
import type { Subject } from '../subject.ts';

export const campaigns: Subject = {
  name: 'campaigns',
  places: [{ table: 'crm_campaigns', columns: ['status'] }],
  invariants: [
    {
      table: 'crm_campaigns',
      column: 'status',
      before: `coalesce(t.status, 'draft')`,
      after: `coalesce(t.status, 'draft')`,
    },
  ],
  overwrites: [{ table: 'crm_campaigns', column: 'status', isAsRestored: `t.status = 'draft'` }],
  applied: hasColumn('crm_campaigns', 'template_id'),
  restore: [change(setting({ table: 'crm_campaigns', column: 'status', value: `'draft'`, where: 't.status is null' }))],
  proofs: [
    {
      table: 'crm_campaigns',
      column: 'status',
      wrong: `select t.id::text as row_id, ${modified('t', 'updatedAt')} as modified from public.crm_campaigns t where t.status is null`,
      compared: 'select count(*) as n from public.crm_campaigns',
    },
  ],
  reported: [
    {
      what: 'Campaigns',
      where: 'Campaigns',
      home: true,
      count: `select count(*) as n from ${stateSchema}.id_map where collection = 'crm_campaigns'`,
      query: 'select id, name, status from "crm_campaigns";',
    },
  ],
};
