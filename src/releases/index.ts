/** What NextCRM's later releases do, subject by subject: facts as of November 2026. */
import { seeded } from './seed.ts';
import type { Releases } from './subject.ts';
import { amountsInRange } from './subjects/amounts.ts';
import { avatars } from './subjects/avatars.ts';
import { campaigns } from './subjects/campaigns.ts';
import { companyData } from './subjects/company.ts';
import { creators } from './subjects/creators.ts';
import { currencies } from './subjects/currencies.ts';
import { documents } from './subjects/documents.ts';
import { droppedTables } from './subjects/dropped.ts';
import { invoiceNumbering } from './subjects/invoice-numbering.ts';
import { lookupValues } from './subjects/lookup-values.ts';
import { missingNames } from './subjects/missing-names.ts';
import { receivedInvoices } from './subjects/received-invoices.ts';
import { records } from './subjects/records.ts';
import { roles } from './subjects/roles.ts';
import { signIn } from './subjects/sign-in.ts';
import { unchanged } from './subjects/unchanged.ts';

/** In the order in which they are prepared and restored: the company's settings name a series and a tax rate. */
const subjects: Releases['subjects'] = [
  records,
  lookupValues,
  currencies,
  amountsInRange,
  roles,
  signIn,
  avatars,
  documents,
  receivedInvoices,
  invoiceNumbering,
  companyData,
  campaigns,
  creators,
  missingNames,
  droppedTables,
  unchanged,
];

export const releases: Releases = { subjects, seeded };
