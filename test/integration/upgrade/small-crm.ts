/** A small, clean source with what NextCRM's later releases move, drop or stop at. */
import { ObjectId } from 'bson';
import type { DumpContent } from '../../support/dump.ts';

export const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const when = new Date('2022-02-03T04:05:06Z');

export const smallCrm: DumpContent = {
  Users: [
    {
      _id: id(1),
      email: 'Chief@Example.com',
      is_admin: true,
      userStatus: 'ACTIVE',
      created_on: when,
      avatar: 'https://files.example/1.png',
    },
    { _id: id(2), email: 'clerk@example.com', userStatus: 'ACTIVE', created_on: when },
  ],
  crm_Accounts: [
    { _id: id(11), name: 'One', email: 'one@example.com', createdAt: when, updatedAt: when, assigned_to: id(1) },
    { _id: id(12), name: 'Two', createdAt: when },
  ],
  crm_Contacts: [{ _id: id(21), last_name: 'Contact', type: 'Customer', accountsIDs: id(11), created_by: id(1) }],
  crm_Leads: [
    { _id: id(31), lastName: 'Lead', status: 'IN_PROGRESS', type: 'Webinar', lead_source: 'Fair', createdAt: when },
    { _id: id(32), lastName: 'Lead 2', status: 'NEW', createdAt: when },
  ],
  crm_Opportunities: [{ _id: id(41), name: 'Deal', currency: 'czk', budget: 1000, expected_revenue: 2500, created_by: id(1) }],
  crm_campaigns: [{ _id: id(51), name: 'Campaign' }],
  Documents: [
    {
      _id: id(61),
      document_name: 'Scan',
      document_file_mimeType: 'application/pdf',
      document_file_url: 'https://files.example/61.pdf',
      document_system_type: 'INVOICE',
      accountsIDs: [id(11)],
    },
  ],
  Invoices: [
    {
      _id: id(71),
      invoice_number: 'F-1',
      invoice_file_mimeType: 'application/pdf',
      invoice_file_url: 'https://files.example/71.pdf',
      date_created: when,
      last_updated: when,
      visibility: true,
    },
  ],
  MyAccount: [{ _id: id(81), company_name: 'Company', VAT_number: 'CZ1', currency: 'CZK' }],
  openAi_keys: [{ _id: id(91), user: id(1), organization_id: 'org', api_key: 'sk-CANARY' }],
};
