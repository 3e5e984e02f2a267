/** What is prepared for the app's later releases, in the run and at each later start. */
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import { prepareForReleases } from '../../../src/releases/prepare.ts';
import { Findings } from '../../../src/validate/found.ts';
import { checkPrepared } from '../../../src/validate/prepared.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';
import { dirty, leadTypes, typedCurrencies, uuid } from './dirty.ts';
import { ask, change, preparedTemplate, type Template } from './upgraded.ts';

const test = suite('prepared for later releases');
let template: Template;

test.before(async () => {
  template = await preparedTemplate(dirty);
});
test.after(async () => {
  await template[Symbol.asyncDispose]();
});

async function names(url: string, table: string): Promise<readonly unknown[]> {
  return (await ask(url, `select name from "${table}" order by name collate "C"`)).map(({ name }) => name);
}

async function again(url: string): Promise<void> {
  await using session = await testSession(url);
  await prepareForReleases(session, nextcrm, 'later');
}

test('each value has a row unless it is a label of the release or equals another value but for case', async () => {
  await using database = await template.copy();
  assert.equal(await names(database.url, 'crm_Lead_Statuses'), ['COMPLETED', 'IN_PROGRESS']);
  // Type 7 is there in two spellings, of which none is commoner; 'demo' is the label of the release; of the last two the commoner one.
  const [seven] = await ask(database.url, `select least('Type 7', 'TYPE 7') as name`);
  const types = [...leadTypes.filter((name) => name !== 'Type 7'), seven?.['name'], 'žluť'];
  assert.equal(await names(database.url, 'crm_Lead_Types'), types.sort());
  assert.equal(await names(database.url, 'crm_Contact_Types'), ['Friend']);
  const sources = await names(database.url, 'crm_Lead_Sources');
  assert.equal(sources.slice(0, 2), ['Fair ', 'Web']);
});

test('each currency that occurs has a row with the name and symbol of CLDR', async () => {
  await using database = await template.copy();
  const rows = await ask(database.url, `select code, name, symbol, "isDefault" from "Currency" order by code`);
  const codes = [...new Set(typedCurrencies.map(([, code]) => code).filter((code) => code !== null))].sort();
  assert.equal(
    rows.map(({ code }) => code),
    codes,
  );
  assert.equal(
    rows.filter(({ code }) => code === 'PLN' || code === 'XQZ'),
    [
      { code: 'PLN', name: 'Polish Zloty', symbol: 'zł', isDefault: false },
      { code: 'XQZ', name: 'XQZ', symbol: 'XQZ', isDefault: false },
    ],
  );
});

test('a crown is the currency of the oldest company, and recorded like every value that was changed', async () => {
  await using database = await template.copy();
  const [row] = await ask(database.url, `select currency from "crm_Opportunities" where id = '${uuid(0x406)}'`);
  assert.is(row?.['currency'], 'SEK');
  assert.equal(
    await ask(
      database.url,
      `select code, original from nextcrm_migration.change where collection = 'crm_Opportunities' and original like '"kr%'`,
    ),
    [{ code: 'CURRENCY_NORMALIZED', original: '"kr"' }],
  );
});

test('again, it changes nothing; and what people have entered since is prepared and recorded', async () => {
  await using database = await template.copy();
  const state = () =>
    ask(
      database.url,
      `select (select string_agg(t::text, ',' order by t.id) from "crm_Lead_Types" t) as types,
        (select string_agg(t::text, ',' order by t.code) from "Currency" t) as currencies,
        (select string_agg(t::text, ',' order by t.id) from "crm_Opportunities" t) as opportunities,
        (select count(*) from nextcrm_migration.restored) as recorded`,
    );
  const before = await state();
  await again(database.url);
  assert.equal(await state(), before);
  await change(
    database.url,
    `update "crm_Leads" set type = 'Entered since' where id = '${uuid(0x1000)}';
     update "crm_Leads" set type = ' ' where id = '${uuid(0x1001)}';
     update "crm_Opportunities" set currency = 'chf', budget = 10000000000000000 where id = '${uuid(0x400)}';
     update "Users" set is_admin = true where id = '${uuid(0x103)}'`,
  );
  await again(database.url);
  assert.ok((await names(database.url, 'crm_Lead_Types')).includes('Entered since'));
  assert.equal(await ask(database.url, `select code from "Currency" where code = 'CHF'`), [{ code: 'CHF' }]);
  assert.equal(
    await ask(
      database.url,
      'select subject, table_name, row_id, column_name, former from nextcrm_migration.restored order by subject, column_name',
    ),
    [
      {
        subject: 'amounts',
        table_name: 'crm_Opportunities',
        row_id: uuid(0x400),
        column_name: 'budget',
        former: '10000000000000000',
      },
      { subject: 'currencies', table_name: 'crm_Opportunities', row_id: uuid(0x400), column_name: 'currency', former: 'chf' },
      { subject: 'lookup-values', table_name: 'crm_Leads', row_id: uuid(0x1001), column_name: 'type', former: ' ' },
    ],
  );
  assert.equal(await ask(database.url, `select is_admin from nextcrm_archive."Users" where id = '${uuid(0x103)}'`), [
    { is_admin: true },
  ]);
});

test('a target that version 0.1.0 has finished is prepared, and its archive keeps what is in it', async () => {
  await using database = await template.copy();
  await change(
    database.url,
    `drop table nextcrm_migration.restored, nextcrm_migration.restored_subject, "Currency", "crm_Lead_Types", "crm_Lead_Statuses",
       "crm_Lead_Sources", "crm_Contact_Types";
     update "crm_Leads" set status = null where status = 'IN_PROGRESS'`,
  );
  await again(database.url);
  assert.equal(await names(database.url, 'crm_Lead_Statuses'), ['COMPLETED']);
  assert.equal(await ask(database.url, `select status from nextcrm_archive."crm_Leads" where id = '${uuid(0x1100)}'`), [
    { status: 'IN_PROGRESS' },
  ]);
});

const notPrepared: readonly (readonly [what: string, sql: string, expected: string])[] = [
  ['a status has no row', `delete from "crm_Lead_Statuses" where name = 'COMPLETED'`, 'crm_Leads.status 1'],
  ['a type has no row', `delete from "crm_Lead_Types" where name in ('Type 3', 'žluť')`, 'crm_Leads.type 3'],
  ['a source has no row', `delete from "crm_Lead_Sources" where name = 'Web'`, 'crm_Leads.lead_source 2'],
  ['the type of a contact is blank', `update "crm_Contacts" set type = ' ' where type = 'Friend'`, 'crm_Contacts.type 1'],
  ['a currency has no row', `delete from "Currency" where code = 'PLN'`, 'crm_Opportunities.currency 1'],
  [
    'a crown is as typed',
    `update "crm_Opportunities" set currency = 'kr' where currency = 'SEK'`,
    'crm_Opportunities.currency 1',
  ],
  [
    'a crown is of another country',
    `update "crm_Opportunities" set currency = 'NOK' where currency = 'SEK'; update "Currency" set code = 'NOK' where code = 'SEK'`,
    'crm_Opportunities.currency 1',
  ],
  [
    'a budget is out of range',
    `update "crm_Opportunities" set budget = 10000000000000000 where id = '${uuid(0x400)}'`,
    'crm_Opportunities.budget 1',
  ],
];

test('what is not prepared is found by the proof, and what is prepared is not', async () => {
  await using database = await template.copy();
  await using session = await testSession(database.url);
  const found = async () => {
    const findings = new Findings();
    await checkPrepared({ catalog: nextcrm, target: session, findings });
    return findings.list().map(({ collection, field, count }) => `${collection}.${field} ${count}`);
  };
  assert.equal(await found(), []);
  for (const [what, sql, expected] of notPrepared) {
    await session.script(`begin; ${sql}`);
    assert.equal(await found(), [expected], what);
    await session.script('rollback');
  }
});

test.run();
