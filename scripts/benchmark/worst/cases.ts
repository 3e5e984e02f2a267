/** The sources of the worst cases: `documents` of one collection, each in the same bad way, beside clean ones of that collection. */
import { type Document, Long, ObjectId } from 'bson';

export interface WorstCase {
  readonly name: string;
  /** The collection of which all documents are bad. */
  readonly collection: string;
  /** The case that it is compared with; null: it is that one. */
  readonly clean: string | null;
  readonly documentOf: (index: number) => Document;
}

/** Ids of one collection apart from those of another. */
const id = (kind: number, index: number) =>
  new ObjectId(`65${kind.toString(16).padStart(6, '0')}${index.toString(16).padStart(16, '0')}`);
const kinds = { users: 1, accounts: 2, boards: 3, nobody: 9 };

const usersMax = 50;

const userId = (index: number) => id(kinds.users, index % usersMax);
const when = (index: number) => new Date(1_700_000_000_000 + index * 1000);

function user(index: number): Document {
  return {
    _id: id(kinds.users, index),
    __v: 0,
    email: `user${index}@example.com`,
    name: `User ${index}`,
    created_on: when(index),
    is_admin: false,
    is_account_admin: false,
    userLanguage: 'en',
    userStatus: 'ACTIVE',
  };
}

export const users: readonly Document[] = Array.from({ length: usersMax }, (_, index) => user(index));

const texts = [
  ...[
    'annual_revenue',
    'billing_city',
    'billing_country',
    'billing_postal_code',
    'billing_state',
    'billing_street',
    'company_id',
  ],
  ...['description', 'email', 'employees', 'fax', 'member_of', 'name', 'office_phone', 'shipping_city', 'shipping_country'],
  ...['shipping_postal_code', 'shipping_state', 'shipping_street', 'status', 'type', 'vat', 'website'],
];
const dates = ['createdAt', 'updatedAt'];
const references = ['createdBy', 'updatedBy', 'assigned_to'];

/** An account with every field, each as `text`, `date` and `reference` make it. */
function account(
  index: number,
  {
    text = (name: string): unknown => `${name} ${index}`,
    date = (): unknown => when(index),
    reference = (): unknown => userId(index),
    version = 0 as unknown,
  } = {},
): Document {
  return {
    _id: id(kinds.accounts, index),
    __v: version,
    ...Object.fromEntries(texts.map((name) => [name, text(name)])),
    ...Object.fromEntries(dates.map((name) => [name, date()])),
    ...Object.fromEntries(references.map((name) => [name, reference()])),
    watchers: [reference()],
  };
}

const board = (index: number, owner: ObjectId): Document => ({
  _id: id(kinds.boards, index),
  __v: 0,
  title: `Board ${index}`,
  description: 'd',
  user: owner,
  createdAt: when(index),
  watchers: [owner],
});

const without = (name: string, { [name]: _left, ...others }: Document): Document => others;

const cleanAccounts = 'clean accounts';
const cleanUsers = 'clean users';
const cleanBoards = 'clean boards';
const accounts = { collection: 'crm_Accounts', clean: cleanAccounts };

export const cases: readonly WorstCase[] = [
  { ...accounts, name: cleanAccounts, clean: null, documentOf: (index) => account(index) },
  { ...accounts, name: 'all refused: a required field is missing', documentOf: (index) => without('name', account(index)) },
  { ...accounts, name: 'all duplicates: one `_id`', documentOf: (index) => ({ ...account(index), _id: id(kinds.accounts, 1) }) },
  { ...accounts, name: 'all without `_id`', documentOf: (index) => without('_id', account(index)) },
  {
    ...accounts,
    name: 'all dangling: every reference and link',
    documentOf: (index) => account(index, { reference: () => id(kinds.nobody, index) }),
  },
  {
    ...accounts,
    name: 'all changed in every field',
    documentOf: (index) =>
      account(index, {
        text: () => index,
        date: () => when(index).toISOString(),
        reference: () => userId(index).toHexString(),
        version: '1',
      }),
  },
  {
    ...accounts,
    name: 'all lost in every field',
    documentOf: (index) => ({
      ...account(index, { text: () => ({ a: index }), date: () => 'soon', reference: () => 7, version: 'x' }),
      name: 'n',
    }),
  },
  {
    ...accounts,
    name: 'as many unknown fields as known ones',
    documentOf: (index) => ({
      ...account(index),
      ...Object.fromEntries(texts.map((name) => [`other_${name}`, Long.fromNumber(index)])),
    }),
  },
  { ...accounts, name: 'a collection that is not of NextCRM', collection: 'others', documentOf: (index) => account(index) },
  {
    ...accounts,
    name: 'a collection that is not of NextCRM, without `_id`',
    collection: 'others',
    documentOf: (index) => without('_id', account(index)),
  },
  { name: cleanUsers, collection: 'Users', clean: null, documentOf: user },
  {
    name: 'all duplicates: one e-mail address',
    collection: 'Users',
    clean: cleanUsers,
    documentOf: (index) => ({ ...user(index), email: 'user@example.com' }),
  },
  { name: cleanBoards, collection: 'Boards', clean: null, documentOf: (index) => board(index, userId(index)) },
  {
    name: 'all dangling: a required reference',
    collection: 'Boards',
    clean: cleanBoards,
    documentOf: (index) => board(index, id(kinds.nobody, index)),
  },
];
