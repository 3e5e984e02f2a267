/** Numbers whose columns become narrower. The release stops at one that is out of range. */
import { ranges } from '../../catalog/ranges.ts';
import { quoted } from '../../target/quoted.ts';
import { all, archived, change, hasColumn, hasTable, isArchived, modified, setting } from '../sql.ts';
import type { Subject } from '../subject.ts';

interface Amount {
  readonly table: string;
  readonly column: string;
  readonly range: { readonly min: string; readonly max: string };
  readonly modified: string;
}

const since = modified('t', 'updatedAt');

const amounts: readonly Amount[] = [
  { table: 'crm_Opportunities', column: 'budget', range: ranges.decimal18, modified: since },
  { table: 'crm_Opportunities', column: 'expected_revenue', range: ranges.decimal18, modified: since },
  { table: 'crm_Opportunities_Sales_Stages', column: 'probability', range: ranges.integer, modified: 'false' },
  { table: 'crm_Opportunities_Sales_Stages', column: 'order', range: ranges.integer, modified: 'false' },
  { table: 'crm_Opportunities_Type', column: 'order', range: ranges.integer, modified: 'false' },
];

const tables = [...new Set(amounts.map(({ table }) => table))];
const columnsOf = (table: string) => amounts.filter((amount) => amount.table === table).map(({ column }) => column);

export const amountsInRange: Subject = {
  name: 'amounts',
  places: tables.map((table) => ({ table, columns: columnsOf(table) })),
  archives: tables.map((table) => ({ table, key: ['id'], columns: columnsOf(table) })),
  applied: all(hasColumn('crm_Opportunities', 'snapshot_rate'), `not ${hasTable('gpt_models')}`),
  prepare: amounts.map(({ table, column, range }) =>
    change(
      setting({
        table,
        column,
        value: `least(greatest(t.${quoted(column)}, ${range.min}), ${range.max})`,
        where: `t.${quoted(column)} not between ${range.min} and ${range.max}`,
      }),
      { code: 'NUMBER_CLAMPED' },
    ),
  ),
  prepared: amounts.map(({ table, column, range }) => ({
    table,
    column,
    wrong: `select id::text as row_id from public.${quoted(table)}
      where ${quoted(column)} > ${range.max} or ${quoted(column)} < ${range.min}`,
  })),
  proofs: amounts.map(({ table, column, range, modified }) => ({
    table,
    column,
    wrong: `select t.id::text as row_id, ${modified} as modified from ${archived(table)} a join public.${quoted(table)} t on t.id = a.id
      where t.${quoted(column)}::numeric is distinct from
        case when a.${quoted(column)} > ${range.max} then ${range.max} when a.${quoted(column)} < ${range.min} then ${range.min} else a.${quoted(column)} end`,
    compared: `select count(*) as n from ${archived(table)} where ${quoted(column)} is not null`,
    when: isArchived(table),
  })),
  reported: [
    {
      what: 'Budgets and expected revenues',
      where: 'in the opportunity: budget, expected revenue',
      home: true,
      count: `select count(*) as n from ${archived('crm_Opportunities')}`,
      query: `select id, budget, expected_revenue from ${archived('crm_Opportunities')};`,
      when: isArchived('crm_Opportunities'),
    },
  ],
};
