/** A dump that raises every code of conversions.md, through the real program; the ledger is read from the server. */
import { join } from 'node:path';
import { Binary, BSONRegExp, type Document, Double, Long, ObjectId, serialize, Timestamp } from 'bson';
import * as assert from 'uvu/assert';
import type { Session } from '../../../src/target/session.ts';
import { writeDump } from '../../support/dump.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { dumpUrl, type Ended, type Workplace, workplace } from '../../support/program.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('every code of the conversions, from the dump to the ledger');
let database: TestDatabase;
let place: Workplace;
let session: Session;
let ended: Ended;

const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const hex = (n: number) => id(n).toHexString();
const when = new Date('2021-03-04T05:06:07.089Z');
const user = (n: number, fields: Document = {}): Document => ({
  _id: id(n),
  __v: 0,
  email: `user${n}@example.com`,
  is_account_admin: false,
  is_admin: false,
  created_on: when,
  userStatus: 'ACTIVE',
  userLanguage: 'en',
  ...fields,
});
const account = (key: unknown, fields: Document = {}): Document => ({
  _id: key,
  __v: 0,
  createdAt: when,
  name: 'Account',
  ...fields,
});
const board = (n: number, fields: Document = {}): Document => ({
  _id: id(n),
  __v: 0,
  description: 'd',
  title: 't',
  user: id(1),
  ...fields,
});
const task = (n: number, fields: Document = {}): Document => ({
  _id: id(n),
  __v: 0,
  position: 0,
  priority: 'high',
  title: 't',
  ...fields,
});
const comment = (n: number, fields: Document): Document => ({
  _id: id(n),
  __v: 0,
  comment: 'c',
  createdAt: when,
  user: id(1),
  ...fields,
});
const opportunity = (n: number, fields: Document = {}): Document => ({
  _id: id(n),
  __v: 0,
  budget: 1,
  expected_revenue: 1,
  createdAt: when,
  ...fields,
});
const noise = (length: number) =>
  Array.from({ length }, (_, n) => String.fromCharCode(33 + ((n * 7919 + ((n * n) % 8191)) % 90))).join('');

function deep(levels: number): Document {
  let inner: Document = {};
  for (let level = 0; level < levels; level += 1) inner = { a: inner };
  return inner;
}

/** `{_id, __v, title…, content: <bytes>}` with a string that is no UTF-8. */
function withBadText(n: number): Uint8Array {
  const marker = 'XXXXbad';
  const bytes = Buffer.from(serialize(task(n, { content: marker })));
  const at = bytes.indexOf(marker);
  bytes.set([0xff, 0xfe, 0xc3, 0x28], at);
  return bytes;
}

/** A document with `tags: {same: 1, same: 2}`, which no object can say. */
function rawWithRepeatedKey(): Uint8Array {
  const bytes = Buffer.from(serialize(task(0xb4, { tags: { same: 1, samf: 2 } })));
  bytes.write('same', bytes.indexOf('samf'));
  return bytes;
}

const source: Record<string, (Document | Uint8Array)[]> = {
  Users: [
    user(1),
    user(2, { email: 'twice@example.com' }),
    user(3, { email: 'twice@example.com' }),
    user(4, { email: 'Twice@example.com' }),
    user(5, { userStatus: 'active' }),
    user(6, { email: null }),
    user(7, { is_admin: 'true', userLanguage: 'xx' }),
    user(8, { email: { no: 'text' } }),
    user(8, { email: 'second@example.com' }),
    user(10, { email: 'first@example.com' }),
    user(10, { email: 'second@example.com' }),
    user(9, { email: `${noise(9000)}@example.com` }),
  ],
  crm_Accounts: [
    account('text-id'),
    account(42),
    account(hex(0x77)),
    account(id(0x77)),
    account(new Binary(Buffer.from('0192f8a1c0de7abc8def0123456789ab', 'hex'), 4)),
    account(id(0x70), {
      assigned_to: hex(1),
      industry: id(0xdead),
      createdBy: { $ref: 'Users', $id: id(1) },
      description: 'a\0b',
      vat: 17,
      watchers: [id(1), null, '', hex(2), id(0xbad), true],
    }),
    account(id(0x71), { assigned_to: '', status: noise(9000) }),
    account(id(0x72), {
      assigned_to: /x/,
      surprise: { kept: true },
      createdAt: '2020-01-02T03:04:05Z',
      updatedAt: 1600000000000,
    }),
  ],
  crm_Opportunities: [
    opportunity(0x81, {
      account: 'text-id',
      budget: '12',
      expected_revenue: 1.5,
      close_date: new Timestamp({ t: 1600000000, i: 1 }),
    }),
    opportunity(0x82, { account: 42.0, budget: Long.fromString('9007199254740993'), status: 'nonsense' }),
    opportunity(0x83, { account: 'nobody', budget: new Double(Number.NaN), expected_revenue: '1E+2' }),
    opportunity(0x84, { account: hex(0x77) }),
  ],
  Boards: [
    board(0x90, { sharedWith: [id(1), 'text-id', 'nobody', { a: 1 }], watchers: [id(1)] }),
    board(0x91, { user: id(0xbad) }),
    board(0x92, { user: 'nobody' }),
  ],
  Sections: [
    { _id: id(0xa0), __v: 0, board: id(0x90), title: 't' },
    { _id: id(0xa1), __v: 0, board: id(0x91), title: 't' },
  ],
  Tasks: [
    task(0xb0, { section: id(0xa1), tags: { nul: 'a\0b', list: [1, { d: when }] } }),
    withBadText(0xb1),
    task(0xb2, { tags: deep(3000) }),
    { _id: id(0xb3), __v: 0, position: 0, priority: 'p' },
    rawWithRepeatedKey(),
  ],
  crm_Accounts_Tasks: [task(0xc0)].map(({ position: _, ...rest }) => rest),
  tasksComments: [comment(0xd0, { task: id(0xc0) }), comment(0xd1, { task: id(0xb0) }), comment(0xd2, { task: id(0xbad) })],
  crm_Contacts: [
    { _id: id(0xe0), last_name: 'n', tags: 'one', notes: ['a', null, { o: 1 }], birthday: new BSONRegExp('x') },
    { _id: id(0xe1), last_name: 'n', tags: null },
  ],
  Documents: [
    {
      _id: id(0xf0),
      document_name: 'n',
      document_file_mimeType: 'm',
      document_file_url: 'u',
      accountsIDs: [id(0x70), id(0x70)],
      size: 3_000_000_000,
    },
    { _id: id(0xf1), document_name: { no: 'text' }, document_file_mimeType: 'm', document_file_url: 'u' },
  ],
  legacyThings: [{ _id: id(0x100), anything: 1 }],
};

test.before(async () => {
  database = await freshDatabase();
  place = await workplace();
  await writeDump(join(place.folder, 'dump', 'nextcrm'), source);
  ended = await place.run([], { MONGODB_URL: dumpUrl(join(place.folder, 'dump')), DATABASE_URL: database.url });
  session = await testSession(database.url);
});
test.after(async () => {
  await session[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function codes(table: 'change' | 'reject', collection: string, n: number | string): Promise<string[]> {
  const sourceId = typeof n === 'number' ? hex(n) : n;
  const rows = await session.query<{ code: string; field: string | null }>(
    `select code, field from nextcrm_migration.${table} where collection = $1 and source_id = $2 order by field collate "C", code collate "C"`,
    [collection, sourceId],
  );
  return rows.map(({ code, field }) => `${field} ${code}`);
}

async function row(table: string, n: number): Promise<Record<string, unknown> | undefined> {
  const [found] = await session.query(`select * from public."${table}" where id = nextcrm_migration.uuid_of($1)`, [hex(n)]);
  return found;
}

test('it ends with findings: the rejected documents', async () => {
  assert.is(ended.exit, 1, ended.output);
  const report = await place.report();
  const layers = Object.fromEntries(Object.entries(report.layers).map(([name, { status }]) => [name, status]));
  assert.equal(
    layers,
    { counts: 'passed', records: 'passed', references: 'passed', types: 'passed' },
    JSON.stringify(report.findings, null, 1),
  );
  for (const [name, { read, loaded, rejected }] of Object.entries(report.collections)) {
    if (name !== 'legacyThings') assert.is(read, loaded + rejected, name);
    assert.is(read, source[name]?.length ?? 0, name);
  }
});

test('of equal e-mails the oldest stays, other case is another e-mail', async () => {
  assert.ok(await row('Users', 2));
  assert.equal(await codes('reject', 'Users', 3), ['email DUPLICATE_KEY']);
  assert.ok(await row('Users', 4));
});

test('what a required column cannot take rejects the document', async () => {
  assert.equal(await codes('reject', 'Users', 6), ['email MISSING_REQUIRED']);
  assert.equal(await codes('reject', 'Users', 9), ['email INDEX_TOO_LARGE']);
  assert.equal(await codes('reject', 'Tasks', 0xb3), ['title MISSING_REQUIRED']);
  assert.equal(await codes('reject', 'Documents', 0xf1), ['document_name UNCONVERTIBLE_REQUIRED']);
});

test('of two documents with one _id the first that is not rejected for another reason is loaded', async () => {
  assert.equal(await codes('reject', 'Users', 8), ['email UNCONVERTIBLE_REQUIRED']);
  assert.ok(await row('Users', 8));
  assert.equal(await codes('reject', 'Users', 10), ['_id DUPLICATE_ID']);
  assert.is((await row('Users', 10))?.['email'], 'first@example.com');
  const [kept] = await session.query<{ n: string }>(
    'select count(distinct bson) as n from nextcrm_migration.reject where source_id = $1',
    [hex(8)],
  );
  assert.is(Number(kept?.n), 1);
});

test('labels, booleans and defaults', async () => {
  assert.equal(await codes('change', 'Users', 5), ['userStatus ENUM_CASE']);
  assert.equal(await codes('change', 'Users', 7), ['is_admin BOOL_FROM_VALUE', 'userLanguage DEFAULTED']);
  const seven = await row('Users', 7);
  assert.is(seven?.['is_admin'], true);
  assert.is(seven?.['userLanguage'], 'en');
});

test('ids that are no ObjectIds', async () => {
  assert.equal(await codes('change', 'crm_Accounts', '"text-id"'), ['_id ID_HASHED']);
  assert.equal(await codes('change', 'crm_Accounts', '{"$numberInt":"42"}'), ['_id ID_HASHED']);
  assert.equal(await codes('change', 'crm_Accounts', `"${hex(0x77)}"`), ['_id ID_HASHED']);
  const rows = await session.query<{ n: string }>('select count(*) as n from public."crm_Accounts"');
  assert.is(Number(rows[0]?.n), 8);
  assert.is(
    (await session.query('select from public."crm_Accounts" where id = \'0192f8a1-c0de-7abc-8def-0123456789ab\'')).length,
    1,
  );
});

test('references as strings, DBRefs and nonsense', async () => {
  assert.equal(await codes('change', 'crm_Accounts', 0x70), [
    'assigned_to ID_FROM_STRING',
    'createdBy ID_FROM_DBREF',
    'description NUL_REMOVED',
    'industry DANGLING_REFERENCE',
    'vat TEXT_FROM_VALUE',
    'watchers ARRAY_ELEMENT_DROPPED',
    'watchers ID_FROM_STRING',
    'watchers LINK_DANGLING',
  ]);
  assert.equal(await codes('change', 'crm_Accounts', 0x71), ['assigned_to ID_EMPTY', 'status INDEX_TOO_LARGE']);
  assert.equal(await codes('change', 'crm_Accounts', 0x72), [
    'assigned_to UNCONVERTIBLE',
    'createdAt DATE_FROM_STRING',
    'updatedAt DATE_FROM_NUMBER',
  ]);
});

test('a string or number that is the _id of a document is a reference to it', async () => {
  assert.equal(await codes('change', 'crm_Opportunities', 0x81), [
    'account ID_HASHED',
    'budget NUMBER_FROM_STRING',
    'close_date DATE_FROM_TIMESTAMP',
    'expected_revenue ROUNDED',
  ]);
  const joined = await session.query<{ n: string }>(
    'select count(*) as n from public."crm_Opportunities" o join public."crm_Accounts" a on a.id = o.account',
  );
  assert.is(Number(joined[0]?.n), 3);
  // 24 hex digits mean the ObjectId where that document exists, though there is one with the string too.
  assert.equal(await codes('change', 'crm_Opportunities', 0x84), ['account ID_FROM_STRING']);
});

test('what cannot be is NULL or the default, and recorded', async () => {
  assert.equal(await codes('change', 'crm_Opportunities', 0x82), ['account ID_HASHED', 'status UNCONVERTIBLE']);
  assert.is((await row('crm_Opportunities', 0x82))?.['budget'], '9007199254740993');
  assert.equal(await codes('change', 'crm_Opportunities', 0x83), [
    'account UNCONVERTIBLE',
    'budget DEFAULTED',
    'expected_revenue NUMBER_FROM_STRING',
  ]);
});

test('a required reference to nobody rejects, and so in turn what requires that row', async () => {
  assert.equal(await codes('reject', 'Boards', 0x91), ['user DANGLING_REQUIRED']);
  assert.equal(await codes('reject', 'Boards', 0x92), ['user UNCONVERTIBLE_REQUIRED']);
  assert.equal(await codes('reject', 'Sections', 0xa1), ['board DANGLING_REQUIRED']);
  assert.equal(await codes('change', 'Tasks', 0xb0), ['section DANGLING_REFERENCE', 'tags NUL_REMOVED']);
  assert.equal(await codes('change', 'Boards', 0x90), [
    'sharedWith ARRAY_ELEMENT_DROPPED',
    'sharedWith ARRAY_ELEMENT_DROPPED',
    'sharedWith ID_HASHED',
  ]);
});

test('texts and JSON that PostgreSQL does not take as they are', async () => {
  assert.equal(await codes('change', 'Tasks', 0xb1), ['content INVALID_UTF8']);
  assert.equal(await codes('change', 'Tasks', 0xb2), ['tags JSON_TOO_DEEP']);
  assert.equal(await codes('change', 'Tasks', 0xb4), ['tags JSON_DUPLICATE_KEY']);
});

test("a comment's task that is an account task moves to its own field", async () => {
  assert.equal(await codes('change', 'tasksComments', 0xd0), ['task TASK_REDIRECTED']);
  const redirected = await row('tasksComments', 0xd0);
  assert.is(redirected?.['task'], null);
  assert.is(redirected?.['assigned_crm_account_task'], '00000000-0000-8000-8000-0000c0000000');
  assert.equal(await codes('change', 'tasksComments', 0xd1), []);
  assert.equal(await codes('change', 'tasksComments', 0xd2), ['task DANGLING_REFERENCE']);
});

test('arrays', async () => {
  assert.equal(await codes('change', 'crm_Contacts', 0xe0), [
    '__v DEFAULTED',
    'birthday UNCONVERTIBLE',
    'notes ARRAY_NULL_DROPPED',
    'notes TEXT_FROM_VALUE',
    'status DEFAULTED',
    'tags ARRAY_FROM_VALUE',
  ]);
  const pairs = await session.query('select * from public."DocumentsToAccounts"');
  assert.is(pairs.length, 1);
  const watchers = await session.query('select * from public."AccountWatchers"');
  assert.is(watchers.length, 2);
  assert.equal(await codes('change', 'Documents', 0xf0), ['size UNCONVERTIBLE']);
});

test('unknown fields and collections are kept whole', async () => {
  const leftovers = await session.query(
    'select collection, field, value from nextcrm_migration.leftover order by collection collate "C", field collate "C"',
  );
  assert.equal(leftovers, [
    { collection: 'crm_Accounts', field: 'surprise', value: '{"kept":true}' },
    {
      collection: 'legacyThings',
      field: null,
      value: '{"_id":{"$oid":"000000000000000000000100"},"anything":{"$numberInt":"1"}}',
    },
  ]);
});

test.run();
