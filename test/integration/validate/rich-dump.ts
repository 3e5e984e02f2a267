/** A small source with everything in it that the conversions name: every BSON type in every kind of column, all kinds of `_id`, both sides of links. */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
  UUID,
} from 'bson';
import type { DumpContent } from '../../support/dump.ts';

/** An ObjectId of its own for each kind and number, from the year 2020. */
export function oid(kind: number, number: number): ObjectId {
  return new ObjectId(`5e0be100${kind.toString(16).padStart(4, '0')}${number.toString(16).padStart(12, '0')}`);
}

export const user = (number: number) => oid(1, number);
export const account = (number: number) => oid(2, number);
export const document = (number: number) => oid(3, number);
const board = (number: number) => oid(4, number);
const contact = (number: number) => oid(5, number);
const opportunity = (number: number) => oid(6, number);
const task = (number: number) => oid(7, number);
const accountTask = (number: number) => oid(8, number);
const comment = (number: number) => oid(9, number);
const invoice = (number: number) => oid(10, number);
/** Names no document. */
const nobody = oid(99, 1);

const uuid = new UUID('0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f70');

const nested = (levels: number): Document => {
  let inner: Document = { end: 1 };
  for (let level = 1; level < levels; level += 1) inner = { in: inner };
  return inner;
};

/** Values of every BSON type, and of every kind within one. */
const values: readonly unknown[] = [
  ...[
    'plain',
    '',
    ' untrimmed ',
    'žluťoučký 🐎',
    'a\0b',
    '\\N',
    '\\.',
    'tab\tline\nreturn\r',
    '"quoted" {brace}',
    'true',
    'false',
    'TRUE',
  ],
  ...[
    '42',
    ' -7 ',
    '+3',
    '1e2',
    '2.5',
    '3.5',
    '-.5',
    '0x10',
    '9223372036854775807',
    '9223372036854775808',
    '1e-400',
    '1e400',
    'NaN',
    '٣',
  ],
  ...[
    '2020-02-30',
    '2020-02-29',
    '2020-02-29T23:59:59.9999Z',
    '2020-01-01 12:00+02:00',
    '+012020-01-01T00:00:00Z',
    '-000001-01-01',
    '24:00',
    '2020-01-01T24:00',
  ],
  ...[
    'INVOICE',
    'invoice',
    'Invoice',
    'OTHER ',
    user(1).toHexString(),
    user(1).toHexString().toUpperCase(),
    nobody.toHexString(),
    'string-id',
  ],
  ...[new Int32(0), new Int32(1), new Int32(-2147483648), new Int32(42)],
  ...[
    Long.fromString('9007199254740993'),
    Long.fromString('-9223372036854775808'),
    Long.fromNumber(1),
    Long.fromString('2147483648'),
  ],
  ...[
    new Double(0.5),
    new Double(1.5),
    new Double(-2.5),
    new Double(-0),
    new Double(1e300),
    new Double(5e-324),
    new Double(Number.NaN),
  ],
  ...[
    new Double(Number.POSITIVE_INFINITY),
    new Double(Number.NEGATIVE_INFINITY),
    new Double(9007199254740992),
    new Double(0.1),
    new Double(42),
  ],
  ...['1E+2', '0.5', '2.50', '-0', 'NaN', 'Infinity', '1E-6176', '9.999999999999999999999999999999999E+6144', '42', '1.0'].map(
    (text) => Decimal128.fromString(text),
  ),
  ...[
    true,
    false,
    null,
    user(1),
    nobody,
    uuid,
    new Binary(Buffer.from([1, 2, 3]), 0),
    new Binary(Buffer.from([1, 2, 3, 4]), 2),
    new Binary(Buffer.alloc(0), 0x80),
  ],
  ...[0, 1, -1, 86_399_999, 253_402_300_799_999, 253_402_300_800_000, 8.64e15, -8.64e15].map((ms) => new Date(ms)),
  ...[
    new Timestamp({ t: 1_600_000_000, i: 7 }),
    new BSONRegExp('^a"b', 'im'),
    new Code('return 1'),
    new Code('x', { y: 1 }),
    new BSONSymbol('symbol'),
  ],
  ...[
    new MinKey(),
    new MaxKey(),
    new DBRef('Users', user(2)),
    new DBRef('Users', nobody),
    { $ref: 'Users', $id: 'string-id' },
    { $ref: 'Users', $id: user(2).toHexString() },
  ],
  ...[
    {},
    { a: 1, b: { c: [1.5, Long.fromString('9007199254740993'), new Double(-0), 'x\0y', null] } },
    { $oid: 'not an id' },
    nested(150),
    nested(700),
  ],
  ...[[], ['a', 'b', 'a'], [null, 'a', undefined, ''], [1, true, user(1), new Date(0)], [{ a: 1 }, ['b']], ['x\0y']],
  ...[
    [user(1), user(2), user(1)],
    [user(1).toHexString(), '', 'string-id', 42, nobody],
    [nobody, nobody, nobody.toHexString(), null],
    [account(1), account(1).toHexString(), uuid, true],
  ],
];

function broken(value: Document, needle: string, replacement: Buffer): Uint8Array {
  const bytes = Buffer.from(serialize(value));
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle)) replacement.copy(bytes, at);
  return bytes;
}

/** Every odd value in every kind of column of one document. */
function oddDocument(number: number, value: unknown): Document {
  return {
    _id: document(100 + number),
    document_name: `odd ${number}`,
    document_file_mimeType: 'text/plain',
    document_file_url: 'https://example.org/odd',
    date_created: value,
    description: value,
    favourite: value,
    tags: value,
    size: value,
    document_system_type: value,
    assigned_user: value,
    createdBy: value,
    connected_documents: value,
    accountsIDs: value,
    surprise: value,
  };
}

const required = { document_name: 'n', document_file_mimeType: 'm', document_file_url: 'u' };

/** Dates that JavaScript has no form for, bytes that are no UTF-8, fields that come twice. */
const rawDocuments: readonly Uint8Array[] = [
  farDate(document(900), 9_224_318_015_999_999n),
  farDate(document(901), 9_224_318_016_000_000n),
  farDate(document(902), -210_866_803_200_000n),
  farDate(document(903), -210_866_803_200_001n),
  broken(
    {
      _id: document(904),
      ...required,
      description: 'bad XX text',
      tags: { kXXy: 'vXX' },
      connected_documents: ['eXX', 'fine', null],
      oXXd: 'leftXX',
      key: 'ok',
    },
    'XX',
    Buffer.from([0xff, 0xfe]),
  ),
  broken(
    {
      _id: document(905),
      ...required,
      description: 'bad XX\0 text',
      tags: ['vXX\0'],
      connected_documents: 'bareXX',
      size: 'noXX',
      createdBy: 'noXX',
    },
    'XX',
    Buffer.from([0xc0, 0x80]),
  ),
  broken(
    { _id: document(906), ...required, tags: { aa: 1, ab: 2, ac: { x: 1, y: 2 } }, statuX: 'first', status: 'last' },
    'statuX',
    Buffer.from('status'),
  ),
  broken({ _id: document(907), ...required, tags: { twin: 1, twiX: 2, b: 3 } }, 'twiX', Buffer.from('twin')),
];

function farDate(id: ObjectId, ms: bigint): Uint8Array {
  const bytes = Buffer.from(
    serialize({ _id: id, ...required, date_created: Long.fromBigInt(ms), tags: { at: Long.fromBigInt(ms) } }),
  );
  bytes[bytes.indexOf('date_created') - 1] = 9;
  bytes[bytes.indexOf('at\0') - 1] = 9;
  return bytes;
}

const dateOfAccount = new Date('2021-03-04T05:06:07.089Z');

export const richContent: DumpContent = {
  Users: [
    ...[1, 2, 3, 4, 5, 6].map((n) => ({
      _id: user(n),
      __v: 0,
      email: `user${n}@example.org`,
      created_on: new Date(1_600_000_000_000 + n),
      is_admin: n === 1,
      is_account_admin: false,
      userStatus: 'ACTIVE',
      userLanguage: 'en',
      name: `User ${n}`,
    })),
    { _id: user(7), email: 'user1@example.org', name: 'Same address' },
    { _id: user(8), name: 'No address' },
    { _id: user(9), email: { not: 'text' } },
    {
      _id: user(10),
      email: 12,
      userStatus: 'nonsense',
      is_admin: 'true',
      created_on: 'never',
      watching_accountsIDs: [account(2), nobody],
    },
    { _id: 'string-id', email: 'string@example.org' },
    { _id: 42, email: 'number@example.org' },
    { _id: uuid, email: 'uuid@example.org', watching_boardsIDs: [board(1)] },
    { _id: { compound: 1, 'b"': ['x', new Double(0.1)] }, email: 'compound@example.org' },
    { _id: new Date(5), email: 'date@example.org', extra: null, more: '' },
  ],
  crm_Accounts: [
    ...[1, 2, 3, 4].map((n) => ({
      _id: account(n),
      __v: n,
      name: `Account ${n}`,
      createdAt: dateOfAccount,
      updatedAt: new Date(1_700_000_000_000),
      createdBy: user(1),
      assigned_to: user(n),
      annual_revenue: '12',
      email: `info@${n}.example.org`,
      documentsIDs: [document(n)],
      watchers: [user(1), user(2)],
    })),
    {
      _id: account(5),
      name: 'Dangling',
      assigned_to: nobody,
      industry: 'no such id',
      watchers: [user(1).toHexString(), nobody],
      createdBy: nobody,
      unknown: { deep: [1] },
    },
    { _id: account(6), name: 'Names a rejected user', assigned_to: user(8), watchers: [user(8)] },
    { _id: account(7), name: null },
    {
      _id: account(8),
      name: `Long ${'x'.repeat(10)}`,
      description: 'd'.repeat(100_000),
      status: randomText(9000),
      type: 'Customer',
    },
    { _id: account(9), name: 'By number', assigned_to: Long.fromNumber(42), watchers: ['string-id', 42, uuid] },
  ],
  Boards: [
    {
      _id: board(1),
      __v: 0,
      description: 'd',
      title: 't',
      user: user(1),
      position: Long.fromString('9007199254740993'),
      favouritePosition: 3,
      sharedWith: [user(2), user(3)],
      watchers: [user(1)],
      favourite: true,
    },
    { _id: board(2), __v: 0, description: 'd', title: 't', user: nobody },
    // As an older release wrote it, and of a user whose address another one keeps.
    {
      _id: board(3),
      __v: 0,
      description: 'd',
      title: 't',
      user: user(7),
      createdBy: user(7),
      sharedWith: [user(7), user(2)],
      watchers: [user(7)],
      date_created: dateOfAccount,
      last_edited: new Date(1_700_000_000_000),
    },
    ...values.map((value, n) => ({
      _id: board(100 + n),
      __v: value,
      description: 'd',
      title: 't',
      user: user(1),
      position: value,
      sharedWith: value,
      watchers: value,
    })),
  ],
  crm_campaigns: [{ _id: oid(12, 1), name: 'Present' }],
  crm_campains: [
    { _id: oid(12, 1), name: 'Of a taken id' },
    { _id: oid(12, 2), name: 'Of a free id' },
  ],
  Sections: [
    { _id: oid(11, 1), board: board(2), title: 'Board was rejected' },
    { _id: oid(11, 2), board: board(1), title: 'Kept', position: 1 },
  ],
  Documents: [
    ...[1, 2, 3, 4].map((n) => ({
      _id: document(n),
      ...required,
      date_created: new Date(1_650_000_000_000 + n),
      size: n,
      favourite: false,
      tags: [{ name: 'x', weight: 1.25 }, n],
      assigned_user: user(n),
      accountsIDs: [account(n), account(1)],
      connected_documents: ['one', 'two'],
      document_system_type: 'OTHER',
      invoiceIDs: [invoice(1)],
    })),
    ...values.map((value, n) => oddDocument(n, value)),
    ...rawDocuments,
    { _id: document(950), ...required },
  ],
  Invoices: [
    {
      _id: invoice(1),
      invoice_file_mimeType: 'm',
      invoice_file_url: 'u',
      date_created: new Date(7),
      visibility: false,
      invoice_items: { rows: [{ price: Decimal128.fromString('1.10') }] },
      connected_documents: [document(2), document(3)],
    },
    { _id: invoice(2), invoice_file_mimeType: 'm', invoice_file_url: 'u' },
    { _id: 'invoice', invoice_file_mimeType: 'm', invoice_file_url: 'u' },
  ],
  crm_Contacts: [
    {
      _id: contact(1),
      last_name: 'L',
      tags: ['a', 'b'],
      notes: ['n1', 'n2', 'n1'],
      assigned_to: user(1),
      opportunitiesIDs: [opportunity(1)],
      status: true,
    },
    ...values.map((value, n) => ({
      _id: contact(100 + n),
      last_name: `odd ${n}`,
      tags: value,
      notes: value,
      status: value,
      account: value,
      accountsIDs: value,
      last_activity: value,
      first_name: value,
    })),
  ],
  crm_Opportunities: [
    {
      _id: opportunity(1),
      name: 'O',
      budget: Long.fromString('3000000000'),
      expected_revenue: 5,
      status: 'ACTIVE',
      connected_contacts: [contact(1)],
      assigned_to: user(3),
      sales_stage: nobody,
    },
    { _id: opportunity(2), name: 'Side only', connected_contacts: [contact(1)], status: 'active' },
  ],
  Tasks: [
    {
      _id: task(1),
      position: 1,
      priority: 'high',
      title: 'T',
      user: user(1),
      taskStatus: 'ACTIVE',
      likes: Long.fromString('5000000000'),
      documentIDs: [document(1)],
    },
    { _id: task(2), position: Decimal128.fromString('2.5'), priority: 'low', title: 'T2', user: user(2) },
    { _id: task(3), position: 'none', priority: 'low', title: 'Rejected' },
  ],
  crm_Accounts_Tasks: [
    {
      _id: accountTask(1),
      title: 'AT',
      priority: 'low',
      content: 'c',
      user: user(1),
      account: account(1),
      taskStatus: 'ACTIVE',
      createdAt: new Date(0),
      __v: 0,
      likes: 1,
    },
  ],
  tasksComments: [
    { _id: comment(1), __v: 0, comment: 'c', createdAt: new Date(1), task: task(1), user: user(1) },
    { _id: comment(2), comment: 'redirected', task: accountTask(1), user: user(1) },
    { _id: comment(3), comment: 'both', task: accountTask(1), user: user(1), assigned_crm_account_task: accountTask(1) },
    {
      _id: comment(4),
      comment: 'own dangles',
      task: accountTask(1).toHexString(),
      user: user(1),
      assigned_crm_account_task: nobody,
    },
    { _id: comment(5), comment: 'dangles', task: nobody, user: user(1) },
    { _id: comment(6), comment: 'nobody wrote it', task: task(1), user: nobody },
    { _id: comment(7), comment: 'of a rejected user', task: task(1), user: user(8) },
  ],
  Feedback: [
    { _id: 1, text: 'kept whole' },
    { _id: oid(20, 1), text: 'x\0y' },
    broken({ _id: oid(20, 2), text: 'bad XX' }, 'XX', Buffer.from([0xff, 0xff])),
  ],
};

/** Does not compress: for what an index cannot hold. */
function randomText(length: number): string {
  let state = 12345;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    text += String.fromCharCode(33 + ((state >>> 16) % 90));
  }
  return text;
}
