/** What NextCRM 0.1 stored in MongoDB, what its first PostgreSQL release expects, and what later ones do. Passed on by whoever starts something. */
import structure from '../../prisma/catalog.json' with { type: 'json' };
import { releases } from '../releases/index.ts';
import { boards } from './boards.ts';
import { crmAccounts } from './crm-accounts.ts';
import { crmAccountsTasks } from './crm-accounts-tasks.ts';
import { crmCampaigns } from './crm-campaigns.ts';
import { crmContacts } from './crm-contacts.ts';
import { crmContracts } from './crm-contracts.ts';
import { crmIndustryType } from './crm-industry-type.ts';
import { crmLeads } from './crm-leads.ts';
import { crmOpportunities } from './crm-opportunities.ts';
import { crmOpportunitiesSalesStages } from './crm-opportunities-sales-stages.ts';
import { crmOpportunitiesType } from './crm-opportunities-type.ts';
import { documents } from './documents.ts';
import { documentsTypes } from './documents-types.ts';
import { droppedCollections } from './dropped-collections.ts';
import { employees } from './employees.ts';
import { gptModels } from './gpt-models.ts';
import { imageUpload } from './image-upload.ts';
import { invoiceStates } from './invoice-states.ts';
import { invoices } from './invoices.ts';
import { junctions } from './junctions.ts';
import { lookupTables } from './lookup-tables.ts';
import { migrations } from './migrations.ts';
import { modulStatus } from './modul-status.ts';
import { myAccount } from './my-account.ts';
import { naming } from './naming.ts';
import { openAiKeys } from './open-ai-keys.ts';
import { secondBrainNotions } from './second-brain-notions.ts';
import { sections } from './sections.ts';
import type { Catalog } from './spec.ts';
import { systemModulesEnabled } from './system-modules-enabled.ts';
import { systemServices } from './system-services.ts';
import { tasks } from './tasks.ts';
import { tasksComments } from './tasks-comments.ts';
import { todoList } from './todo-list.ts';
import { users } from './users.ts';

/** The collections in the order in which they are loaded (alphabetical, as the reports list them). */
export const nextcrm: Catalog = {
  naming,
  collections: [
    boards,
    documents,
    documentsTypes,
    employees,
    imageUpload,
    invoices,
    myAccount,
    sections,
    tasks,
    todoList,
    users,
    crmAccounts,
    crmAccountsTasks,
    crmContacts,
    crmContracts,
    crmIndustryType,
    crmLeads,
    crmOpportunities,
    crmOpportunitiesSalesStages,
    crmOpportunitiesType,
    crmCampaigns,
    gptModels,
    invoiceStates,
    modulStatus,
    openAiKeys,
    secondBrainNotions,
    systemServices,
    systemModulesEnabled,
    tasksComments,
  ],
  junctions,
  lookupTables,
  migrations,
  structure,
  releases,
  dropped: droppedCollections,
};
