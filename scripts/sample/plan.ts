/** How many documents each collection holds at a given size. */

/** At this size the shares below are the numbers of documents. */
export const typicalDocuments = 10_000;

/** Collections that grow with the database. `Users` takes the rest: 8,000 of 10,000 in a typical database. */
const growing = {
  Boards: 16,
  Documents: 130,
  Feedback: 9,
  Invoices: 70,
  Sections: 50,
  Tasks: 130,
  TodoList: 12,
  crm_Accounts: 280,
  crm_Accounts_Tasks: 80,
  crm_Contacts: 340,
  crm_Contracts: 30,
  crm_Leads: 107,
  crm_Opportunities: 600,
  tasksComments: 60,
};

/** Collections that an installation fills once. */
const fixed = {
  Documents_Types: 5,
  Employees: 12,
  ImageUpload: 3,
  MyAccount: 1,
  crm_Industry_Type: 15,
  crm_Opportunities_Sales_Stages: 7,
  crm_Opportunities_Type: 3,
  crm_campaigns: 4,
  // As an older release named it.
  crm_campains: 3,
  gpt_models: 4,
  invoice_States: 5,
  modulStatus: 5,
  openAi_keys: 4,
  secondBrain_notions: 3,
  systemServices: 4,
  system_Modules_Enabled: 8,
};

/** Its documents were all made within seconds, when the app was installed. */
export function isFilledOnce(collection: string): boolean {
  return Object.hasOwn(fixed, collection);
}

export interface Plan {
  /** Documents per collection, in the order in which they are written. */
  readonly counts: ReadonlyMap<string, number>;
  /** What the number of documents would be at the typical size; dirt keeps its share of it. */
  readonly typical: ReadonlyMap<string, number>;
}

/** The whole database: `documents` in total, as far as each collection has at least one. */
export function wholeDatabase(documents: number): Plan {
  const counts = shares(documents / typicalDocuments);
  return { counts: sorted(counts), typical: shares(1) };
}

/** The accounts, and the few documents of other collections that they name. */
export function accountsOnly(accounts: number): Plan {
  const counts = new Map([
    ['Users', 50],
    ['crm_Accounts', accounts],
    ['crm_Industry_Type', fixed.crm_Industry_Type],
  ]);
  return { counts: sorted(counts), typical: shares(1) };
}

function shares(scale: number): Map<string, number> {
  const counts = new Map<string, number>(Object.entries(fixed));
  for (const [collection, share] of Object.entries(growing)) counts.set(collection, Math.max(1, Math.round(share * scale)));
  const others = [...counts.values()].reduce((sum, count) => sum + count, 0);
  counts.set('Users', Math.max(1, Math.round(typicalDocuments * scale) - others));
  return counts;
}

function sorted(counts: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}
