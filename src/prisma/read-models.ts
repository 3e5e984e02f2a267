/** Reads every table through Prisma Client, as the app will: what Prisma cannot read, the app cannot show. */
import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { collections } from '../catalog/index.ts';
import { parseTargetUrl } from '../config/target-url.ts';
import { invariant } from '../failure.ts';
import { quoted } from '../target/quoted.ts';
import { PrismaClient } from './client/client.ts';
import { openPool } from './pool.ts';
import { unread } from './unread.ts';

export interface ModelRead {
  readonly model: string;
  /** Rows that came back: first, last and widest of a model, which may be the same one; one from a junction. */
  readonly rows: number;
  /** Why a row did not come back: Prisma's code, or the kind of error. Never its text, which may quote values. */
  readonly error: string | null;
}

interface Model {
  findFirst(query: { readonly orderBy: { readonly id: 'asc' | 'desc' } }): PromiseLike<unknown>;
  findUnique(query: { readonly where: { readonly id: string } }): PromiseLike<unknown>;
}

interface Junction {
  findFirst(): PromiseLike<unknown>;
}

/** The first and the last row of each model by id and its widest one, and one pair of each junction. */
export async function readModels(url: string): Promise<readonly ModelRead[]> {
  const parsed = parseTargetUrl(url, process.cwd());
  invariant('value' in parsed, 'The URL of the target was parsed before');
  const pool = await openPool(parsed.value, 'Prisma Client');
  // Its default, 'pretty', writes every error to stderr with a piece of our source.
  const client = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal', log: [] });
  try {
    const reads: ModelRead[] = [];
    for (const [model, delegate] of Object.entries(modelsOf(client))) {
      reads.push(joined(model, [...(await firstAndLast(model, delegate)), await widest(model, delegate, pool)]));
    }
    for (const [model, delegate] of Object.entries(junctionsOf(client)))
      reads.push(await attempt(model, () => delegate.findFirst()));
    // Where the server is gone, nothing of all this is the fault of a row.
    await pool.query('select 1').catch((cause: unknown) => Promise.reject(unread(cause)));
    return reads;
  } finally {
    await client.$disconnect();
    await pool.end();
  }
}

async function firstAndLast(model: string, delegate: Model): Promise<readonly ModelRead[]> {
  return [
    await attempt(model, () => delegate.findFirst({ orderBy: { id: 'asc' } })),
    await attempt(model, () => delegate.findFirst({ orderBy: { id: 'desc' } })),
  ];
}

/**
 * Of the rows up to this size, as the server stores them (long values compressed): MongoDB holds no document beyond 16 MB, and a client
 * that reads a row needs several times its size.
 */
const rowBytesMax = 4 * 1024 * 1024;

/** The sizes are read from the rows' heads, so that the server unpacks no long value. */
async function widest(model: string, delegate: Model, pool: Pool): Promise<ModelRead> {
  return await attempt(model, async () => {
    const spec = collections.find(({ collection }) => collection === model);
    invariant(spec !== undefined, `${model} is a collection of the catalog`);
    const sizes = ['id', ...Object.keys(spec.columns)].map((column) => `coalesce(pg_column_size(${quoted(column)}), 0)`);
    const { rows } = await pool.query<{ id: string }>(
      `select id::text as id from (select id, ${sizes.join(' + ')} as bytes from public.${quoted(model)}) t
       where bytes <= $1 order by bytes desc, id limit 1`,
      [rowBytesMax],
    );
    const [row] = rows;
    return row === undefined ? null : await delegate.findUnique({ where: { id: row.id } });
  });
}

function joined(model: string, reads: readonly ModelRead[]): ModelRead {
  return {
    model,
    rows: reads.reduce((sum, { rows }) => sum + rows, 0),
    error: reads.find(({ error }) => error !== null)?.error ?? null,
  };
}

/** Twice: a connection that broke is another one the second time, a row that cannot be read stays what it is. */
async function attempt(model: string, read: () => PromiseLike<unknown>): Promise<ModelRead> {
  let failed: unknown;
  for (let times = 0; times < 2; times += 1) {
    try {
      return { model, rows: (await read()) === null ? 0 : 1, error: null };
    } catch (error) {
      failed = error;
    }
  }
  return { model, rows: 0, error: kindOf(failed) };
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
}

const modelsOf = (client: PrismaClient): Readonly<Record<string, Model>> => ({
  Boards: client.boards,
  Documents: client.documents,
  Documents_Types: client.documents_Types,
  Employees: client.employees,
  ImageUpload: client.imageUpload,
  Invoices: client.invoices,
  MyAccount: client.myAccount,
  Sections: client.sections,
  Tasks: client.tasks,
  TodoList: client.todoList,
  Users: client.users,
  crm_Accounts: client.crm_Accounts,
  crm_Accounts_Tasks: client.crm_Accounts_Tasks,
  crm_Contacts: client.crm_Contacts,
  crm_Contracts: client.crm_Contracts,
  crm_Industry_Type: client.crm_Industry_Type,
  crm_Leads: client.crm_Leads,
  crm_Opportunities: client.crm_Opportunities,
  crm_Opportunities_Sales_Stages: client.crm_Opportunities_Sales_Stages,
  crm_Opportunities_Type: client.crm_Opportunities_Type,
  crm_campaigns: client.crm_campaigns,
  gpt_models: client.gpt_models,
  invoice_States: client.invoice_States,
  modulStatus: client.modulStatus,
  openAi_keys: client.openAi_keys,
  secondBrain_notions: client.secondBrain_notions,
  systemServices: client.systemServices,
  system_Modules_Enabled: client.system_Modules_Enabled,
  tasksComments: client.tasksComments,
});

const junctionsOf = (client: PrismaClient): Readonly<Record<string, Junction>> => ({
  DocumentsToInvoices: client.documentsToInvoices,
  DocumentsToOpportunities: client.documentsToOpportunities,
  DocumentsToContacts: client.documentsToContacts,
  DocumentsToTasks: client.documentsToTasks,
  DocumentsToCrmAccountsTasks: client.documentsToCrmAccountsTasks,
  DocumentsToLeads: client.documentsToLeads,
  DocumentsToAccounts: client.documentsToAccounts,
  AccountWatchers: client.accountWatchers,
  BoardWatchers: client.boardWatchers,
  ContactsToOpportunities: client.contactsToOpportunities,
});
