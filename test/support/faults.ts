/** A source for the tests of faults: dirt of every kind, a collection of several batches, links from both sides, and small enough for a run of seconds. */
import { join } from 'node:path';
import { type Document, ObjectId } from 'bson';
import { type DumpContent, writeDump } from './dump.ts';
import { dumpUrl } from './program.ts';

const oid = (kind: number, number: number) =>
  new ObjectId(`5e0be100${kind.toString(16).padStart(4, '0')}${number.toString(16).padStart(12, '0')}`);
const user = (n: number) => oid(1, n);
const account = (n: number) => oid(2, n);
const board = (n: number) => oid(3, n);
const section = (n: number) => oid(4, n);
const task = (n: number) => oid(5, n);
const comment = (n: number) => oid(6, n);
const document = (n: number) => oid(7, n);
const accountTask = (n: number) => oid(8, n);
const nobody = (n: number) => oid(99, n);

const range = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const every = <T>(n: number, times: number, value: T, otherwise: T): T => (n % times === 0 ? value : otherwise);

const usersMany = 6_000;
/** Every 30th user has that many times the filler. None of them is rejected. */
const isLarge = (n: number) => n % 30 === 7;
const largeTimes = 90;

/** Of the load, the collection of several batches (src/steps/load/prepared.ts): 20 MB. */
export const severalBatches = { collection: 'Users', batchesMin: 3 } as const;

/** `filler`: letters a document; with the usual ones, `Users` is of several batches and all other collections are of one. */
export function faultContent({ filler = 800 }: { readonly filler?: number } = {}): DumpContent {
  return {
    Users: range(usersMany, (n) => ({
      _id: user(n),
      // Every 500th has the e-mail of the one before: rejected in resolve; what refers to it then refers to that one. One without an e-mail is
      // rejected while it is loaded, and its board with it.
      ...(n % 400 === 50 ? {} : { email: `user${every(n, 500, Math.max(n - 1, 0), n)}@example.com` }),
      name: `${n} ${'x'.repeat(isLarge(n) ? largeTimes * filler : filler)}`,
      watching_accountsIDs: every(n, 10, [account(n % 300), nobody(n)], []),
      watching_boardsIDs: every(n, 7, [board(n % 40)], []),
      ...(n % 11 === 0 ? { favouriteColour: 'green', created_on: '2020-01-01' } : {}),
    })),
    crm_Accounts: range(300, (n) => ({
      _id: account(n),
      name: `Account ${n}`,
      assigned_to: every(n, 9, nobody(n), user(n * 10)),
      documentsIDs: [document(n), document((n + 1) % 300)],
      watchers: [user(n), user(n + 1), every(n, 13, nobody(n), user(n))],
    })),
    Boards: range(40, (n) => ({ _id: board(n), title: 't', description: 'd', user: user(n * 50), watchers: [user(n)] })),
    Sections: range(80, (n) => ({ _id: section(n), title: 's', board: every(n, 20, nobody(n), board(n % 40)), position: n })),
    Tasks: range(400, (n) => ({
      _id: task(n),
      title: `Task ${n}`,
      user: every(n, 6, user(n).toHexString() as unknown, user(n)),
      section: section(n % 80),
      priority: 'normal',
      content: 'c',
      taskStatus: every(n, 5, 'NONSENSE', 'ACTIVE'),
      position: n,
      likes: 0,
      documentIDs: [document(n % 300)],
    })),
    crm_Accounts_Tasks: range(60, (n) => ({
      _id: accountTask(n),
      title: `Account task ${n}`,
      user: user(n),
      account: account(n),
      priority: 'high',
      content: 'c',
    })),
    tasksComments: range(
      300,
      (n): Document => ({
        _id: comment(n),
        comment: `Comment ${n}`,
        user: user(n * 2),
        task: every(n, 3, accountTask(n % 70), task(n % 420)),
      }),
    ),
    Documents: range(300, (n) => ({
      _id: document(n),
      document_name: `Document ${n}`,
      document_file_mimeType: 'text/plain',
      document_file_url: `/documents/${n}`,
      accountsIDs: [account((n + 2) % 310)],
      tasksIDs: [task(n)],
      tags: { n },
    })),
    openAi_keys: range(5, (n) => ({ _id: oid(9, n), user: user(n), organization_id: 'o', api_key: 'k' })),
    notesOfOurs: range(50, (n) => ({ _id: oid(10, n), text: `Note ${n}` })),
  };
}

/** Writes it below `folder`; returns MONGODB_URL. */
export async function faultDump(folder: string, options: { readonly filler?: number } = {}): Promise<string> {
  await writeDump(join(folder, 'dump', 'nextcrm'), faultContent(options));
  return dumpUrl(join(folder, 'dump'));
}
