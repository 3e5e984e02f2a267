/**
 * Invoices were received ones, scanned; the table of that name now holds issued ones, with a balance that others owe. A received invoice
 * there would turn what the company owes into what it is owed. Each becomes a document under its own id; the row stays in the archive.
 */
import { stateSchema } from '../../schema-name.ts';
import { all, archived, change, hasColumn, isArchived, lostCopy, modified } from '../sql.ts';
import type { Subject } from '../subject.ts';

const copy = archived('Invoices');
const states = archived('invoice_States');

/** `label: value`, or nothing. */
const line = (label: string, value: string) => `'${label}: ' || nullif(btrim(${value}), '')`;
const date = (column: string) => `to_char(${column}, 'YYYY-MM-DD')`;

const description = (state: string) => `concat_ws(E'\\n', 'Received invoice',
  ${line('Vendor', 'a.partner')},
  ${line('Amount', `concat_ws(' ', a.invoice_amount, a.invoice_currency)`)},
  ${line('Received', date('a.date_received'))},
  ${line('Issued', date('a.date_of_case'))},
  ${line('Taxable supply', date('a.date_tax'))},
  ${line('Due', date('a.date_due'))},
  ${line('Variable symbol', 'a.variable_symbol')},
  ${line('Constant symbol', 'a.constant_symbol')},
  ${line('Specific symbol', 'a.specific_symbol')},
  ${line('Order number', 'a.order_number')},
  ${line('Internal number', 'a.internal_number')},
  ${line('State', state)},
  ${line('Status', 'a.status')},
  nullif(btrim(a.description), ''))`;

const user = (column: string) => `(select u.id from public."Users" u where u.id = ${column})`;
const fileName = `nullif(regexp_replace(split_part(a.invoice_file_url, '?', 1), '^.*/', ''), '')`;

/** `state`: the name of a row's state; its table is a copy of its own, which a person may have dropped. */
const written = (state: string) => `written as (
  insert into public."Documents" (id, __v, date_created, "createdAt", last_updated, "updatedAt", document_name, created_by_user, "createdBy",
    description, favourite, "document_file_mimeType", document_file_url, assigned_user, connected_documents, document_system_type,
    processing_status)
  select a.id, coalesce(a.__v, 0), a.date_created, a.date_created, a.last_updated, a.last_updated,
    coalesce(nullif(btrim(a.invoice_number), ''), ${fileName}, 'Invoice'), ${user('a.last_updated_by')}, ${user('a.last_updated_by')},
    ${description(state)}, a.favorite, a."invoice_file_mimeType", a.invoice_file_url, ${user('a.assigned_user_id')}, '{}', 'OTHER', 'READY'
  from ${copy} a
  on conflict (id) do nothing returning id),
changed (table_name, row_id, column_name, former) as (select 'Documents', id::text, null::text, null::text from written)`;

const linked = `written as (
  insert into public."DocumentsToAccounts" (document_id, account_id)
  select a.id, a.assigned_account_id from ${copy} a
  join ${stateSchema}.restored r on r.subject = 'received-invoices' and r.table_name = 'Documents' and r.row_id = a.id::text
  where exists (select from public."crm_Accounts" c where c.id = a.assigned_account_id)
  on conflict do nothing returning document_id, account_id),
changed (table_name, row_id, column_name, former) as (
  select 'DocumentsToAccounts', document_id || ' ' || account_id, null::text, null::text from written)`;

export const receivedInvoices: Subject = {
  name: 'received-invoices',
  places: [
    { table: 'Invoices', columns: 'all' },
    { table: 'DocumentsToInvoices', columns: 'all' },
  ],
  archives: [
    { table: 'DocumentsToInvoices', key: ['document_id', 'invoice_id'], columns: 'all' },
    { table: 'Invoices', key: ['id'], columns: 'all' },
    { table: 'invoice_States', key: ['id'], columns: 'all', isLeftBehind: true },
  ],
  applied: all(hasColumn('Documents', 'processing_status'), hasColumn('Invoices', 'grandTotal')),
  restore: [
    change(written(`(select s.name from ${states} s where s.id = a.invoice_state_id)`), {
      when: all(isArchived('Invoices'), isArchived('invoice_States')),
    }),
    change(written('null::text'), { when: all(isArchived('Invoices'), `not ${isArchived('invoice_States')}`) }),
    change(linked, { when: isArchived('Invoices') }),
  ],
  proofs: [
    {
      table: 'Invoices',
      column: null,
      wrong: `select a.id::text as row_id, ${modified('d', 'updatedAt')} as modified
        from ${copy} a left join public."Documents" d on d.id = a.id
        where d.id is null or d.document_file_url <> a.invoice_file_url or d."document_file_mimeType" <> a."invoice_file_mimeType"
          or (btrim(a.invoice_number) <> '' and d.document_name <> btrim(a.invoice_number))
          or (btrim(a.partner) <> '' and position(btrim(a.partner) in coalesce(d.description, '')) = 0)
          or (btrim(a.invoice_amount) <> '' and position(btrim(a.invoice_amount) in coalesce(d.description, '')) = 0)
          or d.assigned_user is distinct from (select u.id from public."Users" u where u.id = a.assigned_user_id)`,
      compared: `select count(*) as n from ${copy}`,
      when: isArchived('Invoices'),
    },
    {
      table: 'Invoices',
      column: 'assigned_account_id',
      wrong: `select a.id::text as row_id, false as modified from ${copy} a join public."crm_Accounts" c on c.id = a.assigned_account_id
        where not exists (select from public."DocumentsToAccounts" l where l.document_id = a.id and l.account_id = c.id)`,
      compared: `select count(*) as n from ${copy} where assigned_account_id is not null`,
      when: isArchived('Invoices'),
    },
    {
      table: 'Invoices',
      column: 'id',
      // Received ones among issued ones.
      wrong: `select a.id::text as row_id, false as modified from ${copy} a join public."Invoices" i on i.id = a.id`,
      compared: `select count(*) as n from ${copy}`,
      when: isArchived('Invoices'),
    },
  ],
  reported: [
    {
      what: 'Received invoices',
      where: 'Documents, of the type OTHER; vendor, amount, dates and state are in the description',
      home: true,
      count: `select count(*) as n from ${copy}`,
      query: `select d.id, d.document_name from ${copy} a join "Documents" d on d.id = a.id;`,
      when: isArchived('Invoices'),
    },
    {
      what: 'All other fields of received invoices, with their items',
      where: 'no place in NextCRM, where invoices are the ones that you issue',
      home: false,
      count: `select count(*) as n from ${copy}`,
      query: `select * from ${copy};`,
      when: isArchived('Invoices'),
    },
    {
      what: 'Links between documents and received invoices',
      where: 'no place in NextCRM',
      home: false,
      count: `select count(*) as n from ${archived('DocumentsToInvoices')}`,
      query: `select * from ${archived('DocumentsToInvoices')};`,
      when: isArchived('DocumentsToInvoices'),
    },
    {
      what: 'States of received invoices',
      where: 'no place in NextCRM',
      home: false,
      count: `select count(*) as n from ${states}`,
      query: `select * from ${states};`,
      when: isArchived('invoice_States'),
    },
  ],
  advice: [
    {
      section: 'look at',
      text: 'The copy of received invoices (nextcrm_archive."Invoices") was dropped before they were restored: {n} rows. None of them was restored or checked.',
      count: lostCopy('Invoices', `exists (select from ${stateSchema}.restored where subject = 'received-invoices')`),
      when: hasColumn('Invoices', 'grandTotal'),
    },
  ],
};
