/** Contacts and leads. */
import type { Builder } from '../draft.ts';
import { companyName, email, firstName, lastName, phone, position, website } from '../people.ts';
import { note, sentence, someTags } from '../texts.ts';

const social = (site: string, name: string) => `https://${site}.example/${encodeURIComponent(name.toLowerCase())}`;

const contact: Builder = (draft) => {
  const { random, language } = draft;
  const last = lastName(random, language);
  const account = draft.ref('crm_Accounts', 0.9);
  return {
    _id: draft.id,
    __v: 0,
    account,
    assigned_to: draft.staff(0.9),
    birthday: draft.some(0.3, () => `${random.between(1, 28)}/${random.between(1, 12)}/${random.between(1950, 2003)}`),
    created_by: draft.staff(0.7),
    createdBy: draft.staff(0.8),
    created_on: draft.some(0.95, () => draft.created),
    cratedAt: draft.some(0.7, () => draft.created),
    last_activity: draft.some(0.8, () => draft.updated),
    updatedAt: draft.some(0.9, () => draft.updated),
    updatedBy: draft.staff(0.5),
    last_activity_by: draft.staff(0.4),
    description: draft.some(0.5, () => sentence(random, language)),
    email: draft.some(0.9, () => email(random)),
    personal_email: draft.some(0.2, () => email(random)),
    first_name: draft.some(0.95, () => firstName(random, language)),
    last_name: last,
    office_phone: draft.some(0.5, () => phone(random, language)),
    mobile_phone: draft.some(0.7, () => phone(random, language)),
    website: draft.some(0.3, () => website(random)),
    position: draft.some(0.7, () => position(random)),
    status: random.chance(0.9),
    social_twitter: draft.some(0.15, () => social('twitter', last)),
    social_facebook: draft.some(0.2, () => social('facebook', last)),
    social_linkedin: draft.some(0.4, () => social('linkedin', last)),
    social_skype: draft.some(0.1, () => `live:${last}`),
    social_instagram: draft.some(0.1, () => social('instagram', last)),
    social_youtube: draft.some(0.05, () => social('youtube', last)),
    social_tiktok: draft.some(0.04, () => social('tiktok', last)),
    type: draft.some(0.9, () => random.pick(['Customer', 'Customer', 'Partner', 'Vendor', 'Prospect'])),
    tags: someTags(random, 3),
    notes: random.chance(0.3) ? [note(random, language), sentence(random, language)] : [],
    opportunitiesIDs: draft.links('opportunitiesIDs'),
    accountsIDs: account ?? undefined,
    documentsIDs: draft.links('documentsIDs'),
  };
};

const lead: Builder = (draft) => {
  const { random, language } = draft;
  return {
    _id: draft.id,
    __v: 0,
    createdAt: draft.some(0.95, () => draft.created),
    createdBy: draft.staff(0.8),
    updatedAt: draft.some(0.9, () => draft.updated),
    updatedBy: draft.staff(0.5),
    firstName: draft.some(0.9, () => firstName(random, language)),
    lastName: lastName(random, language),
    company: draft.some(0.8, () => companyName(random, language)),
    jobTitle: draft.some(0.6, () => position(random)),
    email: draft.some(0.9, () => email(random)),
    phone: draft.some(0.7, () => phone(random, language)),
    description: draft.some(0.6, () => note(random, language)),
    lead_source: draft.some(0.8, () => random.pick(['web', 'veletrh', 'Messe', 'cold call', 'рекомендація', 'newsletter'])),
    refered_by: draft.some(0.2, () => `${firstName(random, language)} ${lastName(random, language)}`),
    campaign: draft.some(0.3, () => random.pick(['Spring 2023', 'Podzim 2024', 'LinkedIn Ads'])),
    status: draft.some(0.9, () => random.pick(['NEW', 'NEW', 'CONTACTED', 'QUALIFIED', 'LOST'])),
    type: draft.some(0.9, () => 'DEMO'),
    assigned_to: draft.staff(0.9),
    accountsIDs: draft.ref('crm_Accounts', 0.4),
    documentsIDs: draft.links('documentsIDs'),
  };
};

export const contacts = { crm_Contacts: contact, crm_Leads: lead };
