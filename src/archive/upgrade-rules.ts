/** What the migrations of NextCRM's later releases cannot take, and what they drop: facts about them as of August 2026. */
import { quoted } from '../target/quoted.ts';

/** Values at which an upgrade stops in the middle of a migration. */
export interface StoppingValues {
  readonly table: string;
  readonly column: string;
  /** What the upgrade takes, for people. */
  readonly takes: string;
  /** In SQL: true for a row at which the upgrade stops. */
  readonly stops: string;
  /** In SQL: what to put there. The original stays in the archive. */
  readonly mended: string;
}

interface Bounds {
  readonly min: bigint;
  readonly max: bigint;
}

/** DECIMAL(18,2) has sixteen digits before its point. */
const decimal18: Bounds = { min: -(10n ** 16n - 1n), max: 10n ** 16n - 1n };
const integer: Bounds = { min: -(2n ** 31n), max: 2n ** 31n - 1n };

export const stoppingValues: readonly StoppingValues[] = [
  label('crm_Leads', 'status', ['New', 'Contacted', 'Qualified', 'Lost']),
  label('crm_Leads', 'type', ['Demo']),
  label('crm_Contacts', 'type', ['Customer', 'Partner', 'Vendor', 'Prospect']),
  whole('crm_Opportunities', 'budget', decimal18),
  whole('crm_Opportunities', 'expected_revenue', decimal18),
  whole('crm_Opportunities_Sales_Stages', 'probability', integer),
  whole('crm_Opportunities_Sales_Stages', 'order', integer),
  whole('crm_Opportunities_Type', 'order', integer),
];

/** The columns of a table that the report's SQL mends: they may differ from what the migration left. */
export function mendableColumns(table: string): readonly string[] {
  return stoppingValues.filter((rule) => rule.table === table).map(({ column }) => column);
}

/** A free text that becomes an enum; its case does not matter. Blanks around it do, and what is no label has none. */
function label(table: string, column: string, labels: readonly string[]): StoppingValues {
  const list = labels.map((one) => `'${one.toUpperCase()}'`).join(', ');
  const text = `${quoted(column)}::text`;
  return {
    table,
    column,
    takes: `${labels.join(', ')} in any case, or NULL`,
    stops: `upper(${text}) not in (${list})`,
    mended: `case when upper(btrim(${text})) in (${list}) then btrim(${text}) end`,
  };
}

function whole(table: string, column: string, { min, max }: Bounds): StoppingValues {
  return {
    table,
    column,
    takes: `${min} to ${max}`,
    stops: `${quoted(column)} not between ${min} and ${max}`,
    mended: `case when ${quoted(column)} > 0 then ${max} else ${min} end`,
  };
}

/** What an upgrade takes away. */
export interface Loss {
  readonly table: string;
  /** Empty: the table as a whole. */
  readonly columns: readonly string[];
  /** What must still be as the migration made it: another table of the same name loses nothing. */
  readonly asMade: readonly string[];
  /** In SQL: true for a row that loses something. */
  readonly loses: string;
  readonly what: string;
}

const dropped = (table: string, what: string, asMade = [table]): Loss => ({ table, columns: [], asMade, loses: 'true', what });

export const losses: readonly Loss[] = [
  dropped('Invoices', 'is dropped and made anew in another shape, empty'),
  dropped('DocumentsToInvoices', 'links documents to the old invoices: its rows point nowhere then', [
    'DocumentsToInvoices',
    'Invoices',
  ]),
  dropped('openAi_keys', 'is dropped'),
  dropped('gpt_models', 'is dropped'),
  dropped('modulStatus', 'is dropped'),
  dropped('system_Modules_Enabled', 'is dropped'),
  {
    table: 'Users',
    columns: ['is_admin', 'is_account_admin'],
    asMade: [],
    loses: 'is_admin or is_account_admin',
    what: 'are dropped, and everybody becomes a manager: nobody is an administrator any more until after-upgrade.sql has run',
  },
  { table: 'crm_Leads', columns: ['lead_source'], asMade: [], loses: 'lead_source is not null', what: 'is dropped' },
  ...['crm_Contacts', 'crm_Opportunities'].map((table) => ({
    table,
    columns: ['created_by', 'createdBy'],
    asMade: [],
    loses: 'created_by is not null and created_by is distinct from "createdBy"',
    what: 'become one: created_by is dropped where it says something else',
  })),
  {
    table: 'crm_Opportunities',
    columns: ['currency'],
    asMade: [],
    loses: `currency not in ('EUR', 'USD', 'CZK')`,
    what: 'is cut to three letters, and emptied where that is not EUR, USD or CZK',
  },
];

/** Later releases leave these where they are and no longer use them. */
export const unusedTables: readonly string[] = ['MyAccount', 'invoice_States', 'secondBrain_notions'];

/** Holds keys of other services in clear text. */
export const secretTable = 'openAi_keys';
