/** Issuing an invoice needs a series and tax rates. The release's own are made by its seed, which never runs on a migrated database. */
import { all, change, hasTable, inserting } from '../sql.ts';
import type { Subject } from '../subject.ts';

export const invoiceNumbering: Subject = {
  name: 'invoice-numbering',
  places: [],
  applied: all(hasTable('Invoice_Series'), hasTable('Invoice_TaxRates')),
  restore: [
    change(
      inserting(
        'Invoice_Series',
        ['id', 'name', 'prefixTemplate', 'resetPolicy', 'counter', 'isDefault', 'active', 'updatedAt'],
        `select gen_random_uuid(), 'Main', 'INV-{YYYY}-{####}', 'YEARLY', 0, true, true, now()
         where not exists (select from public."Invoice_Series")`,
      ),
    ),
    change(
      inserting(
        'Invoice_TaxRates',
        ['id', 'name', 'rate', 'isDefault', 'active', 'updatedAt'],
        `select gen_random_uuid(), r.name, r.rate, r.rate = 21, true, now()
         from (values ('Standard 21%', 21), ('Reduced 12%', 12), ('Zero 0%', 0)) r (name, rate)
         where not exists (select from public."Invoice_TaxRates")`,
      ),
    ),
  ],
  proofs: [
    {
      table: 'Invoice_Series',
      column: null,
      wrong: `select 'none' as row_id, false as modified where not exists (select from public."Invoice_Series")`,
      compared: 'select 1 as n',
    },
    {
      table: 'Invoice_TaxRates',
      column: null,
      wrong: `select 'none' as row_id, false as modified where not exists (select from public."Invoice_TaxRates")`,
      compared: 'select 1 as n',
    },
  ],
  advice: [
    {
      section: 'look at',
      text: 'Invoices that you issue: the series "Main" (INV-{YYYY}-{####}, yearly) and tax rates of 21, 12 and 0 % are created. Change them to those of your country before you issue the first invoice (Administration, Invoices).',
      count: 'select 1 as n',
    },
  ],
};
