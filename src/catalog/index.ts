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
import { employees } from './employees.ts';
import { gptModels } from './gpt-models.ts';
import { imageUpload } from './image-upload.ts';
import { invoiceStates } from './invoice-states.ts';
import { invoices } from './invoices.ts';
import { junctions } from './junctions.ts';
import { modulStatus } from './modul-status.ts';
import { myAccount } from './my-account.ts';
import { openAiKeys } from './open-ai-keys.ts';
import { secondBrainNotions } from './second-brain-notions.ts';
import { sections } from './sections.ts';
import type { CollectionSpec } from './spec.ts';
import { systemModulesEnabled } from './system-modules-enabled.ts';
import { systemServices } from './system-services.ts';
import { tasks } from './tasks.ts';
import { tasksComments } from './tasks-comments.ts';
import { todoList } from './todo-list.ts';
import { users } from './users.ts';

export type { CollectionSpec, ColumnSpec, JunctionSpec, Kind, LinkSpec } from './spec.ts';

/** Every collection that has a table, in the order in which they are loaded (alphabetical, as the reports list them). */
export const collections: readonly CollectionSpec[] = [
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
];

export { junctions };

/** Every table of NextCRM. */
export const tableNames: readonly string[] = [
  ...collections.map(({ collection }) => collection),
  ...junctions.map(({ table }) => table),
];
