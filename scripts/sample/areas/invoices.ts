/** Invoices as read by a recognition service, their states, and the company's own account. */
import type { Builder, Draft, Fields } from '../draft.ts';
import { address, companyName, companyNumber, email, iban, phoneNumber, phonePrefix, vatNumber, website } from '../people.ts';
import { sentence } from '../texts.ts';

const states = ['New', 'Imported', 'To be approved', 'Approved', 'Paid'];
const amount = (draft: Draft) => `${draft.random.between(100, 99_000)}.${draft.random.digits(2)}`;

const invoice: Builder = (draft) => {
  const { random, language } = draft;
  const year = draft.created.getUTCFullYear();
  return {
    _id: draft.id,
    __v: draft.some(0.5, () => 0),
    date_created: draft.created,
    last_updated: draft.updated,
    last_updated_by: draft.staff(0.5),
    date_received: draft.some(0.9, () => draft.created),
    date_of_case: draft.some(0.6, () => draft.created),
    date_tax: draft.some(0.7, () => draft.created),
    date_due: draft.some(0.9, () => draft.within(30)),
    description: draft.some(0.5, () => sentence(random, language)),
    document_type: draft.some(0.8, () => random.pick(['invoice', 'credit_note', 'proforma'])),
    favorite: draft.some(0.6, () => random.chance(0.1)),
    variable_symbol: draft.some(0.9, () => `${year}${random.digits(4)}`),
    constant_symbol: draft.some(0.3, () => '0308'),
    specific_symbol: draft.some(0.1, () => random.digits(6)),
    order_number: draft.some(0.4, () => `OBJ-${random.digits(5)}`),
    internal_number: draft.some(0.3, () => random.digits(7)),
    invoice_number: draft.some(0.95, () => `${year}/${random.digits(4)}`),
    invoice_amount: draft.some(0.95, () => amount(draft)),
    invoice_file_mimeType: 'application/pdf',
    invoice_file_url: `https://files.example/invoices/${random.digits(14)}.pdf`,
    invoice_items: draft.some(0.6, () => items(draft)),
    invoice_type: draft.some(0.7, () => random.pick(['Taxable document', 'Non taxable document'])),
    invoice_currency: draft.some(0.9, () => random.pick(['CZK', 'EUR', 'USD'])),
    invoice_language: draft.some(0.6, () => random.pick(['ces', 'deu', 'eng', 'ukr'])),
    ...partner(draft),
    ...recognition(draft),
    money_s3_url: draft.some(0.3, () => `https://files.example/money/${random.digits(14)}.xml`),
    status: draft.some(0.7, () => random.pick(['new', 'approved', 'paid'])),
    invoice_state_id: draft.ref('invoice_States', 0.8),
    assigned_user_id: draft.staff(0.8),
    assigned_account_id: draft.ref('crm_Accounts', 0.7),
    visibility: random.chance(0.95),
    connected_documents: draft.links('connected_documents'),
  };
};

function items(draft: Draft): Fields[] {
  const { random, language } = draft;
  return Array.from({ length: random.between(1, 4) }, () => ({
    description: sentence(random, language),
    quantity: random.between(1, 40),
    unit_price: random.between(100, 99_000) / 100,
    vat_rate: random.pick([0, 10, 21]),
    total: amount(draft),
    note: null,
  }));
}

function partner(draft: Draft): Fields {
  const { random, language } = draft;
  const seat = address(random, language);
  const business = address(random, language);
  return {
    partner: draft.some(0.97, () => companyName(random, language)),
    partner_street: draft.some(0.9, () => seat.street),
    partner_city: draft.some(0.9, () => seat.city),
    partner_zip: draft.some(0.9, () => seat.postalCode),
    partner_country: draft.some(0.8, () => seat.country),
    partner_country_code: draft.some(0.8, () => seat.countryCode),
    partner_business_street: draft.some(0.2, () => business.street),
    partner_business_city: draft.some(0.2, () => business.city),
    partner_business_zip: draft.some(0.2, () => business.postalCode),
    partner_business_country: draft.some(0.2, () => business.country),
    partner_business_country_code: draft.some(0.2, () => business.countryCode),
    partner_VAT_number: draft.some(0.9, () => vatNumber(random, language)),
    partner_TAX_number: draft.some(0.7, () => companyNumber(random)),
    partner_TAX_local_number: draft.some(0.1, () => companyNumber(random)),
    partner_phone_prefix: draft.some(0.4, () => phonePrefix(language)),
    partner_phone_number: draft.some(0.5, () => phoneNumber(random)),
    partner_fax_prefix: draft.some(0.1, () => phonePrefix(language)),
    partner_fax_number: draft.some(0.1, () => phoneNumber(random)),
    partner_email: draft.some(0.6, () => email(random)),
    partner_website: draft.some(0.4, () => website(random)),
    partner_is_person: draft.some(0.7, () => random.chance(0.1)),
    partner_bank: draft.some(0.6, () => random.pick(['Vzorová banka', 'Musterbank', 'Sample Bank plc'])),
    partner_account_number: draft.some(0.7, () => random.digits(10)),
    partner_account_bank_number: draft.some(0.7, () => random.digits(4)),
    partner_IBAN: draft.some(0.6, () => iban(random, language)),
    partner_SWIFT: draft.some(0.4, () => 'SAMPCZPPXXX'),
    partner_BIC: draft.some(0.3, () => 'SAMPCZPP'),
  };
}

function recognition(draft: Draft): Fields {
  const annotation = draft.random.digits(8);
  const url = 'https://recognition.example/api/v1';
  const known = draft.random.chance(0.7);
  const nothing = draft.nothing();
  const when = (text: string) => (known ? text : nothing);
  return {
    rossum_status: when(draft.random.pick(['importing', 'to_review', 'exported'])),
    rossum_annotation_id: when(annotation),
    rossum_annotation_url: when(`${url}/annotations/${annotation}`),
    rossum_document_id: when(annotation),
    rossum_document_url: when(`${url}/documents/${annotation}`),
    rossum_annotation_json_url: when(`https://files.example/rossum/${annotation}.json`),
    rossum_annotation_xml_url: when(`https://files.example/rossum/${annotation}.xml`),
  };
}

/** One document, with every field, since there is only one. */
const myAccount: Builder = ({ id, random }) => ({
  _id: id,
  __v: 0,
  company_name: 'Vzorová společnost s.r.o.',
  is_person: false,
  email: 'info@vzorova.example',
  email_accountant: 'ucetni@vzorova.example',
  phone_prefix: '+420',
  phone: phoneNumber(random),
  mobile_prefix: '+420',
  mobile: phoneNumber(random),
  fax_prefix: '+420',
  fax: phoneNumber(random),
  website: 'https://vzorova.example',
  street: 'Žitná 12',
  city: 'Praha',
  state: 'Hlavní město Praha',
  zip: '120 00',
  country: 'Česká republika',
  country_code: 'CZ',
  billing_street: 'Žitná 12',
  billing_city: 'Praha',
  billing_state: 'Hlavní město Praha',
  billing_zip: '120 00',
  billing_country: 'Česká republika',
  billing_country_code: 'CZ',
  currency: 'CZK',
  currency_symbol: 'Kč',
  VAT_number: 'CZ00000000',
  TAX_number: '00000000',
  bank_name: 'Vzorová banka',
  bank_account: '000000-0000000000',
  bank_code: '0000',
  bank_IBAN: 'CZ00 0000 0000 0000 0000 0000',
  bank_SWIFT: 'SAMPCZPPXXX',
});

const invoiceState: Builder = ({ id, index }) => ({ _id: id, name: states[index % states.length] });

export const invoices = { Invoices: invoice, invoice_States: invoiceState, MyAccount: myAccount };
