/** Accounts, and the industries that they belong to. */
import type { Builder } from '../draft.ts';
import { type Address, address, companyName, companyNumber, email, phone, vatNumber, website } from '../people.ts';
import { note, paragraph } from '../texts.ts';

const industries = [
  'Agriculture',
  'Automotive',
  'Banking',
  'Construction',
  'Consulting',
  'Education',
  'Energy',
  'Healthcare',
  'Hospitality',
  'IT & Software',
  'Logistics',
  'Manufacturing',
  'Real estate',
  'Retail',
  'Telecommunications',
];

const account: Builder = (draft) => {
  const { random, language } = draft;
  const billing = address(random, language);
  const elsewhere: Address | null | undefined = draft.some(0.3, () => address(random, language));
  const shipping = elsewhere ?? billing;
  return {
    _id: draft.id,
    __v: 0,
    createdAt: draft.created,
    createdBy: draft.staff(0.9),
    updatedAt: draft.some(0.95, () => draft.updated),
    updatedBy: draft.staff(0.6),
    annual_revenue: draft.some(0.7, () => `${random.between(1, 900)} 000 000 ${random.pick(['CZK', 'EUR', 'GBP', 'UAH'])}`),
    assigned_to: draft.staff(0.9),
    billing_city: billing.city,
    billing_country: billing.country,
    billing_postal_code: billing.postalCode,
    billing_state: draft.some(0.7, () => billing.state),
    billing_street: billing.street,
    company_id: draft.some(0.85, () => companyNumber(random)),
    description: draft.some(0.95, () => (random.chance(0.25) ? note(random, language) : paragraph(random, language, 5, 11))),
    email: draft.some(0.9, () => email(random)),
    employees: draft.some(0.75, () => random.pick(['1-10', '11-50', '51-200', '201-500', '1000+'])),
    fax: draft.some(0.15, () => phone(random, language)),
    industry: draft.ref('crm_Industry_Type', 0.9),
    member_of: draft.some(0.1, () => companyName(random, language)),
    name: companyName(random, language),
    office_phone: draft.some(0.85, () => phone(random, language)),
    shipping_city: draft.some(0.8, () => shipping.city),
    shipping_country: draft.some(0.8, () => shipping.country),
    shipping_postal_code: draft.some(0.8, () => shipping.postalCode),
    shipping_state: draft.some(0.5, () => shipping.state),
    shipping_street: draft.some(0.8, () => shipping.street),
    status: draft.some(0.9, () => random.pick(['Active', 'Active', 'Inactive'])),
    type: draft.some(0.9, () => random.pick(['Customer', 'Customer', 'Partner', 'Vendor', 'Prospect'])),
    vat: draft.some(0.8, () => vatNumber(random, language)),
    website: draft.some(0.75, () => website(random)),
    documentsIDs: draft.links('documentsIDs'),
    watchers: draft.links('watchers'),
  };
};

const industry: Builder = ({ id, index }) => ({ _id: id, __v: 0, name: industries[index % industries.length] });

export const accounts = { crm_Accounts: account, crm_Industry_Type: industry };
