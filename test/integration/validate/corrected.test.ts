/** Damage to what a person has corrected, to what was merged because of it, and to references that were copied: each is found and named. */
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { openSource } from '../../../src/source/open.ts';
import { validate } from '../../../src/validate/validate.ts';
import { groundOf } from '../../support/ground.ts';
import { dumpUrl } from '../../support/program.ts';
import { silent } from '../../support/progress.ts';
import { suite } from '../../support/suite.ts';

const test = suite('damage to corrected documents');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const hex = (n: number) => id(n).toHexString();
const uuid = (n: number) => `'00000000-0000-8000-8000-${n.toString(16).padStart(6, '0')}000000'`;
const user = (n: number, email: string): Document => ({ _id: id(n), __v: 0, email, created_on: new Date(0), is_admin: false });

const source = {
  Users: [user(1, 'a@example.com'), user(2, 'a@example.com'), user(3, 'a@example.com')],
  crm_Accounts: [{ _id: id(0x10), __v: 0, name: 'n', createdAt: new Date(0) }],
  crm_Contacts: [
    { _id: id(0x20), __v: 0, last_name: null, first_name: 'f', status: true, account: id(0x10), assigned_to: id(3) },
    { _id: id(0x21), __v: 0, last_name: 'l', status: true, account: id(0x10) },
    { _id: id(0x22), __v: 0, last_name: 'l', status: true, account: id(0x99) },
  ],
  crm_campains: [{ _id: id(0x30), __v: 0, name: null }],
  crm_Leads: [{ _id: id(0x40), __v: 0, date_created: new Date(0) }],
};

const of = (table: string, n: number, more = '') => `nextcrm_migration.${table} where source_id = '${hex(n)}' ${more}`;

interface Damage {
  readonly name: string;
  readonly sql: string;
  /** "CODE collection.field". */
  readonly found: string;
}

const damages: readonly Damage[] = [
  {
    name: 'the record of a correction removed',
    sql: `delete from ${of('change', 0x20, "and field = 'last_name'")}`,
    found: 'CHANGE_MISSING crm_Contacts.last_name',
  },
  {
    name: 'the original of a correction altered',
    sql: `update nextcrm_migration.change set original = '"x"' where source_id = '${hex(0x20)}' and field = 'first_name'`,
    found: 'CHANGE_WRONG crm_Contacts.first_name',
  },
  {
    name: 'the record of a correction doubled',
    sql: `insert into nextcrm_migration.change select * from ${of('change', 0x20, "and field = 'last_name'")}`,
    found: 'CHANGE_EXTRA crm_Contacts.last_name',
  },
  {
    name: 'a corrected value altered',
    sql: `update public."crm_Contacts" set last_name = 'M' where id = ${uuid(0x20)}`,
    found: 'FIELD_DIFFERS crm_Contacts.last_name',
  },
  {
    name: 'a corrected value set back to that of the source',
    sql: `update public."crm_Contacts" set first_name = 'f' where id = ${uuid(0x20)}`,
    found: 'FIELD_DIFFERS crm_Contacts.first_name',
  },
  { name: 'a correction removed', sql: `delete from ${of('correction', 0x20)}`, found: 'FIELD_DIFFERS crm_Contacts.last_name' },
  {
    name: 'the correction of a document of a former name removed',
    sql: `delete from ${of('correction', 0x30)}`,
    found: 'FIELD_DIFFERS crm_campaigns.name',
  },
  {
    name: 'a correction replaced by one that changes more',
    sql: `update nextcrm_migration.correction set patch = '{"last_name": "L", "first_name": "g", "email": "e"}' where source_id = '${hex(0x20)}'`,
    found: 'FIELD_DIFFERS crm_Contacts.email',
  },
  {
    name: 'a reference merged into the document that keeps the former value of one that was corrected',
    sql: `update public."crm_Contacts" set assigned_to = ${uuid(2)} where id = ${uuid(0x20)}`,
    found: 'REFERENCE_LOST crm_Contacts.assigned_to',
  },
  {
    name: 'a copied reference removed',
    sql: `update public."crm_Contacts" set "accountsIDs" = null where id = ${uuid(0x21)}`,
    found: 'REFERENCE_LOST crm_Contacts.accountsIDs',
  },
  {
    name: 'the record of a copied reference removed',
    sql: `delete from ${of('change', 0x21, "and field = 'accountsIDs'")}`,
    found: 'CHANGE_MISSING crm_Contacts.accountsIDs',
  },
  {
    name: 'a reference copied though its document does not exist',
    sql: `update public."crm_Contacts" set "accountsIDs" = account where id = ${uuid(0x22)}`,
    found: 'CHANGE_MISSING crm_Contacts.accountsIDs',
  },
  {
    name: 'a text in place of the empty one that stands for a missing last name',
    sql: `update public."crm_Leads" set "lastName" = 'x' where id = ${uuid(0x40)}`,
    found: 'FIELD_DIFFERS crm_Leads.lastName',
  },
];

test('each damage is found and named, and nothing is found without', async () => {
  await using at = await groundOf();
  assert.is((await at.run(source)).exit, 1);
  await at.session.script(`
    update nextcrm_migration.reject set correction = '{"last_name": "L", "first_name": "g"}' where collection = 'crm_Contacts';
    update nextcrm_migration.reject set correction = '{"name": "N"}' where collection = 'crm_campaigns';
    update nextcrm_migration.reject set correction = '{"email": "b@example.com"}' where source_id = '${hex(2)}'`);
  const { exit, output } = await at.run(source);
  assert.is(exit, 1, output);
  assert.equal(await at.findings(), ['DUPLICATE_KEY Users 1']);

  const { signal } = new AbortController();
  const dump = await openSource(dumpUrl(`${at.place.folder}/dump/nextcrm`), { signal });
  const [run] = await at.session.query<{ started: string }>('select started_at::text as started from nextcrm_migration.run');
  const found = async () => {
    const { findings } = await validate({
      catalog: nextcrm,
      source: dump,
      target: at.session,
      run: { startedAt: new Date(run?.started ?? ''), finishedAt: null },
      upgraded: false,
      progress: silent,
      signal,
      readModels: async () => [],
    });
    return findings.map(({ code, collection, field }) => `${code} ${collection}.${field}`);
  };
  assert.equal(await found(), []);
  for (const damage of damages) {
    await at.session.script(`begin; set local session_replication_role = replica; ${damage.sql}`);
    const named = await found();
    await at.session.script('rollback');
    assert.ok(named.includes(damage.found), `${damage.name}: ${named.join(', ')}`);
  }
  assert.equal(await found(), []);
  await dump[Symbol.asyncDispose]();
});

test.run();
