/** A source with whatever NextCRM's later releases stop at, drop or hide. */
import { type Document, Long, ObjectId } from 'bson';
import type { DumpContent } from '../../support/dump.ts';

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
export const uuid = (n: number) => `00000000-0000-8000-8000-${n.toString(16).padStart(6, '0')}000000`;
const when = new Date('2022-02-03T04:05:06Z');
const day = (n: number) => new Date(Date.UTC(2023, 0, n));

const user = (n: number, email: string, more: Document = {}): Document => ({
  _id: id(n),
  __v: 0,
  email,
  created_on: when,
  userStatus: 'ACTIVE',
  ...more,
});

const lead = (n: number, more: Document): Document => ({ _id: id(n), __v: 0, lastName: `lead ${n}`, createdAt: when, ...more });

const opportunity = (n: number, more: Document): Document => ({
  _id: id(n),
  __v: 0,
  createdAt: when,
  budget: 0,
  expected_revenue: 0,
  ...more,
});

const invoice = (n: number, more: Document): Document => ({
  _id: id(n),
  __v: 0,
  date_created: when,
  last_updated: when,
  invoice_file_mimeType: 'application/pdf',
  invoice_file_url: `https://files.example/invoices/${n}.pdf?token=1`,
  visibility: true,
  ...more,
});

/** Typed currencies, and what they mean; null: nothing that NextCRM can keep. */
export const typedCurrencies: readonly (readonly [typed: string, code: string | null])[] = [
  ['CZK', 'CZK'],
  ['czk', 'CZK'],
  ['Kč', 'CZK'],
  ['€', 'EUR'],
  ['$', 'USD'],
  [' gbp ', 'GBP'],
  ['kr', 'SEK'],
  ['zł', 'PLN'],
  ['XQZ', 'XQZ'],
  ['cz', null],
  ['crowns', null],
  // The release takes the first three characters: what it then knows it keeps.
  ['CZK (Kč)', 'CZK'],
  ['EUR.', 'EUR'],
  ['USD/EUR', 'USD'],
  [' USD dollars', 'USD'],
  ['NOK crowns', null],
];

export const leadTypes = Array.from({ length: 200 }, (_, n) => `Type ${n}`);

export const dirty: DumpContent = {
  Users: [
    user(0x101, 'Chief@Example.com', { is_admin: true, avatar: 'https://files.example/chief.png', password: 'x' }),
    user(0x102, 'account.admin@example.com', { is_account_admin: true }),
    user(0x103, 'pending@example.com', { userStatus: 'PENDING' }),
    // Two that differ in case: the second signed in last, the first has the lower-case address.
    user(0x104, 'two@example.com', { lastLoginAt: day(1) }),
    user(0x105, 'Two@example.com', { lastLoginAt: day(2) }),
    // Three: nobody has the lower-case address; of equal times the older one wins.
    user(0x106, 'Three@example.com'),
    user(0x107, 'THREE@example.com', { lastLoginAt: day(3) }),
    user(0x108, 'ThrEE@example.com', { lastLoginAt: day(3) }),
  ],
  crm_Accounts: [
    { _id: id(0x201), __v: 0, name: 'Account', createdAt: when },
    // Rejected: it has no name.
    { _id: id(0x202), __v: 0, createdAt: when },
  ],
  crm_Leads: [
    ...leadTypes.map((type, n) => lead(0x1000 + n, { type, status: 'NEW', lead_source: n % 2 === 0 ? 'Web' : 'web' })),
    lead(0x1100, { type: 'TYPE 7', status: 'IN_PROGRESS', lead_source: 'Fair ' }),
    lead(0x1101, { type: 'demo', status: 'COMPLETED', lead_source: ' ' }),
    lead(0x1102, { type: '', status: ' \u00a0', lead_source: 'Web' }),
    lead(0x1103, { type: 'ŽLUŤ', status: 'lost' }),
    lead(0x1104, { type: 'žluť', status: 'Qualified', lead_source: 'long '.repeat(1000) }),
    lead(0x1105, { type: 'žluť' }),
  ],
  crm_Contacts: [
    { _id: id(0x301), __v: 0, last_name: 'c', type: 'Friend', created_by: id(0x101), createdBy: id(0x102) },
    { _id: id(0x302), __v: 0, last_name: 'c', type: 'customer', created_by: id(0x101) },
    { _id: id(0x303), __v: 0, last_name: 'c', createdBy: id(0x999) },
    { _id: id(0x304), __v: 0, last_name: 'c', type: ' ' },
  ],
  crm_Opportunities: [
    ...typedCurrencies.map(([currency], n) => opportunity(0x400 + n, { currency, budget: 10 })),
    opportunity(0x480, { budget: Long.fromString('12345678901234567'), expected_revenue: -1e17 }),
  ],
  crm_Opportunities_Sales_Stages: [
    { _id: id(0x501), __v: 0, name: 's', probability: 2 ** 40, order: 1 },
    { _id: id(0x502), __v: 0, name: 't', probability: 10, order: 2 },
  ],
  crm_Opportunities_Type: [{ _id: id(0x503), __v: 0, name: 't', order: Long.fromString('-9999999999') }],
  MyAccount: [
    {
      _id: id(0x602),
      __v: 0,
      company_name: 'Second',
      is_person: false,
      VAT_number: 'v2',
      currency: 'EUR',
    },
    {
      _id: id(0x601),
      __v: 0,
      company_name: 'First',
      is_person: false,
      VAT_number: 'v1',
      TAX_number: 't1',
      currency: 'sek',
      street: 'Street',
      city: 'City',
      zip: '1',
      country: 'SE',
      email: 'office@example.com',
      phone: '1',
      website: 'w',
      bank_name: 'b',
      bank_account: 'a',
      bank_IBAN: 'i',
      bank_SWIFT: 's',
    },
  ],
  invoice_States: [{ _id: id(0x700), name: 'Paid' }],
  Invoices: [
    invoice(0x701, {
      invoice_number: '2023-1',
      partner: 'Vendor Ltd',
      invoice_amount: '121.50',
      invoice_currency: 'CZK',
      date_due: day(9),
      variable_symbol: '42',
      invoice_state_id: id(0x700),
      assigned_user_id: id(0x101),
      assigned_account_id: id(0x201),
      last_updated_by: id(0x102),
    }),
    invoice(0x702, { invoice_number: ' ', assigned_account_id: id(0x202), assigned_user_id: id(0x999) }),
  ],
  Documents: [
    {
      _id: id(0x801),
      __v: 0,
      document_name: 'd',
      document_file_mimeType: 'm',
      document_file_url: 'u',
      document_system_type: 'INVOICE',
      invoiceIDs: [id(0x701)],
    },
    {
      _id: id(0x802),
      __v: 0,
      document_name: 'e',
      document_file_mimeType: 'm',
      document_file_url: 'u',
      document_system_type: 'OFFER',
    },
  ],
  crm_campaigns: [
    { _id: id(0x901), __v: 0, name: 'old' },
    { _id: id(0x902), __v: 0, name: 'new', status: 'sent' },
  ],
  crm_Contracts: [{ _id: id(0xa01), __v: 0, title: 'c', value: 1000, createdAt: when, createdBy: id(0x101) }],
  openAi_keys: [{ _id: id(0xb01), __v: 0, user: id(0x101), organization_id: 'o', api_key: 'k' }],
  gpt_models: [{ _id: id(0xb02), __v: 0, model: 'm', status: 'ACTIVE' }],
  modulStatus: [{ _id: id(0xb03), name: 'n', isVisible: true }],
  system_Modules_Enabled: [{ _id: id(0xb04), __v: 0, name: 'n', enabled: true, position: 1 }],
  secondBrain_notions: [{ _id: id(0xb05), __v: 0, user: id(0x101), notion_api_key: 'k', notion_db_id: 'd' }],
  Boards: [{ _id: id(0xb06), __v: 0, description: 'd', title: 't', user: id(0x101) }],
};
