/** What stops an upgrade is counted, listed and mended by the report's own SQL; what it drops is in the archive; administrators come back. */
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { afterUpgradeSql } from '../../../src/archive/after-upgrade.ts';
import { upgradeLines, upgradeSection } from '../../../src/report/upgrade.ts';
import { readUpgrade } from '../../../src/steps/upgrade.ts';
import {
  amounts,
  enumsFromTexts,
  integersAgain,
  laterMigrations,
  rolesAsEnum,
  rolesAsText,
} from '../../support/later-releases.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from '../validate/migrated.ts';

const test = suite('before and after an upgrade of NextCRM');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const uuid = (n: number) => `00000000-0000-8000-8000-${n.toString(16).padStart(6, '0')}000000`;
const when = new Date('2022-02-03T04:05:06Z');
let place: Migrated;

const numbered = (start: number, fields: readonly Document[], common: Document): Document[] =>
  fields.map((field, index) => ({ _id: id(start + index), __v: 0, ...common, ...field }));

const content: Record<string, Document[]> = {
  Users: numbered(
    1,
    [
      { email: 'admin@example.com', is_admin: true },
      { email: 'account@example.com', is_account_admin: true },
      { email: 'nobody@example.com' },
      { email: 'demoted@example.com', is_admin: true },
    ],
    { created_on: when },
  ),
  crm_Leads: numbered(
    0x10,
    [
      { status: 'new', type: 'demo', lead_source: 'fair' },
      { status: ' Contacted ', type: 'DEMO' },
      { status: '', type: '' },
      { status: 'Odd', type: 'Live' },
      {},
    ],
    { lastName: 'l' },
  ),
  crm_Contacts: numbered(
    0x20,
    [
      { type: 'CUSTOMER', created_by: id(1), createdBy: id(2) },
      { type: 'Friend', created_by: id(1), createdBy: id(1) },
      { type: '' },
      {},
    ],
    { last_name: 'l' },
  ),
  crm_Opportunities: numbered(
    0x30,
    [
      { budget: 10n ** 16n, expected_revenue: 1, currency: 'GBP', created_by: id(1) },
      { budget: 10n ** 16n - 1n, expected_revenue: -(10n ** 17n), currency: 'EUR' },
      { budget: 5, expected_revenue: 5 },
    ],
    { name: 'o', createdAt: when },
  ),
  crm_Opportunities_Sales_Stages: numbered(
    0x40,
    [
      { probability: 2 ** 31, order: 1 },
      { probability: 1, order: -(2 ** 40) },
      { probability: 1, order: -(2 ** 31) },
    ],
    { name: 's' },
  ),
  crm_Opportunities_Type: numbered(0x50, [{ order: 2 ** 31 - 1 }, { order: 2 ** 31 }], { name: 't' }),
  Invoices: numbered(0x60, [{}, {}], {
    date_created: when,
    last_updated: when,
    invoice_file_mimeType: 'm',
    invoice_file_url: 'u',
    visibility: true,
  }),
  openAi_keys: numbered(0x70, [{}], { user: id(1), organization_id: 'o', api_key: 'k' }),
};

test.before(async () => {
  place = await migrated(content);
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
});

const ask = async (text: string) => (await place.target.query(text)).map((row) => ({ ...row }));
const refused = (sql: string) =>
  place.target.script(`savepoint before; ${sql}`).then(
    () => false,
    async () => {
      await place.target.script('rollback to before');
      return true;
    },
  );

/** Rolled back, so that each test meets the target as a run leaves it. */
async function tried(work: () => Promise<void>): Promise<void> {
  await place.target.script('begin');
  try {
    await work();
  } finally {
    await place.target.script('rollback');
  }
}

test('the values that stop an upgrade are counted', async () => {
  const { stops } = await readUpgrade(place.target);
  assert.equal(Object.fromEntries(stops.map(({ table, column, count }) => [`${table}.${column}`, count])), {
    'crm_Leads.status': 3,
    'crm_Leads.type': 2,
    'crm_Contacts.type': 2,
    'crm_Opportunities.budget': 1,
    'crm_Opportunities.expected_revenue': 1,
    'crm_Opportunities_Sales_Stages.probability': 1,
    'crm_Opportunities_Sales_Stages.order': 1,
    'crm_Opportunities_Type.order': 1,
  });
});

test('the listing shows as many rows as were counted', async () => {
  for (const { table, column, count, list } of (await readUpgrade(place.target)).stops)
    assert.is((await place.target.query(list)).length, count, `${table}.${column}`);
});

test('each kind of migration stops before the mending and passes after it, and no other value has changed', async () => {
  await tried(async () => {
    const migrations = [enumsFromTexts, amounts, integersAgain];
    for (const sql of migrations) assert.ok(await refused(sql), sql);
    for (const { mend } of (await readUpgrade(place.target)).stops) await place.target.script(mend);
    assert.ok((await readUpgrade(place.target)).stops.every(({ count }) => count === 0));
    for (const sql of migrations) assert.not(await refused(sql), sql);
    assert.equal(await ask('select status::text, type::text from "crm_Leads" order by id'), [
      { status: 'NEW', type: 'DEMO' },
      { status: 'CONTACTED', type: 'DEMO' },
      { status: null, type: null },
      { status: null, type: null },
      { status: null, type: null },
    ]);
    assert.equal(await ask('select budget::text as b, expected_revenue::text as e from "crm_Opportunities" order by id'), [
      { b: '9999999999999999.00', e: '1.00' },
      { b: '9999999999999999.00', e: '-9999999999999999.00' },
      { b: '5.00', e: '5.00' },
    ]);
    assert.equal(await ask('select probability, "order" from "crm_Opportunities_Sales_Stages" order by id'), [
      { probability: 2147483647, order: 1 },
      { probability: 1, order: -2147483648 },
      { probability: 1, order: -2147483648 },
    ]);
  });
});

test('each migration stops at each kind of value alone', async () => {
  const { stops } = await readUpgrade(place.target);
  for (const spared of stops) {
    await tried(async () => {
      for (const stop of stops) if (stop !== spared) await place.target.script(stop.mend);
      const refusals: boolean[] = [];
      for (const sql of [enumsFromTexts, amounts, integersAgain]) refusals.push(await refused(sql));
      assert.is(refusals.filter(Boolean).length, 1, `${spared.table}.${spared.column}`);
    });
  }
});

test('what an upgrade drops is counted, and its copy is read by the query of the report, also after the upgrade', async () => {
  const { drops } = await readUpgrade(place.target);
  assert.equal(
    Object.fromEntries(
      drops.filter(({ count }) => count > 0).map(({ table, columns, count }) => [[table, ...columns].join('.'), count]),
    ),
    {
      Invoices: 2,
      openAi_keys: 1,
      'Users.is_admin.is_account_admin': 3,
      'crm_Leads.lead_source': 1,
      'crm_Contacts.created_by.createdBy': 1,
      'crm_Opportunities.created_by.createdBy': 1,
      'crm_Opportunities.currency': 1,
    },
  );
  await tried(async () => {
    for (const { mend } of (await readUpgrade(place.target)).stops) await place.target.script(mend);
    for (const sql of Object.values(laterMigrations)) await place.target.script(sql);
    for (const { table, count, read } of drops) assert.is((await place.target.query(read)).length, count, table);
    const [lead] = await ask(`select status, type from nextcrm_archive."crm_Leads" where id = '${uuid(0x13)}'`);
    assert.equal(lead, { status: 'Odd', type: 'Live' });
    // What a later release has taken away is not told any more, nor is what it has made anew under the same name.
    await place.target.script(`insert into "Invoices" (id, number, total) values (gen_random_uuid(), 'new', 1)`);
    const told = (await readUpgrade(place.target)).drops.map(({ table }) => table);
    for (const gone of ['openAi_keys', 'Invoices', 'DocumentsToInvoices']) assert.not.ok(told.includes(gone), gone);
  });
});

test('the report tells counts, queries, copies and secrets, and holds no value', async () => {
  const upgrade = await readUpgrade(place.target);
  const page = upgradeSection({ upgrade })?.text ?? '';
  for (const words of [
    'Before you upgrade NextCRM',
    'holds secrets',
    'drop schema if exists nextcrm_archive cascade',
    'after-upgrade.sql',
  ])
    assert.ok(page.includes(words), words);
  assert.not.match(page + JSON.stringify(upgrade), /Odd|Friend|fair|GBP/);
  const [line = '', ...more] = upgradeLines({ upgrade }, 98);
  assert.match(line, '12 values would stop it');
  assert.ok(line.length <= 98 && more.length === 0);
  await tried(async () => {
    await place.target.script('drop table nextcrm_archive."openAi_keys"');
    const without = upgradeSection({ upgrade: await readUpgrade(place.target) })?.text ?? '';
    assert.not.match(without, 'holds secrets');
    assert.match(without, 'the copy was dropped');
  });
});

const roles = () => ask(`select split_part(email, '@', 1) || ' ' || role::text as r from "Users" order by id`);
const restored = ['admin admin', 'account admin', 'nobody manager', 'demoted user'].map((r) => ({ r }));

for (const [what, migrations] of [
  ['a text', [rolesAsText]],
  ['an enum', [rolesAsText, rolesAsEnum]],
] as const) {
  test(`after-upgrade.sql gives administrators their role back where it is ${what}, and once is as often as you like`, () =>
    tried(async () => {
      for (const sql of migrations) await place.target.script(sql);
      // Decided by a person since.
      await place.target.script(`update "Users" set role = 'user' where email like 'demoted@%'`);
      await place.target.script(afterUpgradeSql);
      assert.equal(await roles(), restored);
      await place.target.script(afterUpgradeSql);
      assert.equal(await roles(), restored);
    }));
}

test('a former administrator who was made a manager again on purpose stays one, as long as there is an administrator', () =>
  tried(async () => {
    await place.target.script(rolesAsText);
    await place.target.script(afterUpgradeSql);
    await place.target.script(`update "Users" set role = 'manager' where email like 'account@%'`);
    const decided = await roles();
    await place.target.script(afterUpgradeSql);
    assert.equal(await roles(), decided);
    assert.not.equal(decided, restored);
    await place.target.script(`update "Users" set role = 'manager'`);
    await place.target.script(afterUpgradeSql);
    assert.is((await roles()).filter(({ r }) => String(r).endsWith(' admin')).length, 3);
  }));

test('where an administrator was made by hand before, the others get their role back all the same', () =>
  tried(async () => {
    await place.target.script(`${rolesAsText} update "Users" set role = 'admin' where email like 'admin@%'`);
    await place.target.script(afterUpgradeSql);
    assert.is((await roles()).filter(({ r }) => String(r).endsWith(' admin')).length, 3);
  }));

test('after-upgrade.sql goes on from one release to the next', () =>
  tried(async () => {
    await place.target.script(rolesAsText);
    await place.target.script(afterUpgradeSql);
    await place.target.script(rolesAsEnum);
    await place.target.script(afterUpgradeSql);
    assert.is((await roles()).filter(({ r }) => String(r).endsWith(' admin')).length, 3);
  }));

test('after-upgrade.sql changes nothing before the upgrade, without the archive, or where roles have other names', () =>
  tried(async () => {
    const before = await ask('select * from "Users" order by id');
    await place.target.script(afterUpgradeSql);
    assert.equal(await ask('select * from "Users" order by id'), before);
    await place.target.script(`create type "Other" as enum ('manager', 'owner');
      alter table "Users" add column role "Other" not null default 'manager'`);
    await place.target.script(afterUpgradeSql);
    assert.ok((await roles()).every(({ r }) => String(r).endsWith(' manager')));
    await place.target.script('drop schema nextcrm_archive cascade');
    await place.target.script(afterUpgradeSql);
    await place.target.script('alter table "Users" rename to people');
    await place.target.script(afterUpgradeSql);
  }));

test.run();
