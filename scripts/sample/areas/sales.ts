/** Opportunities with their stages and types, contracts, campaigns. */
import type { Builder } from '../draft.ts';
import { companyName } from '../people.ts';
import { note, sentence, title } from '../texts.ts';

const stages = ['Prospecting', 'Qualification', 'Needs analysis', 'Proposal', 'Negotiation', 'Closed won', 'Closed lost'];
const opportunityTypes = ['New business', 'Existing business', 'Renewal'];
const campaigns = ['Spring 2023', 'Podzim 2024', 'Hannover Messe', 'LinkedIn Ads'];

const opportunity: Builder = (draft) => {
  const { random, language } = draft;
  const budget = random.between(5, 900) * 1000;
  return {
    _id: draft.id,
    __v: 0,
    account: draft.ref('crm_Accounts', 0.95),
    assigned_to: draft.staff(0.95),
    budget,
    campaign: draft.ref('crm_campaigns', 0.4),
    close_date: draft.some(0.8, () => draft.within(240)),
    contact: draft.ref('crm_Contacts', 0.7),
    created_by: draft.staff(0.6),
    createdBy: draft.staff(0.8),
    created_on: draft.some(0.7, () => draft.created),
    createdAt: draft.created,
    last_activity: draft.some(0.6, () => draft.updated),
    updatedAt: draft.some(0.95, () => draft.updated),
    updatedBy: draft.staff(0.6),
    last_activity_by: draft.staff(0.4),
    currency: draft.some(0.8, () => random.pick(['CZK', 'EUR', 'GBP', 'USD'])),
    description: draft.some(0.7, () => note(random, language)),
    expected_revenue: Math.round(budget * 0.8),
    name: draft.some(0.97, () => `${companyName(random, language)} – ${title(random, language)}`),
    next_step: draft.some(0.6, () => sentence(random, language)),
    sales_stage: draft.ref('crm_Opportunities_Sales_Stages', 0.97),
    type: draft.ref('crm_Opportunities_Type', 0.95),
    status: draft.some(0.97, () => random.pick(['ACTIVE', 'ACTIVE', 'INACTIVE', 'PENDING', 'CLOSED'])),
    connected_documents: draft.links('connected_documents'),
    connected_contacts: draft.links('connected_contacts'),
  };
};

const contract: Builder = (draft) => {
  const { random, language } = draft;
  const signed = random.chance(0.5);
  return {
    _id: draft.id,
    __v: 0,
    title: `${title(random, language)} ${random.between(2019, 2025)}/${random.digits(3)}`,
    value: random.between(3, 2000) * 500,
    startDate: draft.some(0.95, () => draft.created),
    endDate: draft.some(0.7, () => draft.within(1500)),
    renewalReminderDate: draft.some(0.4, () => draft.within(700)),
    customerSignedDate: signed ? draft.within(20) : draft.nothing(),
    companySignedDate: signed ? draft.within(20) : draft.nothing(),
    description: draft.some(0.6, () => note(random, language)),
    account: draft.ref('crm_Accounts', 0.95),
    assigned_to: draft.staff(0.9),
    createdAt: draft.some(0.95, () => draft.created),
    createdBy: draft.staff(0.8),
    updatedAt: draft.some(0.9, () => draft.updated),
    updatedBy: draft.staff(0.5),
    status: signed ? 'SIGNED' : random.pick(['NOTSTARTED', 'INPROGRESS']),
    type: draft.some(0.5, () => random.pick(['SLA', 'NDA', 'licence', 'rámcová smlouva'])),
  };
};

const stage: Builder = ({ id, index }) => ({
  _id: id,
  __v: 0,
  name: stages[index % stages.length],
  probability: Math.min(100, index * 20),
  order: index,
});
const opportunityType: Builder = ({ id, index }) => ({
  _id: id,
  __v: 0,
  name: opportunityTypes[index % opportunityTypes.length],
  order: index,
});
const campaign: Builder = ({ id, index, random, language }) => ({
  _id: id,
  __v: 0,
  name: campaigns[index % campaigns.length],
  description: index === 0 ? null : sentence(random, language),
  status: index < 2 ? 'INACTIVE' : 'ACTIVE',
});

export const sales = {
  crm_Opportunities: opportunity,
  crm_Opportunities_Sales_Stages: stage,
  crm_Opportunities_Type: opportunityType,
  crm_Contracts: contract,
  crm_campaigns: campaign,
  crm_campains: campaign,
};
