/** The dirt itself, as data: how many documents of the typical 10,000 have it, by collection and field. */
import { DBRef, Decimal128, Double, Long, ObjectId, Timestamp } from 'bson';
import type { Draft } from './dataset.ts';
import type { DirtTable, Spoil } from './dirt.ts';

/** The id of a document that existed once. */
const goneId = ({ random }: Draft) => new ObjectId(`5c0ffee0${random.digits(16)}`);
const someId = (draft: Draft) => draft.staff() ?? draft.id;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const missing: Spoil = () => undefined;
const emptyString: Spoil = () => '';
const gone: Spoil = (_, draft) => goneId(draft);
const hexString: Spoil = (value, draft) => String(value ?? someId(draft));
const reference =
  (collection: string): Spoil =>
  (value, draft) =>
    new DBRef(collection, value instanceof ObjectId ? value : (draft.ref(collection) ?? draft.id));

const isoString: Spoil = (value, { updated }) => (value instanceof Date ? value : updated).toISOString();
const milliseconds: Spoil = (value, { updated }) => new Double((value instanceof Date ? value : updated).getTime());
const timestamp: Spoil = (value, { updated }) =>
  new Timestamp({ t: Math.floor((value instanceof Date ? value : updated).getTime() / 1000), i: 1 });
const before1970: Spoil = (_, { random }) => new Date(Date.UTC(1969, 6, 20, 20, 17, 40, random.below(1000)));
/** A year typed with one digit too many. */
const farBeyond: Spoil = () => new Date('+020233-05-01T08:30:00.000Z');

const int: Spoil = (_, { random }) => random.between(1, 90_000);
const date: Spoil = (_, { created }) => created;
const objectId: Spoil = (_, draft) => someId(draft);
const numeric: Spoil = (_, { random }) => String(random.between(1, 900));
/** Whole and half numbers: the halves are rounded. */
const half: Spoil = (_, { random }) => random.between(1, 400) + 0.5;
const wholeDouble: Spoil = (_, { random }) => new Double(random.between(1, 40));
const long: Spoil = (_, { random }) => Long.fromNumber(random.between(3_000_000_000, 90_000_000_000));
const largeDouble: Spoil = (_, { random }) => new Double(random.between(3_000_000_000, 90_000_000_000));
const decimal: Spoil = (_, { random }) => Decimal128.fromString(`${random.between(1, 99)}E+4`);
const notANumber: Spoil = () => Number.NaN;
const yesInWords: Spoil = (value) => String(value);
const yesAsNumber: Spoil = (value) => (value === true ? 1 : 0);
const otherCase =
  (fallback: string): Spoil =>
  (value) =>
    (typeof value === 'string' ? value : fallback).toLowerCase();
const label =
  (text: string): Spoil =>
  () =>
    text;
const nul: Spoil = (value) => `${value ?? ''}\u0000`;
const value =
  (constant: unknown): Spoil =>
  () =>
    constant;

const withNull: Spoil = (list) => [...listOf(list), null];
const withGone: Spoil = (list, draft) => [...listOf(list), goneId(draft)];
const withHex: Spoil = (list, draft) => [...listOf(list), String(someId(draft))];
const withId: Spoil = (list, draft) => [...listOf(list), draft.id];
const linkAs =
  (partner: string, change: (id: ObjectId) => unknown): Spoil =>
  (list, draft) => [...listOf(list), change(draft.ref(partner) ?? draft.id)];
const bareId =
  (partner: string): Spoil =>
  (_, draft) =>
    draft.ref(partner) ?? undefined;

/** Nothing here rejects a document. */
export const usualDirt: DirtTable = {
  'Boards.favouritePosition': [[2, wholeDouble]],
  'Boards.sharedWith': [
    [2, withNull],
    [1, withHex],
  ],
  'Boards.watchers': [[1, withGone]],
  'Boards.createdBy': [[1, emptyString]],
  'Documents.size': [
    [4, numeric],
    [3, wholeDouble],
    [1, long],
  ],
  'Documents.connected_documents': [
    [3, withNull],
    [3, withId],
  ],
  'Documents.invoiceIDs': [[3, withGone]],
  'Documents.accountsIDs': [[3, linkAs('crm_Accounts', String)]],
  'Documents.leadsIDs': [[2, withNull]],
  'Documents.document_type': [[2, reference('Documents_Types')]],
  'Documents.document_system_type': [[3, otherCase('OTHER')]],
  'Documents.createdBy': [[4, hexString]],
  'Documents.assigned_user': [[3, emptyString]],
  'Documents.last_updated': [[4, isoString]],
  'Employees.salary': [
    [1, long],
    [1, numeric],
  ],
  'Feedback.user': [[1, missing]],
  'Invoices.invoice_amount': [
    [4, half],
    [3, int],
  ],
  'Invoices.variable_symbol': [[6, int]],
  'Invoices.date_due': [[5, isoString]],
  'Invoices.date_tax': [[1, timestamp]],
  'Invoices.last_updated': [[3, missing]],
  'Invoices.visibility': [[3, missing]],
  'Invoices.assigned_user_id': [[3, emptyString]],
  'Tasks.position': [
    [5, wholeDouble],
    [3, half],
    [2, numeric],
  ],
  'Tasks.likes': [[1, long]],
  'Tasks.dueDateAt': [[4, isoString]],
  'Tasks.section': [[3, gone]],
  'Tasks.documentIDs': [[2, (list) => [...listOf(list), '']]],
  'Tasks.boardTitle': [[6, value('Backlog')]],
  'TodoList.createdAt': [[3, date]],
  'TodoList.user': [[4, objectId]],
  'Users.__v': [[60, missing]],
  'Users.account_name': [[15, int]],
  'Users.created_on': [[30, missing]],
  'Users.emailVerified': [[120, value(true)]],
  'Users.is_admin': [[8, yesInWords]],
  'Users.lastLoginAt': [
    [40, isoString],
    [12, milliseconds],
  ],
  'Users.resetToken': [[50, value(null)]],
  'Users.userLanguage': [[6, label('cs')]],
  'Users.userStatus': [[25, otherCase('ACTIVE')]],
  'Users.watching_accountsIDs': [[10, withNull]],
  'crm_Accounts.__v': [[9, missing]],
  'crm_Accounts.annual_revenue': [
    [10, int],
    [3, largeDouble],
  ],
  'crm_Accounts.assigned_to': [
    [7, hexString],
    [5, emptyString],
  ],
  'crm_Accounts.billing_postal_code': [[8, int]],
  'crm_Accounts.createdAt': [[6, missing]],
  'crm_Accounts.createdBy': [[4, hexString]],
  'crm_Accounts.employees': [[12, int]],
  'crm_Accounts.industry': [
    [4, reference('crm_Industry_Type')],
    [2, gone],
  ],
  'crm_Accounts.logo': [[5, value('https://files.example/logo.svg')]],
  'crm_Accounts.updatedAt': [
    [3, isoString],
    [1, before1970],
    [1, farBeyond],
  ],
  'crm_Accounts.watchers': [
    [3, withNull],
    [3, withGone],
  ],
  'crm_Accounts_Tasks.likes': [[1, long]],
  'crm_Accounts_Tasks.tags': [[3, value('vip, export')]],
  'crm_Accounts_Tasks.user': [[2, hexString]],
  'crm_Contacts.accountsIDs': [[3, (_, draft) => [draft.ref('crm_Accounts') ?? draft.id]]],
  'crm_Contacts.birthday': [[5, date]],
  'crm_Contacts.cratedAt': [[4, isoString]],
  'crm_Contacts.description': [[1, nul]],
  'crm_Contacts.documentsIDs': [[3, linkAs('Documents', String)]],
  'crm_Contacts.notes': [[5, withNull]],
  'crm_Contacts.opportunitiesIDs': [[2, bareId('crm_Opportunities')]],
  'crm_Contacts.social_xing': [[6, value('https://xing.example/profile')]],
  'crm_Contacts.status': [
    [3, yesInWords],
    [1, yesAsNumber],
  ],
  'crm_Contacts.tags': [
    [6, withNull],
    [4, value('vip')],
  ],
  'crm_Contracts.startDate': [[3, isoString]],
  'crm_Contracts.status': [[2, otherCase('SIGNED')]],
  'crm_Contracts.value': [
    [2, half],
    [2, numeric],
  ],
  'crm_Leads.assigned_to': [[3, emptyString]],
  'crm_Leads.createdAt': [[2, milliseconds]],
  'crm_Leads.phone': [[4, int]],
  'crm_Leads.refered_by': [[1, objectId]],
  'crm_Opportunities.__v': [[20, missing]],
  'crm_Opportunities.account': [[2, gone]],
  'crm_Opportunities.budget': [
    [9, long],
    [6, half],
    [5, largeDouble],
    [3, numeric],
    [2, decimal],
  ],
  'crm_Opportunities.campaign': [[4, emptyString]],
  'crm_Opportunities.connected_contacts': [[3, withGone]],
  'crm_Opportunities.createdAt': [
    [4, isoString],
    [3, missing],
  ],
  'crm_Opportunities.expected_revenue': [
    [9, long],
    [1, notANumber],
  ],
  'crm_Opportunities.sales_stage': [[22, gone]],
  'crm_Opportunities.status': [
    [5, otherCase('ACTIVE')],
    [2, label('ON_HOLD')],
  ],
  'modulStatus.isVisible': [[1, yesAsNumber]],
  // A few of these comments have an `assigned_crm_account_task` of their own already.
  'tasksComments.task': [[38, (_, draft) => draft.ref('crm_Accounts_Tasks')]],
  'tasksComments.createdAt': [[2, missing]],
};

/** What no column can take, or what names nothing where something must be: each of these documents is rejected. */
export const rejectedDirt: DirtTable = {
  // The first of them is loaded, the others are rejected.
  'Users.email': [[5, value('info@duplicate.example')]],
  'Tasks.priority': [[3, missing]],
  'crm_Contracts.value': [[2, long]],
  'tasksComments.user': [[2, gone]],
  'Sections.board': [[1, gone]],
};
