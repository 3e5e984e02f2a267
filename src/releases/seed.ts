/**
 * What the first start of a later NextCRM puts into an empty database, as of November 2026: its migrations, and the seed of release
 * 0.21.2 (prisma/seeds and prisma/initial-data), which its container runs where there is no user.
 */
import type { Releases } from './subject.ts';

export const seeded: Releases['seeded'] = {
  Users: 1,
  // By whoever signs in to have a look.
  account: null,
  session: null,
  verification: null,
  Currency: 3,
  ExchangeRate: 6,
  crm_SystemSettings: 2,
  crm_Contact_Types: 4,
  crm_Lead_Sources: 6,
  crm_Lead_Statuses: 4,
  crm_Lead_Types: 1,
  crm_Industry_Type: 3,
  crm_Opportunities_Type: 4,
  crm_Opportunities_Sales_Stages: 9,
  Invoice_Series: 1,
  Invoice_Settings: 1,
  Invoice_TaxRates: 3,
};
