/** After the app's own 43 migrations: what they took away is restored once, and nothing that people have entered is touched. */
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { proveReleases } from '../../../src/releases/prove.ts';
import { isRestoreDue, restoreReleases } from '../../../src/releases/restore.ts';
import { tellReleases } from '../../../src/releases/tell.ts';
import type { InNextCrm } from '../../../src/report/nextcrm.ts';
import { appReleaseMissing } from '../../support/app-release.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';
import { dirty, uuid } from './dirty.ts';
import { assertValuesInPlace } from './in-place.ts';
import { ask, change, preparedTemplate, type Template, upgradedTemplate } from './upgraded.ts';

const test = suite('restored after an upgrade');
const add = test.unless(appReleaseMissing);
let prepared: Template;
let upgraded: Template;

test.before(async () => {
  if (appReleaseMissing !== null) return;
  prepared = await preparedTemplate(dirty);
  upgraded = await upgradedTemplate(prepared);
});
test.after(async () => {
  if (appReleaseMissing !== null) return;
  await upgraded[Symbol.asyncDispose]();
  await prepared[Symbol.asyncDispose]();
});

async function restore(url: string): Promise<void> {
  await using session = await testSession(url);
  assert.ok(await isRestoreDue(session, nextcrm.releases));
  await restoreReleases(session, nextcrm);
  // Until the verdict on it is recorded.
  assert.ok(await isRestoreDue(session, nextcrm.releases));
}

const hourAgo = () => new Date(Date.now() - 3_600_000);

async function reported(url: string): Promise<InNextCrm> {
  await using session = await testSession(url);
  const found = await tellReleases(session, nextcrm);
  assert.ok(found !== null);
  return found as InNextCrm;
}

/** What is not in its place. */
async function wrong(url: string, since = new Date()): Promise<readonly string[]> {
  await using session = await testSession(url);
  const found = await proveReleases(session, nextcrm.releases, since);
  assert.ok(found.compared > 0);
  return found.wrong.map(({ table, column, count }) => `${table}.${column ?? '*'} ${count}`);
}

add('every query that the report shows can be executed, and accounts are counted where the menu has them', async () => {
  await using database = await upgraded.copy();
  await restore(database.url);
  const { kinds } = await reported(database.url);
  assert.ok(kinds.length > 20);
  for (const { query } of kinds) await ask(database.url, query);
  const accounts = kinds.find(({ what }) => what === 'Accounts');
  assert.ok(accounts !== undefined);
  assert.is(accounts.where, 'CRM, in the list of this name');
  assert.is(accounts.count, (await ask(database.url, 'select id from "crm_Accounts"')).length);
  assert.ok(accounts.count > 0);
});

add('a release that drops the avatars, which are no longer shown, stops nothing', async () => {
  await using database = await upgraded.copy();
  await change(database.url, 'alter table "Users" drop column avatar');
  await restore(database.url);
  assert.equal(await wrong(database.url), []);
  assert.not.ok((await reported(database.url)).kinds.some(({ what }) => what === 'Pictures of users'));
});

add('every value has its place, in every kind', async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await restore(url);
  assert.equal(await wrong(url), []);
  await assertValuesInPlace(url);
});

add('who was an administrator is one, and nobody else', async () => {
  await using database = await upgraded.copy();
  await restore(database.url);
  assert.equal(await ask(database.url, `select id::text from "Users" where role::text = 'admin'`), [{ id: uuid(0x101) }]);
});

add('addresses are found in lower case; of pairs, who signed in last has it, and two swap', async () => {
  await using database = await upgraded.copy();
  await restore(database.url);
  const rows = await ask(database.url, 'select email, "emailVerified" as verified from "Users" order by id');
  assert.equal(
    rows.map(({ email, verified }) => `${email} ${verified}`),
    [
      'chief@example.com true',
      'account.admin@example.com true',
      'pending@example.com false',
      'Two@example.com true',
      'two@example.com true',
      'Three@example.com true',
      'three@example.com true',
      'ThrEE@example.com true',
    ],
  );
  assert.equal(
    await ask(database.url, `select row_id, former from nextcrm_migration.restored where column_name = 'email' order by row_id`),
    [
      { row_id: uuid(0x101), former: 'Chief@Example.com' },
      { row_id: uuid(0x104), former: 'two@example.com' },
      { row_id: uuid(0x105), former: 'Two@example.com' },
      { row_id: uuid(0x107), former: 'THREE@example.com' },
    ],
  );
});

const twin = (n: number, email: string) => `insert into "Users" (id, email) values ('${uuid(n)}', '${email}');
  insert into session (id, "expiresAt", token, "updatedAt", "userId") values ('s${n}', now(), 't${n}', now(), '${uuid(n)}');`;

add(
  'an empty user that the app created for somebody whom it did not find is removed, one that is referred to stays',
  async () => {
    await using database = await upgraded.copy();
    const { url } = database;
    await change(
      url,
      `${twin(0xf01, 'chief@example.com')} ${twin(0xf02, 'three@example.com')}
     update "Boards" set "sharedWith" = array['${uuid(0xf02)}'::uuid]`,
    );
    await restore(url);
    assert.equal(
      await ask(
        url,
        `select row_id, former::jsonb ->> 'email' as email from nextcrm_migration.restored where subject = 'sign-in' and column_name is null`,
      ),
      [{ row_id: uuid(0xf01), email: 'chief@example.com' }],
    );
    assert.equal(await ask(url, `select email from "Users" where id = '${uuid(0x101)}'`), [{ email: 'chief@example.com' }]);
    // The group of the other stays as it is.
    assert.equal(
      (await ask(url, `select email from "Users" where lower(email) = 'three@example.com' order by id`)).map(
        ({ email }) => email,
      ),
      ['Three@example.com', 'THREE@example.com', 'ThrEE@example.com', 'three@example.com'],
    );
  },
);

add('received invoices are documents under their own ids, and none is among the issued ones', async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await restore(url);
  assert.equal(await ask(url, 'select id from "Invoices"'), []);
  const rows = await ask(
    url,
    `select document_name, document_file_url, description, document_system_type::text as type, processing_status::text as status,
       created_by_user::text as creator, assigned_user::text as assigned,
       (select string_agg(account_id::text, ',') from "DocumentsToAccounts" l where l.document_id = d.id) as accounts
     from "Documents" d where id in ('${uuid(0x701)}', '${uuid(0x702)}') order by id`,
  );
  const [first, second] = rows;
  assert.is(first?.['document_name'], '2023-1');
  for (const part of ['Vendor Ltd', '121.50 CZK', '2023-01-09', '42', 'Paid']) assert.match(String(first?.['description']), part);
  assert.equal([first?.['creator'], first?.['assigned'], first?.['accounts']], [uuid(0x102), uuid(0x101), uuid(0x201)]);
  assert.is(second?.['document_name'], `${0x702}.pdf`);
  assert.equal([second?.['creator'], second?.['assigned'], second?.['accounts']], [null, null, null]);
  for (const row of rows) assert.equal([row['type'], row['status']], ['OTHER', 'READY']);
});

add('documents, campaigns, pictures and the company are seen', async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await restore(url);
  assert.equal(
    await ask(
      url,
      `select document_system_type::text as type, processing_status::text as status from "Documents"
      where id in ('${uuid(0x801)}', '${uuid(0x802)}') order by id`,
    ),
    [
      { type: 'OTHER', status: 'READY' },
      { type: 'OFFER', status: 'READY' },
    ],
  );
  assert.equal(await ask(url, 'select status from crm_campaigns order by id'), [{ status: 'draft' }, { status: 'sent' }]);
  assert.equal(await ask(url, `select image from "Users" where image is not null`), [
    { image: 'https://files.example/chief.png' },
  ]);
  assert.equal(
    await ask(
      url,
      `select "companyName", "companyAddress", "companyVatId", "baseCurrency", iban, s.name as series, r.rate::text as rate
       from "Invoice_Settings" i join "Invoice_Series" s on s.id = i."defaultSeriesId" join "Invoice_TaxRates" r on r.id = i."defaultTaxRateId"`,
    ),
    [
      {
        companyName: 'First',
        companyAddress: 'Street',
        companyVatId: 'v1',
        baseCurrency: 'SEK',
        iban: 'i',
        series: 'Main',
        rate: '21.00',
      },
    ],
  );
  assert.equal(await ask(url, `select code from "Currency" where "isDefault"`), [{ code: 'SEK' }]);
  assert.equal(await ask(url, `select value from "crm_SystemSettings" where key = 'default_currency'`), [{ value: 'SEK' }]);
  assert.equal(await ask(url, 'select count(*)::integer as n from "Invoice_TaxRates"'), [{ n: 3 }]);
});

const everything = (url: string) =>
  ask(
    url,
    `select (select string_agg(t::text, ',' order by t.id) from "Users" t) as users,
      (select string_agg(t::text, ',' order by t.id) from "crm_Leads" t) as leads,
      (select string_agg(t::text, ',' order by t.id) from "Documents" t) as documents,
      (select string_agg(t::text, ',' order by t.code) from "Currency" t) as currencies,
      (select string_agg(t::text, ',' order by t.id) from "Invoice_Settings" t) as settings,
      (select count(*) from nextcrm_migration.restored) as restored`,
  );

add('it is restored once: what people take back stays so', async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await restore(url);
  await change(
    url,
    `update nextcrm_migration.restored_subject set proved_at = now();
     update "Users" set role = 'manager', email = 'Chief@Example.com', "emailVerified" = false where id = '${uuid(0x101)}';
     update "crm_Leads" set lead_source_id = null; update crm_campaigns set status = null; delete from "Invoice_Settings"`,
  );
  const before = await everything(url);
  await using session = await testSession(url);
  assert.not.ok(await isRestoreDue(session, nextcrm.releases));
  await restoreReleases(session, nextcrm);
  assert.equal(await everything(url), before);
});

add('what people have entered between the upgrade and the restore stays', async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await change(
    url,
    `insert into "crm_Lead_Sources" (name) values ('Newspaper'), ('WEB');
     update "crm_Leads" set lead_source_id = (select id from "crm_Lead_Sources" where name = 'Newspaper') where id = '${uuid(0x1000)}';
     insert into "Currency" (code, name, symbol, "updatedAt") values ('NOK', 'Norwegian Krone', 'kr', now());
     update "Currency" set "isDefault" = code = 'NOK';
     update "crm_SystemSettings" set value = 'NOK', "updatedAt" = now() + interval '1 s' where key = 'default_currency';
     update "Users" set role = 'admin' where id = '${uuid(0x103)}';
     update "Users" set role = 'user' where id = '${uuid(0x101)}';
     update "Users" set image = 'mine' where id = '${uuid(0x101)}';
     insert into "Users" (id, email, role, "userStatus") values ('${uuid(0xf10)}', 'new@example.com', 'manager', 'ACTIVE');
     insert into "Invoice_Series" (id, name, "prefixTemplate", "updatedAt") values (gen_random_uuid(), 'Mine', 'M', now())`,
  );
  await restore(url);
  assert.equal(
    await ask(
      url,
      `select o.name from "crm_Leads" l join "crm_Lead_Sources" o on o.id = l.lead_source_id where l.id = '${uuid(0x1000)}'`,
    ),
    [{ name: 'Newspaper' }],
  );
  assert.equal(await ask(url, `select id::text, role::text, image from "Users" where role::text <> 'manager' order by id`), [
    { id: uuid(0x101), role: 'user', image: 'mine' },
    { id: uuid(0x103), role: 'admin', image: null },
  ]);
  assert.equal(await ask(url, `select code from "Currency" where "isDefault"`), [{ code: 'NOK' }]);
  assert.equal(await ask(url, `select value from "crm_SystemSettings" where key = 'default_currency'`), [{ value: 'NOK' }]);
  assert.equal(await ask(url, 'select name from "Invoice_Series"'), [{ name: 'Mine' }]);
  // Whether Google may sign in a user that we did not make is not ours to say.
  assert.equal(await ask(url, `select "emailVerified" as verified from "Users" where id = '${uuid(0xf10)}'`), [
    { verified: false },
  ]);
  assert.equal(await wrong(url, hourAgo()), []);
});

add('a later release may drop what this one leaves behind: it is restored and reported from the copies', async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await change(url, 'drop table "MyAccount", "invoice_States", "secondBrain_notions", "Boards", "crm_Contracts" cascade');
  await restore(url);
  assert.equal(await wrong(url), []);
  assert.equal(await ask(url, 'select "companyName" as name from "Invoice_Settings"'), [{ name: 'First' }]);
  assert.equal(await ask(url, `select description like '%State: Paid%' as has_state from "Documents" where ${at(0x701)}`), [
    { has_state: true },
  ]);
  const { kinds } = await reported(url);
  assert.not.ok(kinds.some(({ what }) => what === 'Contracts' || what === 'Boards'));
  assert.equal(
    ['Further companies', 'States of received invoices', 'Connections to Notion'].map(
      (what) => kinds.find((kind) => kind.what === what)?.count,
    ),
    [1, 1, 1],
  );
});

add('an earlier version made no copy of what this release leaves behind: it is made before the restore', async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await change(
    url,
    `drop table nextcrm_archive."MyAccount", nextcrm_archive."invoice_States", nextcrm_archive."secondBrain_notions";
     delete from nextcrm_migration.archive where table_name in ('MyAccount', 'invoice_States', 'secondBrain_notions')`,
  );
  await restore(url);
  assert.equal(await wrong(url), []);
  assert.equal(await ask(url, 'select "companyName" as name from "Invoice_Settings"'), [{ name: 'First' }]);
});

add('a copy that a person dropped before the restore is in the report', async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await change(url, 'drop table nextcrm_archive."Invoices", nextcrm_archive."Users", nextcrm_archive."MyAccount"');
  await restore(url);
  assert.equal(await wrong(url), []);
  const { firstSignIn, lookAt } = await reported(url);
  const lost = [...firstSignIn, ...lookAt].filter(({ text }) => text.includes('was dropped before'));
  assert.equal(
    lost.map(({ text }) => /nextcrm_archive\."(\w+)".*: (\d+) rows/.exec(text)?.slice(1).join(' ')),
    ['Users 8', 'Invoices 2', 'MyAccount 2'],
  );
});

add('users and contacts without a name that lists of the release fail on are named by their ids', async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await restore(url);
  await change(
    url,
    `update "crm_Contacts" set "accountsIDs" = '${uuid(0x201)}' where id in ('${uuid(0x301)}', '${uuid(0x302)}')`,
  );
  const told = async () => {
    const { lookAt } = await reported(url);
    return lookAt
      .filter(({ text }) => /^(Users|Contacts) without a/.test(text))
      .map(({ text, ids }) => [text.match(/\d+/)?.[0], ...ids]);
  };
  assert.equal(await told(), [
    ['1', uuid(0x101)],
    ['2', uuid(0x301), uuid(0x302)],
  ]);
  await change(url, `update "Users" set name = 'n'; update "crm_Contacts" set first_name = ''`);
  assert.equal(await told(), []);
});

const at = (n: number) => `id = '${uuid(n)}'`;
const damages: readonly (readonly [what: string, sql: string, expected: string])[] = [
  ['a lead loses its status', `update "crm_Leads" set lead_status_id = null where ${at(0x1100)}`, 'crm_Leads.status 1'],
  [
    'a lead has another type',
    `update "crm_Leads" set lead_type_id = (select id from "crm_Lead_Types" where name = 'Type 3') where ${at(0x1001)}`,
    'crm_Leads.type 1',
  ],
  ['a lead loses its source', `update "crm_Leads" set lead_source_id = null where ${at(0x1001)}`, 'crm_Leads.lead_source 1'],
  ['a source is renamed', `update "crm_Lead_Sources" set name = 'Rail' where name = 'Fair '`, 'crm_Leads.lead_source 1'],
  ['a contact loses its type', `update "crm_Contacts" set contact_type_id = null where ${at(0x301)}`, 'crm_Contacts.type 1'],
  [
    'an opportunity loses its currency',
    `update "crm_Opportunities" set currency = null where ${at(0x405)}`,
    'crm_Opportunities.currency 1',
  ],
  ['a currency is another', `update "crm_Opportunities" set currency = 'EUR' where ${at(0x400)}`, 'crm_Opportunities.currency 1'],
  [
    'a budget differs by a cent',
    `update "crm_Opportunities" set budget = 10.01 where ${at(0x400)}`,
    'crm_Opportunities.budget 1',
  ],
  [
    'the probability of a stage is another',
    `update "crm_Opportunities_Sales_Stages" set probability = 11 where ${at(0x502)}`,
    'crm_Opportunities_Sales_Stages.probability 1',
  ],
  ['an administrator is not one', `update "Users" set role = 'manager' where ${at(0x101)}`, 'Users.role 1'],
  [
    'an account admin becomes an administrator by us',
    `update "Users" set role = 'admin' where ${at(0x102)};
     insert into nextcrm_migration.restored values ('roles', 'Users', '${uuid(0x102)}', 'role', 'manager')`,
    'Users.role 1',
  ],
  ['an address has a capital letter', `update "Users" set email = 'Chief@example.com' where ${at(0x101)}`, 'Users.email 1'],
  ['an address is another', `update "Users" set email = 'x@example.com' where ${at(0x101)}`, 'Users.email 1'],
  ['an active user is not verified', `update "Users" set "emailVerified" = false where ${at(0x102)}`, 'Users.emailVerified 1'],
  ['a picture is not shown', `update "Users" set image = null where ${at(0x101)}`, 'Users.image 1'],
  [
    'a document has the type that is gone',
    `update "Documents" set document_system_type = 'INVOICE' where ${at(0x802)}`,
    'Documents.document_system_type 1',
  ],
  [
    'a document waits for its summary',
    `update "Documents" set processing_status = 'PENDING' where ${at(0x802)}`,
    'Documents.processing_status 1',
  ],
  ['a received invoice is gone', `delete from "Documents" where ${at(0x702)}`, 'Invoices.* 1'],
  [
    'the file of a received invoice is another',
    `update "Documents" set document_file_url = 'x' where ${at(0x701)}`,
    'Invoices.* 1',
  ],
  [
    'a received invoice lost its account',
    `delete from "DocumentsToAccounts" where document_id = '${uuid(0x701)}'`,
    'Invoices.assigned_account_id 1',
  ],
  [
    'a received invoice is among the issued ones',
    `insert into "Invoices" (id, "updatedAt", "createdBy", "accountId", currency) values ('${uuid(0x701)}', now(), '${uuid(0x101)}', '${uuid(0x201)}', 'CZK')`,
    'Invoices.id 1',
  ],
  ['the company has another name', `update "Invoice_Settings" set "companyName" = 'x'`, 'MyAccount.* 1'],
  ['the default currency is another', `update "Currency" set "isDefault" = code = 'EUR'`, 'Currency.isDefault 1'],
  [
    'there is no series of invoices',
    `update "Invoice_Settings" set "defaultSeriesId" = null; delete from "Invoice_Series"`,
    'Invoice_Series.* 1',
  ],
  ['a campaign has no status', `update crm_campaigns set status = null where ${at(0x902)}`, 'crm_campaigns.status 1'],
  [
    'a contact has another creator',
    `update "crm_Contacts" set "createdBy" = null where ${at(0x301)}`,
    'crm_Contacts.createdBy 1',
  ],
];

add(`${damages.length} planted damages are found, each in its place`, async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await restore(url);
  await using session = await testSession(url);
  for (const [what, sql, expected] of damages) {
    await session.script(`begin; ${sql}`);
    const { wrong: found } = await proveReleases(session, nextcrm.releases, new Date());
    await session.script('rollback');
    assert.equal(
      found.map(({ table, column, count }) => `${table}.${column ?? '*'} ${count}`),
      [expected],
      what,
    );
  }
});

add('what people have changed since bears its time and is no damage', async () => {
  await using database = await upgraded.copy();
  const { url } = database;
  await restore(url);
  await change(url, `update "crm_Leads" set lead_source_id = null, "updatedAt" = now() where ${at(0x1001)}`);
  await using session = await testSession(url);
  const { wrong: found, modified } = await proveReleases(session, nextcrm.releases, hourAgo());
  assert.equal(found, []);
  assert.equal(
    modified.map(({ table, column, rowIds }) => ({ table, column, rowIds })),
    [{ table: 'crm_Leads', column: 'lead_source', rowIds: [uuid(0x1001)] }],
  );
  // Documents hold dates in the future: one is no modification.
  await change(url, `update "crm_Leads" set lead_source_id = null, "updatedAt" = '2999-01-01' where ${at(0x1003)}`);
  assert.equal(await wrong(url, hourAgo()), ['crm_Leads.lead_source 1']);
});

test.run();
