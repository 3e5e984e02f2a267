/** Damage to a finished target, each kind with what validation must say about it. */
import type { Layer } from '../../../src/findings/finding.ts';
import { account, document, oid, user } from './rich-dump.ts';

export interface Damage {
  readonly name: string;
  readonly sql: string;
  /** The query of that finding finds none: what it asks for is what is gone. */
  readonly noRows?: true;
  /** The finding that names it. */
  readonly found: {
    readonly code: string;
    readonly layer: Layer;
    readonly collection: string | null;
    readonly field?: string;
    readonly sourceId?: string;
  };
}

const uuidOf = (hex: string) =>
  `'${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18)}000000'`;
const [account1, account2, account5] = [1, 2, 5].map((n) => account(n).toHexString()) as [string, string, string];
const [document1, document2] = [1, 2].map((n) => document(n).toHexString()) as [string, string];
const [user1, user5, user7] = [1, 5, 7].map((n) => user(n).toHexString()) as [string, string, string];
const board1 = oid(4, 1).toHexString();
const board3 = oid(4, 3).toHexString();
const contact1 = oid(5, 1).toHexString();
const campaign2 = oid(12, 2).toHexString();

const row = (collection: string, sourceId: string, set: string) =>
  `update public."${collection}" set ${set} where id = ${uuidOf(sourceId)}`;
const differs = (collection: string, field: string, sourceId: string) =>
  ({ code: 'FIELD_DIFFERS', layer: 'records', collection, field, sourceId }) as const;
const ledger = (table: string, collection: string, sourceId: string, more = '') =>
  `nextcrm_migration.${table} where collection = '${collection}' and source_id = '${sourceId}' ${more}`;
const catalog = (collection: string, field: string) => ({ code: 'CATALOG_DIFFERS', layer: 'types', collection, field }) as const;

/** A value that has an exact form, altered, with a record beside it as if it had been changed on its way. */
function excused(
  kind: string,
  collection: string,
  field: string,
  sourceId: string,
  held: string,
  code: string,
  original: string,
): Damage {
  return {
    name: `${kind} in its exact form (${collection}.${field}), altered under a record ${code}`,
    sql: `${row(collection, sourceId, `"${field}" = ${held}`)};
        insert into nextcrm_migration.change values ('${collection}', '${sourceId}', '${field}', '${code}', '${original}')`,
    found: differs(collection, field, sourceId),
  };
}

const rows: readonly Damage[] = [
  {
    name: 'a row deleted',
    sql: `delete from public."Users" where id = ${uuidOf(user5)}`,
    found: { code: 'ROW_MISSING', layer: 'records', collection: 'Users', sourceId: user5 },
  },
  {
    name: 'a row deleted, in the counts',
    sql: `delete from public."Users" where id = ${uuidOf(user5)}`,
    found: { code: 'COUNT_MISMATCH', layer: 'counts', collection: 'Users' },
  },
  {
    name: 'a row doubled under another id',
    sql: `insert into public."crm_Accounts"
      select (jsonb_populate_record(t, '{"id":"0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f71"}')).* from public."crm_Accounts" t where id = ${uuidOf(account1)}`,
    found: {
      code: 'ROW_EXTRA',
      layer: 'records',
      collection: 'crm_Accounts',
      sourceId: '0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f71',
    },
  },
  {
    name: 'a row of a rejected document',
    sql: `insert into public."Users" (id, email) values (${uuidOf(user7)}, 'again@example.org')`,
    found: { code: 'ROW_EXTRA', layer: 'records', collection: 'Users', sourceId: user7 },
  },
  {
    name: 'a row exchanged for another one, the count kept',
    sql: `update public."crm_Accounts" set id = '0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f72' where id = ${uuidOf(account5)}`,
    found: { code: 'ROW_EXTRA', layer: 'records', collection: 'crm_Accounts', sourceId: '0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f72' },
  },
  {
    name: 'a table emptied',
    sql: 'delete from public."crm_Opportunities"',
    found: { code: 'ROW_MISSING', layer: 'records', collection: 'crm_Opportunities', sourceId: oid(6, 1).toHexString() },
  },
];

const values: readonly Damage[] = [
  {
    name: 'one character',
    sql: row('crm_Accounts', account1, "name = 'Accoumt 1'"),
    found: differs('crm_Accounts', 'name', account1),
  },
  {
    name: 'a character of a long text',
    sql: row('crm_Accounts', account(8).toHexString(), "description = description || 'd'"),
    found: differs('crm_Accounts', 'description', account(8).toHexString()),
  },
  {
    name: 'a space at the end',
    sql: row('crm_Accounts', account1, "email = email || ' '"),
    found: differs('crm_Accounts', 'email', account1),
  },
  {
    name: 'one millisecond',
    sql: row('crm_Accounts', account1, `"createdAt" = "createdAt" + interval '1 ms'`),
    found: differs('crm_Accounts', 'createdAt', account1),
  },
  {
    name: 'an hour, as a time zone would',
    sql: row('crm_Accounts', account2, `"updatedAt" = "updatedAt" + interval '1 hour'`),
    found: differs('crm_Accounts', 'updatedAt', account2),
  },
  {
    name: 'one unit of a bigint',
    sql: row('Boards', board1, 'position = position - 1'),
    found: differs('Boards', 'position', board1),
  },
  {
    name: 'one unit of an integer',
    sql: row('Documents', document1, 'size = size + 1'),
    found: differs('Documents', 'size', document1),
  },
  {
    name: 'a boolean turned',
    sql: row('Documents', document1, 'favourite = true'),
    found: differs('Documents', 'favourite', document1),
  },
  {
    name: 'another label',
    sql: row('Documents', document1, `document_system_type = 'OFFER'`),
    found: differs('Documents', 'document_system_type', document1),
  },
  {
    name: 'NULL for a value',
    sql: row('crm_Accounts', account1, 'annual_revenue = null'),
    found: differs('crm_Accounts', 'annual_revenue', account1),
  },
  {
    name: 'a value for NULL',
    sql: row('crm_Accounts', account1, "website = 'https://example.org'"),
    found: differs('crm_Accounts', 'website', account1),
  },
  {
    name: 'an empty text for NULL',
    sql: row('crm_Accounts', account1, "website = ''"),
    found: differs('crm_Accounts', 'website', account1),
  },
  {
    name: 'the order of an array',
    sql: row('crm_Contacts', contact1, "notes = '{n2,n1,n1}'"),
    found: differs('crm_Contacts', 'notes', contact1),
  },
  {
    name: 'an element of an array gone',
    sql: row('crm_Contacts', contact1, "notes = '{n1,n2}'"),
    found: differs('crm_Contacts', 'notes', contact1),
  },
  {
    name: 'NULL for an empty array',
    sql: row('Documents', document(950).toHexString(), 'connected_documents = null'),
    found: differs('Documents', 'connected_documents', document(950).toHexString()),
  },
  {
    name: 'an element of an array altered',
    sql: row('crm_Contacts', contact1, "notes = '{n1,n2,n3}'"),
    found: differs('crm_Contacts', 'notes', contact1),
  },
  {
    name: 'an id of an array',
    sql: row('Boards', board1, `"sharedWith" = array[${uuidOf(user5)}::uuid, "sharedWith"[2]]`),
    found: differs('Boards', 'sharedWith', board1),
  },
  {
    name: "a JSON number's type",
    sql: row('Documents', document1, `tags = '[{"name":"x","weight":"1.25"},1]'`),
    found: differs('Documents', 'tags', document1),
  },
  {
    name: 'a digit of a JSON number beyond a double',
    sql: row('Documents', document1, `tags = '[{"name":"x","weight":1.25000000000000000001},1]'`),
    found: differs('Documents', 'tags', document1),
  },
  {
    name: 'a JSON key',
    sql: row('Documents', document1, `tags = '[{"name":"x","Weight":1.25},1]'`),
    found: differs('Documents', 'tags', document1),
  },
  {
    name: 'one more JSON key',
    sql: row('Documents', document1, `tags = '[{"name":"x","weight":1.25,"more":null},1]'`),
    found: differs('Documents', 'tags', document1),
  },
  {
    name: 'JSON null for SQL NULL',
    sql: row('Documents', document(950).toHexString(), `tags = 'null'`),
    found: differs('Documents', 'tags', document(950).toHexString()),
  },
  {
    name: 'a plain id',
    sql: row('crm_Accounts', account1, `"createdBy" = ${uuidOf(user5)}`),
    found: differs('crm_Accounts', 'createdBy', account1),
  },
  {
    name: 'two rows that changed places',
    sql: `update public."crm_Accounts" a set name = b.name from public."crm_Accounts" b where (a.id, b.id) in ((${uuidOf(account1)}, ${uuidOf(account2)}), (${uuidOf(account2)}, ${uuidOf(account1)}))`,
    found: differs('crm_Accounts', 'name', account2),
  },
];

const references: readonly Damage[] = [
  {
    name: 'a reference to another existing document',
    sql: row('crm_Accounts', account1, `assigned_to = ${uuidOf(user5)}`),
    found: { code: 'REFERENCE_LOST', layer: 'references', collection: 'crm_Accounts', field: 'assigned_to', sourceId: account1 },
  },
  {
    name: 'NULL for a reference',
    sql: row('crm_Accounts', account1, 'assigned_to = null'),
    found: { code: 'REFERENCE_LOST', layer: 'references', collection: 'crm_Accounts', field: 'assigned_to', sourceId: account1 },
  },
  {
    name: 'a reference given up with a record, although its document is there',
    sql: `${row('crm_Accounts', account1, 'assigned_to = null')};
      insert into nextcrm_migration.change values ('crm_Accounts', '${account1}', 'assigned_to', 'DANGLING_REFERENCE', '{"$oid":"${user1}"}')`,
    found: { code: 'REFERENCE_LOST', layer: 'references', collection: 'crm_Accounts', field: 'assigned_to', sourceId: account1 },
  },
  {
    name: 'a reference given up with a record because its document was lost',
    sql: `${row('crm_Accounts', account1, 'assigned_to = null')}; delete from public."Users" where id = ${uuidOf(user1)};
      insert into nextcrm_migration.change values ('crm_Accounts', '${account1}', 'assigned_to', 'DANGLING_REFERENCE', '{"$oid":"${user1}"}')`,
    found: {
      code: 'REFERENCE_INTRODUCED',
      layer: 'references',
      collection: 'crm_Accounts',
      field: 'assigned_to',
      sourceId: account1,
    },
  },
  {
    name: 'a dangling reference',
    sql: row('crm_Accounts', account1, `assigned_to = '0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f73'`),
    found: {
      code: 'KEY_NOT_VALIDATED',
      layer: 'references',
      collection: 'crm_Accounts',
      field: 'assigned_to',
      sourceId: account1,
    },
  },
  {
    name: 'a comment not redirected',
    sql: row('tasksComments', oid(9, 2).toHexString(), 'assigned_crm_account_task = null'),
    found: differs('tasksComments', 'assigned_crm_account_task', oid(9, 2).toHexString()),
  },
  {
    name: 'a pair removed',
    sql: `delete from public."AccountWatchers" where account_id = ${uuidOf(account1)} and user_id = ${uuidOf(user1)}`,
    found: { code: 'LINK_MISSING', layer: 'references', collection: 'crm_Accounts', field: 'watchers', sourceId: account1 },
  },
  {
    name: 'a pair added',
    sql: `insert into public."AccountWatchers" values (${uuidOf(account1)}, ${uuidOf(user5)})`,
    found: { code: 'LINK_EXTRA', layer: 'references', collection: 'AccountWatchers', sourceId: `${account1} ${user5}` },
  },
  {
    name: 'a pair swapped',
    sql: `update public."AccountWatchers" set user_id = ${uuidOf(user5)} where account_id = ${uuidOf(account1)} and user_id = ${uuidOf(user1)}`,
    found: { code: 'LINK_EXTRA', layer: 'references', collection: 'AccountWatchers', sourceId: `${account1} ${user5}` },
  },
  {
    name: 'a pair that stands on the right side only, removed',
    sql: `delete from public."ContactsToOpportunities" where opportunity_id = ${uuidOf(oid(6, 2).toHexString())}`,
    found: {
      code: 'LINK_MISSING',
      layer: 'references',
      collection: 'crm_Opportunities',
      field: 'connected_contacts',
      sourceId: oid(6, 2).toHexString(),
    },
  },
  {
    name: 'a junction table emptied',
    sql: 'delete from public."DocumentsToInvoices"',
    found: { code: 'LINK_MISSING', layer: 'references', collection: 'Documents', field: 'invoiceIDs', sourceId: document2 },
  },
];

const records: readonly Damage[] = [
  {
    name: 'a change removed',
    sql: `delete from ${ledger('change', 'crm_Accounts', account5, "and field = 'assigned_to'")}`,
    found: { code: 'CHANGE_MISSING', layer: 'records', collection: 'crm_Accounts', field: 'assigned_to', sourceId: account5 },
  },
  {
    name: 'the code of a change altered',
    sql: `update ${ledger('change', 'crm_Accounts', account5, "and field = 'assigned_to'").replace(' where', " set code = 'UNCONVERTIBLE' where")}`,
    found: { code: 'CHANGE_WRONG', layer: 'records', collection: 'crm_Accounts', field: 'assigned_to', sourceId: account5 },
  },
  {
    name: 'the original of a change altered',
    sql: `update ${ledger('change', 'crm_Accounts', account5, "and field = 'assigned_to'").replace(' where', ` set original = '{"$oid":"${user1}"}' where`)}`,
    found: { code: 'CHANGE_WRONG', layer: 'records', collection: 'crm_Accounts', field: 'assigned_to', sourceId: account5 },
  },
  {
    name: 'a change of what was carried',
    sql: `insert into nextcrm_migration.change values ('crm_Accounts', '${account1}', 'name', 'TEXT_FROM_VALUE', '"Account 1"')`,
    found: { code: 'CHANGE_EXTRA', layer: 'records', collection: 'crm_Accounts', field: 'name', sourceId: account1 },
  },
  {
    name: 'a change doubled',
    sql: `insert into nextcrm_migration.change select * from ${ledger('change', 'crm_Accounts', account5, "and field = 'assigned_to'")}`,
    found: { code: 'CHANGE_EXTRA', layer: 'records', collection: 'crm_Accounts', field: 'assigned_to', sourceId: account5 },
  },
  {
    name: 'a value given up with a record although it has an exact form',
    sql: `${row('crm_Accounts', account1, 'annual_revenue = null')}; insert into nextcrm_migration.change values ('crm_Accounts', '${account1}', 'annual_revenue', 'UNCONVERTIBLE', '"12"')`,
    found: differs('crm_Accounts', 'annual_revenue', account1),
  },
  excused('text', 'crm_Accounts', 'email', account1, "'other@example.org'", 'TEXT_FROM_VALUE', '"info@1.example.org"'),
  excused('text cut short', 'crm_Accounts', 'email', account1, "'info'", 'NUL_REMOVED', '"info@1.example.org"'),
  excused('text cut short', 'crm_Accounts', 'name', account1, "'Acc'", 'INVALID_UTF8', '"Account 1"'),
  excused('integer', 'Documents', 'size', document1, '2', 'ROUNDED', '{"$numberInt":"1"}'),
  excused('bigint', 'Boards', 'position', board1, '9007199254740992', 'ROUNDED', '{"$numberLong":"9007199254740993"}'),
  excused('boolean', 'Documents', 'favourite', document1, 'null', 'UNCONVERTIBLE', 'false'),
  excused('date', 'crm_Accounts', 'updatedAt', account1, 'null', 'UNCONVERTIBLE', '{"$date":{"$numberLong":"1700000000000"}}'),
  excused(
    'date',
    'crm_Accounts',
    'createdAt',
    account1,
    "'2020-01-05 00:00'",
    'DEFAULTED',
    '{"$date":{"$numberLong":"1614834367089"}}',
  ),
  excused('label', 'Documents', 'document_system_type', document1, "'OFFER'", 'ENUM_CASE', '"OTHER"'),
  excused('id', 'crm_Accounts', 'createdBy', account1, 'null', 'UNCONVERTIBLE', `{"$oid":"${user1}"}`),
  excused('array', 'crm_Contacts', 'notes', contact1, "'{n1,n2}'", 'ARRAY_NULL_DROPPED', '["n1","n2","n1"]'),
  excused(
    'array of ids',
    'Boards',
    'sharedWith',
    board1,
    `array[${uuidOf(oid(1, 2).toHexString())}::uuid]`,
    'ARRAY_ELEMENT_DROPPED',
    `{"$oid":"${oid(1, 3).toHexString()}"}`,
  ),
  {
    name: 'a short value given up as too large for an index',
    sql: `${row('crm_Accounts', account1, 'status = null')}; insert into nextcrm_migration.change values ('crm_Accounts', '${account(8).toHexString()}', 'type', 'INDEX_TOO_LARGE', '"Customer"'); ${row('crm_Accounts', account(8).toHexString(), 'type = null')}`,
    found: differs('crm_Accounts', 'type', account(8).toHexString()),
  },
  {
    name: 'a change of no document',
    sql: `insert into nextcrm_migration.change values ('crm_Accounts', 'ffffffffffffffffffffffff', 'name', 'TEXT_FROM_VALUE', '1')`,
    found: {
      code: 'CHANGE_EXTRA',
      layer: 'records',
      collection: 'crm_Accounts',
      field: 'name',
      sourceId: 'ffffffffffffffffffffffff',
    },
  },
  {
    name: 'the record of a former name removed',
    sql: `delete from ${ledger('change', 'Boards', board3, "and field = 'createdAt'")}`,
    found: { code: 'CHANGE_MISSING', layer: 'records', collection: 'Boards', field: 'createdAt', sourceId: board3 },
  },
  {
    name: 'the record of a former name with another name',
    sql: `update ${ledger('change', 'Boards', board3, "and field = 'updatedAt'").replace(' where', ` set original = '"edited"' where`)}`,
    found: { code: 'CHANGE_WRONG', layer: 'records', collection: 'Boards', field: 'updatedAt', sourceId: board3 },
  },
  {
    name: 'a value of a former name altered',
    sql: row('Boards', board3, `"createdAt" = '2020-01-05 00:00'`),
    found: differs('Boards', 'createdAt', board3),
  },
  {
    name: 'a value of a former name lost with its record',
    sql: `${row('Boards', board3, '"updatedAt" = null')}; delete from ${ledger('change', 'Boards', board3, "and field = 'updatedAt'")}`,
    found: differs('Boards', 'updatedAt', board3),
  },
  {
    name: 'the record of a merged reference removed',
    sql: `delete from ${ledger('change', 'Boards', board3, "and field = 'user'")}`,
    found: differs('Boards', 'user', board3),
  },
  {
    name: 'the original of a merged reference altered',
    sql: `update ${ledger('change', 'Boards', board3, "and field = 'createdBy'").replace(' where', ` set original = '{"$oid":"${user5}"}' where`)}`,
    found: { code: 'CHANGE_WRONG', layer: 'records', collection: 'Boards', field: 'createdBy', sourceId: board3 },
  },
  {
    name: 'a merged reference that names another document than the one that keeps the value',
    sql: row('Boards', board3, `"user" = ${uuidOf(user5)}`),
    found: { code: 'REFERENCE_LOST', layer: 'references', collection: 'Boards', field: 'user', sourceId: board3 },
  },
  {
    name: 'a merged element that names another document than the one that keeps the value',
    sql: row('Boards', board3, `"sharedWith"[1] = ${uuidOf(user5)}`),
    found: { code: 'REFERENCE_LOST', layer: 'references', collection: 'Boards', field: 'sharedWith', sourceId: board3 },
  },
  {
    name: 'a reference without a key that names the rejected document again',
    sql: `${row('Boards', board3, `"createdBy" = ${uuidOf(user7)}`)}; delete from ${ledger('change', 'Boards', board3, "and field = 'createdBy'")}`,
    found: { code: 'REFERENCE_LOST', layer: 'references', collection: 'Boards', field: 'createdBy', sourceId: board3 },
  },
  {
    name: 'a reference altered under a record REFERENCE_MERGED, though its document was not merged',
    sql: `${row('crm_Accounts', account2, `assigned_to = ${uuidOf(user1)}`)};
        insert into nextcrm_migration.change values ('crm_Accounts', '${account2}', 'assigned_to', 'REFERENCE_MERGED', '{"$oid":"${oid(1, 2).toHexString()}"}')`,
    found: { code: 'REFERENCE_LOST', layer: 'references', collection: 'crm_Accounts', field: 'assigned_to', sourceId: account2 },
  },
  {
    name: 'the pair of a merged watcher removed',
    noRows: true,
    sql: `delete from public."BoardWatchers" where board_id = ${uuidOf(board3)}`,
    found: { code: 'LINK_MISSING', layer: 'references', collection: 'Boards', field: 'watchers', sourceId: board3 },
  },
  {
    name: 'the record of a former name of a collection removed',
    sql: `delete from ${ledger('change', 'crm_campaigns', campaign2)}`,
    found: { code: 'CHANGE_MISSING', layer: 'records', collection: 'crm_campaigns', sourceId: campaign2 },
  },
  {
    name: 'a row of a former name of a collection deleted',
    sql: `delete from public."crm_campaigns" where id = ${uuidOf(campaign2)}`,
    found: { code: 'ROW_MISSING', layer: 'records', collection: 'crm_campaigns', sourceId: campaign2 },
  },
  {
    name: 'a document of a former name of a collection, preserved and not loaded',
    noRows: true,
    sql: `delete from public."crm_campaigns" where id = ${uuidOf(campaign2)};
        delete from ${ledger('id_map', 'crm_campaigns', campaign2)};
        delete from ${ledger('change', 'crm_campaigns', campaign2)};
        insert into nextcrm_migration.leftover values ('crm_campains', '${campaign2}', null, '{"_id":{"$oid":"${campaign2}"},"name":"Of a free id"}')`,
    found: { code: 'ROW_MISSING', layer: 'records', collection: 'crm_campaigns', sourceId: campaign2 },
  },
  {
    name: 'a document of a former name of a collection whose _id is taken, not preserved',
    noRows: true,
    sql: `delete from ${ledger('leftover', 'crm_campains', oid(12, 1).toHexString())}`,
    found: { code: 'LEFTOVER_WRONG', layer: 'records', collection: 'crm_campains', sourceId: oid(12, 1).toHexString() },
  },
  {
    name: 'the number of documents of a former name altered',
    sql: `delete from ${ledger('former', 'crm_campaigns', campaign2)}`,
    found: { code: 'COUNT_MISMATCH', layer: 'counts', collection: 'crm_campains' },
  },
  {
    name: 'a correction of a document that was loaded as it is',
    sql: `insert into nextcrm_migration.correction values ('crm_Accounts', '${account1}', 'none', '{"name": "N"}')`,
    found: { code: 'COUNT_MISMATCH', layer: 'counts', collection: 'crm_Accounts' },
  },
  {
    name: 'a leftover removed',
    noRows: true,
    sql: `delete from ${ledger('leftover', 'crm_Accounts', account5)}`,
    found: { code: 'LEFTOVER_WRONG', layer: 'records', collection: 'crm_Accounts', field: 'unknown', sourceId: account5 },
  },
  {
    name: 'a leftover altered',
    sql: `update ${ledger('leftover', 'crm_Accounts', account5).replace(' where', ` set value = '{"deep":[{"$numberInt":"2"}]}' where`)}`,
    found: { code: 'LEFTOVER_WRONG', layer: 'records', collection: 'crm_Accounts', field: 'unknown', sourceId: account5 },
  },
  {
    name: 'a leftover added',
    sql: `insert into nextcrm_migration.leftover values ('crm_Accounts', '${account1}', 'invented', '1')`,
    found: { code: 'LEFTOVER_WRONG', layer: 'records', collection: 'crm_Accounts', field: 'invented', sourceId: account1 },
  },
  {
    name: 'a document of an unknown collection removed',
    noRows: true,
    sql: `delete from nextcrm_migration.leftover where collection = 'Feedback' and source_id = '{"$numberInt":"1"}'`,
    found: { code: 'LEFTOVER_WRONG', layer: 'records', collection: 'Feedback', sourceId: '{"$numberInt":"1"}' },
  },
  {
    name: 'a reject removed',
    noRows: true,
    sql: `delete from ${ledger('reject', 'Users', user7)}`,
    found: { code: 'ROW_MISSING', layer: 'records', collection: 'Users', sourceId: user7 },
  },
  {
    name: 'a reject doubled',
    sql: `insert into nextcrm_migration.reject select * from ${ledger('reject', 'Users', user7)}`,
    found: { code: 'REJECT_WRONG', layer: 'records', collection: 'Users', sourceId: user7 },
  },
  {
    name: 'the bytes of a reject altered',
    sql: `update ${ledger('reject', 'Users', user7).replace(' where', ' set bson = set_byte(bson, 40, 65 + get_byte(bson, 40) % 7) where')}`,
    found: { code: 'REJECT_WRONG', layer: 'records', collection: 'Users', sourceId: user7 },
  },
  {
    name: 'the document of a reject altered',
    sql: `update ${ledger('reject', 'Users', user7).replace(' where', " set document = replace(document, 'Same', 'same') where")}`,
    found: { code: 'REJECT_WRONG', layer: 'records', collection: 'Users', sourceId: user7 },
  },
  {
    name: 'a reject for a reason that does not hold',
    sql: `update ${ledger('reject', 'Users', user7).replace(' where', " set code = 'MISSING_REQUIRED' where")}`,
    found: { code: 'REJECT_WRONG', layer: 'records', collection: 'Users', field: 'email', sourceId: user7 },
  },
  {
    name: 'a reject of no document',
    sql: `insert into nextcrm_migration.reject values ('Users', 'ffffffffffffffffffffffff', 'MISSING_REQUIRED', 'email', '{}', '\\x0500000000', null)`,
    found: { code: 'REJECT_WRONG', layer: 'records', collection: 'Users', sourceId: 'ffffffffffffffffffffffff' },
  },
  {
    name: 'an entry of the map of ids removed',
    sql: `delete from nextcrm_migration.id_map where collection = 'Users' and source_id = '${user1}'`,
    // Nothing but the row is left to name it by.
    found: { code: 'ID_MAP_WRONG', layer: 'records', collection: 'Users', sourceId: uuidOf(user1).slice(1, -1) },
  },
  {
    name: 'an entry of the map of ids altered',
    sql: `update nextcrm_migration.id_map set source_id = '${user5}' where collection = 'Users' and source_id = '${user1}'`,
    found: { code: 'ID_MAP_WRONG', layer: 'records', collection: 'Users', sourceId: user5 },
  },
  {
    name: 'an entry of the map of ids that is there twice',
    sql: `insert into nextcrm_migration.id_map select * from nextcrm_migration.id_map where collection = 'Users' and source_id = '${user1}'`,
    found: { code: 'ID_MAP_WRONG', layer: 'records', collection: 'Users', sourceId: user1 },
  },
  {
    name: 'a second document under a hashed id in the map',
    sql: `insert into nextcrm_migration.id_map select collection, '"other"', id from nextcrm_migration.id_map where source_id = '"string-id"'`,
    found: { code: 'ID_MAP_WRONG', layer: 'records', collection: 'Users', sourceId: '"other"' },
  },
  {
    name: 'an entry of the map of ids in place of another one',
    sql: `update nextcrm_migration.id_map set (id, source_id) = (${uuidOf('eeeeeeeeeeeeeeeeeeeeeeee')}, 'eeeeeeeeeeeeeeeeeeeeeeee')
      where collection = 'Users' and source_id = '${user1}'`,
    found: { code: 'ID_MAP_WRONG', layer: 'records', collection: 'Users', sourceId: 'eeeeeeeeeeeeeeeeeeeeeeee' },
  },
  {
    name: 'a hashed id in the map altered',
    noRows: true,
    sql: `update nextcrm_migration.id_map set source_id = '"other"' where collection = 'Users' and source_id = '"string-id"'`,
    found: { code: 'ID_MAP_WRONG', layer: 'records', collection: 'Users', sourceId: '"string-id"' },
  },
  {
    name: 'a source that holds something else than what was loaded',
    sql: `update nextcrm_migration.progress set content_hash = reverse(content_hash) where collection = 'Users'`,
    found: { code: 'SOURCE_CHANGED', layer: 'counts', collection: 'Users' },
  },
  {
    name: 'a source that holds more or less than what was loaded',
    sql: `update nextcrm_migration.progress set read = read + 1 where collection = 'Users'`,
    found: { code: 'COUNT_MISMATCH', layer: 'counts', collection: 'Users' },
  },
];

/** Records under a name that neither the source nor the catalog nor the load knows. */
const strangers: readonly Damage[] = [
  {
    name: 'a change of a collection that nobody has',
    sql: `insert into nextcrm_migration.change values ('Nope', '${account1}', 'name', 'TEXT_FROM_VALUE', '1')`,
    found: { code: 'CHANGE_EXTRA', layer: 'records', collection: 'Nope', field: 'name', sourceId: account1 },
  },
  {
    name: 'a leftover of a collection that nobody has',
    sql: `insert into nextcrm_migration.leftover values ('Nope', '${account1}', 'invented', '1')`,
    found: { code: 'LEFTOVER_WRONG', layer: 'records', collection: 'Nope', field: 'invented', sourceId: account1 },
  },
  {
    name: 'a reject of a collection that nobody has',
    sql: `insert into nextcrm_migration.reject values ('Nope', '${account1}', 'MISSING_REQUIRED', 'email', '{}', '\\x0500000000', null)`,
    found: { code: 'REJECT_WRONG', layer: 'records', collection: 'Nope', field: 'email', sourceId: account1 },
  },
  {
    name: 'an entry of the map of ids for a collection that nobody has',
    sql: `insert into nextcrm_migration.id_map values ('Nope', '${account1}', ${uuidOf(account1)})`,
    found: { code: 'ID_MAP_WRONG', layer: 'records', collection: 'Nope', sourceId: account1 },
  },
  {
    name: 'an entry of the map of ids for a collection without a table',
    sql: `insert into nextcrm_migration.id_map values ('Feedback', '${account1}', ${uuidOf(account1)})`,
    found: { code: 'ID_MAP_WRONG', layer: 'records', collection: 'Feedback', sourceId: account1 },
  },
  {
    name: 'a change of a document whose record of rejection stands under another collection',
    sql: `insert into nextcrm_migration.change values ('Boards', '${user7}', 'title', 'TEXT_FROM_VALUE', '1')`,
    found: { code: 'CHANGE_EXTRA', layer: 'records', collection: 'Boards', field: 'title', sourceId: user7 },
  },
  {
    name: 'one strange record behind more than are looked for at once',
    sql: `insert into nextcrm_migration.change
      select 'Feedback', '{"$numberInt":"1"}', to_char(n, 'FM0000000'), 'INVALID_UTF8', '' from generate_series(1, 20000) n;
      insert into nextcrm_migration.change values ('Feedback', '{"$numberInt":"9"}', 'last', 'INVALID_UTF8', '')`,
    // Of a collection without a table, the records of a document are compared as a whole.
    found: { code: 'CHANGE_EXTRA', layer: 'records', collection: 'Feedback', sourceId: '{"$numberInt":"9"}' },
  },
  {
    name: 'a change under an entry of the map of ids that has no document',
    sql: `insert into nextcrm_migration.id_map values ('crm_Accounts', 'eeeeeeeeeeeeeeeeeeeeeeee', ${uuidOf('eeeeeeeeeeeeeeeeeeeeeeee')});
      insert into nextcrm_migration.change values ('crm_Accounts', 'eeeeeeeeeeeeeeeeeeeeeeee', 'name', 'TEXT_FROM_VALUE', '1')`,
    found: {
      code: 'CHANGE_EXTRA',
      layer: 'records',
      collection: 'crm_Accounts',
      field: 'name',
      sourceId: 'eeeeeeeeeeeeeeeeeeeeeeee',
    },
  },
];

const structure: readonly Damage[] = [
  { name: 'an index dropped', sql: 'drop index public."Users_email_key"', found: catalog('Users', 'index Users_email_key') },
  {
    name: 'an index of another order',
    sql: 'drop index public."Boards_user_favourite_idx"; create index "Boards_user_favourite_idx" on public."Boards" (favourite, "user")',
    found: catalog('Boards', 'index Boards_user_favourite_idx'),
  },
  {
    name: 'an index that is not valid',
    sql: `update pg_index set indisvalid = false where indexrelid = 'public."Users_email_key"'::regclass`,
    found: catalog('Users', 'index Users_email_key'),
  },
  { name: 'an index added', sql: 'create index extra on public."Users" (name)', found: catalog('Users', 'index extra') },
  {
    name: 'a foreign key dropped',
    noRows: true,
    sql: 'alter table public."crm_Accounts" drop constraint "crm_Accounts_assigned_to_fkey"',
    found: { code: 'KEY_NOT_VALIDATED', layer: 'references', collection: 'crm_Accounts', field: 'assigned_to' },
  },
  {
    name: 'a foreign key that is not validated',
    noRows: true,
    sql: `update pg_constraint set convalidated = false where conname = 'crm_Accounts_assigned_to_fkey'`,
    found: { code: 'KEY_NOT_VALIDATED', layer: 'references', collection: 'crm_Accounts', field: 'assigned_to' },
  },
  {
    name: 'a foreign key with another action',
    sql: `alter table public."crm_Accounts" drop constraint "crm_Accounts_assigned_to_fkey", add constraint "crm_Accounts_assigned_to_fkey" foreign key (assigned_to) references public."Users" (id) on delete cascade`,
    found: catalog('crm_Accounts', 'foreign key crm_Accounts_assigned_to_fkey'),
  },
  {
    name: 'a primary key dropped',
    sql: 'alter table public."TodoList" drop constraint "TodoList_pkey"',
    found: catalog('TodoList', 'TodoList_pkey'),
  },
  {
    name: 'a default changed',
    sql: `alter table public."Users" alter column "userStatus" set default 'ACTIVE'`,
    found: catalog('Users', 'userStatus'),
  },
  {
    name: 'a label renamed',
    sql: `alter type public."crm_Lead_Type" rename value 'DEMO' to 'OTHER'`,
    found: catalog('enums', 'crm_Lead_Type'),
  },
  {
    name: 'a label added behind the others',
    sql: `insert into pg_enum (oid, enumtypid, enumsortorder, enumlabel) select 4000000000, '"taskStatus"'::regtype, max(enumsortorder) + 1, 'LATER' from pg_enum where enumtypid = '"taskStatus"'::regtype`,
    found: catalog('enums', 'taskStatus'),
  },
  {
    name: "a column's type changed",
    sql: 'alter table public."Employees" alter column salary type numeric',
    found: catalog('Employees', 'salary'),
  },
  {
    name: 'NOT NULL dropped',
    sql: 'alter table public."crm_Accounts" alter column name drop not null',
    found: catalog('crm_Accounts', 'name'),
  },
  {
    name: 'a column added',
    sql: 'alter table public."Employees" add column surprise text',
    found: catalog('Employees', 'surprise'),
  },
  {
    name: 'a column dropped',
    sql: 'alter table public."crm_Accounts" drop column email',
    found: differs('crm_Accounts', 'email', account1),
  },
  {
    name: 'a column dropped, in the catalog',
    sql: 'alter table public."crm_Accounts" drop column email',
    found: catalog('crm_Accounts', 'email'),
  },
  {
    name: 'a table dropped',
    sql: 'drop table public."Users" cascade',
    found: { code: 'ROW_MISSING', layer: 'records', collection: 'Users', sourceId: user1 },
  },
  {
    name: 'a junction table dropped',
    sql: 'drop table public."DocumentsToInvoices"',
    found: { code: 'LINK_MISSING', layer: 'references', collection: 'Documents', field: 'invoiceIDs', sourceId: document2 },
  },
  {
    name: 'a trigger added',
    sql: 'create trigger surprise before update on public."Users" for each row execute function suppress_redundant_updates_trigger()',
    found: catalog('Users', 'constraint surprise'),
  },
  {
    name: 'a full-text index that is not valid',
    sql: `update pg_index set indisvalid = false, indcheckxmin = false where indexrelid = 'public."fts_crm_Accounts"'::regclass`,
    found: { code: 'INDEX_UNUSED', layer: 'types', collection: 'crm_Accounts', field: 'index fts_crm_Accounts' },
  },
  {
    name: 'a full-text index over other columns',
    sql: `drop index public."fts_Tasks"; create index "fts_Tasks" on public."Tasks" using gin (to_tsvector('simple', nextcrm_search_text(array[title])))`,
    found: catalog('Tasks', 'index fts_Tasks'),
  },
  {
    name: 'an index of ours dropped',
    sql: 'drop index public."nextcrm_crm_Leads_updatedAt"',
    found: catalog('crm_Leads', 'index nextcrm_crm_Leads_updatedAt'),
  },
  {
    name: 'an index made unique',
    sql: 'drop index public."Boards_user_idx"; create unique index "Boards_user_idx" on public."Boards" (id, "user")',
    found: catalog('Boards', 'index Boards_user_idx'),
  },
  {
    name: 'the function of the full-text indexes replaced',
    sql: `create or replace function public.nextcrm_search_text(texts text[]) returns text language sql immutable as $$ select '' $$`,
    found: catalog('functions', 'nextcrm_search_text'),
  },
  {
    name: 'an id that is no UUID of RFC 9562',
    sql: `insert into public."crm_Industry_Type" (id, __v, name) values ('0190b6f0-7d2a-0c3e-1b1a-2f3c4d5e6f71', 0, 'x')`,
    found: {
      code: 'ID_INVALID',
      layer: 'types',
      collection: 'crm_Industry_Type',
      field: 'id',
      sourceId: '0190b6f0-7d2a-0c3e-1b1a-2f3c4d5e6f71',
    },
  },
  {
    name: 'the primary key of a junction table dropped',
    sql: 'alter table public."BoardWatchers" drop constraint "BoardWatchers_pkey"',
    found: catalog('BoardWatchers', 'BoardWatchers_pkey'),
  },
  {
    name: 'a foreign key of a junction table that is not validated',
    noRows: true,
    sql: `update pg_constraint set convalidated = false where conname = 'BoardWatchers_user_id_fkey'`,
    found: { code: 'KEY_NOT_VALIDATED', layer: 'references', collection: 'BoardWatchers', field: 'user_id' },
  },
  {
    name: 'the precision of a time changed',
    sql: 'alter table public."crm_Leads" alter column "updatedAt" type timestamp(6)',
    found: catalog('crm_Leads', 'updatedAt'),
  },
  {
    name: 'NOT NULL added',
    sql: 'alter table public."crm_Leads" alter column "updatedAt" set not null',
    found: catalog('crm_Leads', 'updatedAt'),
  },
  {
    name: 'the extension dropped',
    sql: 'drop extension vector',
    found: { code: 'VECTOR_UNUSABLE', layer: 'types', collection: null },
  },
];

export const damages: readonly Damage[] = [...rows, ...values, ...references, ...records, ...strangers, ...structure];
