/** The company's own data: `MyAccount` is left behind, and everybody starts in euros. */
import { stateSchema } from '../../schema-name.ts';
import { quoted } from '../../target/quoted.ts';
import {
  all,
  archived,
  change,
  companyCodeOf,
  companyOf,
  hasColumn,
  hasTable,
  inserting,
  isArchived,
  lostCopy,
  modified,
} from '../sql.ts';
import type { Subject } from '../subject.ts';

const copy = archived('MyAccount');
const company = companyOf(copy);

/** Columns of `Invoice_Settings`, and of `MyAccount`. */
const fields: Readonly<Record<string, string>> = {
  companyName: 'company_name',
  companyAddress: 'street',
  companyCity: 'city',
  companyZip: 'zip',
  companyCountry: 'country',
  companyVatId: 'VAT_number',
  companyTaxId: 'TAX_number',
  companyEmail: 'email',
  companyPhone: 'phone',
  companyWebsite: 'website',
  bankName: 'bank_name',
  bankAccount: 'bank_account',
  iban: 'bank_IBAN',
  swift: 'bank_SWIFT',
};

/** Where a person dropped the copy: settings without a company, since no invoice can be issued without settings. */
const noCompany = `(select null::uuid as id, null::text as currency, ${Object.values(fields)
  .map((column) => `null::text as ${quoted(column)}`)
  .join(', ')})`;

const knownOf = (accounts: string) =>
  `(select c.code from (select ${companyCodeOf(accounts)} as code) c join public."Currency" k using (code))`;
const known = knownOf(copy);

/** The default currency, while nobody has chosen another: what the release wrote has the time of one transaction. */
const untouched = `t.value = 'EUR' and t."updatedAt" in (
  select "updatedAt" from public."crm_SystemSettings" where key = 'ecb_auto_update'
  union select "createdAt" from public."ExchangeRate" union select "createdAt" from public."Currency")`;

const settingsRow = (accounts: string) =>
  inserting(
    'Invoice_Settings',
    ['id', 'baseCurrency', 'defaultSeriesId', 'defaultTaxRateId', 'updatedAt', ...Object.keys(fields)],
    `select gen_random_uuid(), coalesce(${knownOf(accounts)}, (select value from public."crm_SystemSettings" where key = 'default_currency' and length(value) <= 3), 'EUR'),
     (select id from public."Invoice_Series" order by "isDefault" desc, "createdAt", id limit 1),
     (select id from public."Invoice_TaxRates" order by "isDefault" desc, "createdAt", id limit 1),
     now(), ${Object.values(fields)
       .map((column) => `m.${quoted(column)}`)
       .join(', ')}
   from (select 1) one left join ${companyOf(accounts)} m on true
   where not exists (select from public."Invoice_Settings")`,
  );

export const companyData: Subject = {
  name: 'company',
  places: [],
  archives: [{ table: 'MyAccount', key: ['id'], columns: 'all', isLeftBehind: true }],
  applied: all(hasColumn('Invoice_Settings', 'companyName'), hasTable('crm_SystemSettings'), hasTable('Invoice_Series')),
  restore: [
    change(settingsRow(copy), { when: isArchived('MyAccount') }),
    change(settingsRow(noCompany), { when: `not ${isArchived('MyAccount')}` }),
    // The flags first: whether the setting is as the release wrote it is asked of the setting.
    change(
      `found as (select k.code, k."isDefault"::text as former, k.code = c.code as value
        from (select ${known} as code) c, public."Currency" k
        where c.code is not null and k."isDefault" <> (k.code = c.code)
          and exists (select from public."crm_SystemSettings" t where t.key = 'default_currency' and ${untouched})),
      written as (update public."Currency" k set "isDefault" = found.value from found where k.code = found.code returning k.code),
      changed (table_name, row_id, column_name, former) as (select 'Currency', code, 'isDefault', former from found join written using (code))`,
      { when: isArchived('MyAccount') },
    ),
    change(
      `found as (select t.key, t.value as former, c.code from public."crm_SystemSettings" t, (select ${known} as code) c
        where t.key = 'default_currency' and c.code is not null and c.code <> t.value and ${untouched}),
      written as (update public."crm_SystemSettings" t set value = found.code from found where t.key = found.key returning t.key),
      changed (table_name, row_id, column_name, former) as (
        select 'crm_SystemSettings', key, 'value', former from found join written using (key))`,
      { when: isArchived('MyAccount') },
    ),
  ],
  proofs: [
    {
      table: 'MyAccount',
      column: null,
      wrong: `select coalesce(min(s.id::text), 'none') as row_id, coalesce(bool_or(${modified('s', 'updatedAt')}), false) as modified
        from (select 1) one left join public."Invoice_Settings" s on true
        having count(s.id) = 0
          or exists (select from ${stateSchema}.restored r where r.table_name = 'Invoice_Settings')
            and not exists (select from public."Invoice_Settings" s join ${stateSchema}.restored r
                on r.table_name = 'Invoice_Settings' and r.row_id = s.id::text
              left join ${company} m on true
              where ${Object.entries(fields)
                .map(([to, from]) => `s.${quoted(to)} is not distinct from m.${quoted(from)}`)
                .join(' and ')})`,
      compared: `select count(*) as n from ${copy}`,
      when: isArchived('MyAccount'),
    },
    {
      table: 'Currency',
      column: 'isDefault',
      wrong: `select coalesce(min(k.code), 'none') as row_id, coalesce(bool_or(${modified('t', 'updatedAt')}), false) as modified
        from public."crm_SystemSettings" t left join public."Currency" k on k."isDefault"
        where t.key = 'default_currency' having count(k.code) <> 1 or bool_or(k.code <> t.value)`,
      compared: 'select 1 as n',
    },
  ],
  reported: [
    {
      what: 'Your company: name, address, tax numbers, bank account, currency',
      where: 'Administration, Invoices: the company (Invoice_Settings); the default currency',
      home: true,
      count: `select least(count(*), 1) as n from ${copy}`,
      query: 'select * from "Invoice_Settings";',
      when: isArchived('MyAccount'),
    },
    {
      what: 'Fields of your company without a place (billing address, fax, bank code, …)',
      where: 'no place in NextCRM',
      home: false,
      count: `select least(count(*), 1) as n from ${copy}`,
      query: `select * from ${copy};`,
      when: isArchived('MyAccount'),
    },
    {
      what: 'Further companies',
      where: 'no place in NextCRM, which keeps the oldest one',
      home: false,
      count: `select greatest(count(*) - 1, 0) as n from ${copy}`,
      query: `select * from ${copy};`,
      when: isArchived('MyAccount'),
    },
  ],
  advice: [
    {
      section: 'look at',
      text: 'The copy of your company\'s data (nextcrm_archive."MyAccount") was dropped before it was restored: {n} rows. Nothing of it was restored or checked. Enter it under Administration, Invoices.',
      count: lostCopy('MyAccount', 'exists (select from public."Invoice_Settings" where "companyName" is not null)'),
      when: hasColumn('Invoice_Settings', 'companyName'),
    },
  ],
};
