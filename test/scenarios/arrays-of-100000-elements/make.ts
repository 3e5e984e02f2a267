/** Arrays of 100,000 elements. */
import { ObjectId } from 'bson';
import { writeDump } from '../../support/dump.ts';

const many = 100000;
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const user = (n: number) => ({
  _id: id(n),
  __v: 0,
  email: `${n}@x.org`,
  is_admin: false,
  is_account_admin: false,
  created_on: new Date(0),
  userStatus: 'ACTIVE',
  userLanguage: 'en',
});
const range = Array.from({ length: many }, (_, n) => n);

export async function make(folder: string): Promise<void> {
  await writeDump(folder, {
    Users: [user(1), user(2)],
    crm_Accounts: [{ _id: id(3), __v: 0, createdAt: new Date(0), name: 'Account', watchers: range.map((n) => id(n % 50_000)) }],
    Boards: [
      {
        _id: id(4),
        __v: 0,
        description: 'd',
        title: 'Board',
        user: id(1),
        sharedWith: range.map(id),
        watchers: range.map(() => id(1)),
      },
    ],
    crm_Contacts: [
      { _id: id(5), __v: 0, last_name: 'Contact', status: true, notes: range.map((n) => (n % 2 === 0 ? 'even' : String(n))) },
    ],
  });
}
