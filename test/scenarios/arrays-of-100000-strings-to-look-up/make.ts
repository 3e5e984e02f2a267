/** Arrays of 100,000 strings where ids belong. */
import { ObjectId } from 'bson';
import { writeDump } from '../../support/dump.ts';

const half = 50000;
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const user = {
  _id: id(1),
  __v: 0,
  email: 'a@x.org',
  is_admin: false,
  is_account_admin: false,
  created_on: new Date(0),
  userStatus: 'ACTIVE',
  userLanguage: 'en',
};
const unknown = Array.from({ length: half }, (_, n) => `nobody ${n}`);
const repeated = Array.from({ length: half }, () => 'nobody');
const known = Array.from({ length: half }, () => id(1).toHexString());

export async function make(folder: string): Promise<void> {
  const board = { __v: 0, description: 'd', title: 'Board', user: id(1) };
  await writeDump(folder, {
    Users: [user],
    Boards: [
      { _id: id(2), ...board, sharedWith: [...unknown, id(1), ...repeated] },
      { _id: id(3), ...board, sharedWith: known, watchers: [...known.slice(20_000), ...repeated.slice(20_000)] },
    ],
  });
}
