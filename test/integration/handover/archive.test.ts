/** The archive: what later releases drop is copied whole, in tables that hold nothing up, and damage to it is found. */

import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import type { Finding } from '../../../src/findings/finding.ts';
import { makeArchive } from '../../../src/releases/archive.ts';
import { archivedTablesOf } from '../../../src/releases/archived-tables.ts';
import { checkArchive } from '../../../src/validate/archive.ts';
import { Findings } from '../../../src/validate/found.ts';
import { readRelations } from '../../../src/validate/relations.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from '../validate/migrated.ts';
import { richContent } from '../validate/rich-dump.ts';

const test = suite('the archive');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const uuid = (n: number) => `00000000-0000-8000-8000-${n.toString(16).padStart(6, '0')}000000`;
const when = new Date('2022-02-03T04:05:06Z');
let place: Migrated;

/** Beside the rich dump: what is lost by an upgrade. */
const own: Record<string, Document[]> = {
  Users: [
    { _id: id(0x1001), __v: 0, email: 'chief@example.com', is_admin: true, created_on: when },
    { _id: id(0x1002), __v: 0, email: 'other@example.com', created_on: when },
  ],
  gpt_models: [{ _id: id(0x1010), __v: 0, model: 'm', status: 'ACTIVE' }],
  MyAccount: [{ _id: id(0x1018), __v: 0, company_name: 'n', is_person: false, VAT_number: 'v' }],
  invoice_States: [{ _id: id(0x1019), name: 'n' }],
  secondBrain_notions: [{ _id: id(0x101a), __v: 0, user: id(0x1001), notion_api_key: 'k', notion_db_id: 'd' }],
  modulStatus: [{ _id: id(0x1011), name: 'n', isVisible: true }],
  openAi_keys: [{ _id: id(0x1012), __v: 0, user: id(0x1001), organization_id: 'o', api_key: 'k' }],
  system_Modules_Enabled: [{ _id: id(0x1013), __v: 0, name: 'n', enabled: true, position: 1 }],
  crm_Leads: [{ _id: id(0x1014), __v: 0, lastName: 'l', lead_source: 'fair', status: 'Odd', type: '' }],
  crm_Contacts: [{ _id: id(0x1015), __v: 0, last_name: 'l', created_by: id(0x1001), createdBy: id(0x1002), type: 'x' }],
  crm_Opportunities_Sales_Stages: [{ _id: id(0x1016), __v: 0, name: 'n', probability: 1, order: 2 ** 40 }],
  crm_Opportunities_Type: [{ _id: id(0x1017), __v: 0, name: 'n', order: 1 }],
};

test.before(async () => {
  const content: Record<string, Document[]> = { ...(richContent as Record<string, Document[]>) };
  for (const [name, documents] of Object.entries(own)) content[name] = [...(content[name] ?? []), ...documents];
  place = await migrated(content);
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
});

const ask = (text: string) => place.target.query(text);

async function tried<T>(sql: string, work: () => Promise<T>): Promise<T> {
  await place.target.script(`begin; ${sql}`);
  try {
    return await work();
  } finally {
    await place.target.script('rollback');
  }
}

const reported = (findings: readonly Finding[]) =>
  findings
    .filter(({ code }) => code === 'ARCHIVE_WRONG')
    .map(({ layer, collection, count }) => `${layer} ${collection} ${count}`);

/** This check alone: the whole proof takes seconds. `finishedAt`: as `verify` does it, some time after the migration. */
async function found(finishedAt: Date | null = null): Promise<readonly string[]> {
  const findings = new Findings();
  await checkArchive({
    catalog: nextcrm,
    target: place.target,
    findings,
    finishedAt,
    upgraded: false,
    relations: await readRelations(place.target, nextcrm, { upgraded: false }),
  });
  return reported(findings.list());
}

test('every table that is listed has a copy with every row, and none of them is empty', async () => {
  for (const { table } of archivedTablesOf(nextcrm.releases)) {
    const [row] = await ask(
      `select (select count(*) from nextcrm_archive."${table}") as copied, (select count(*) from public."${table}") as rows`,
    );
    assert.is(row?.['copied'], row?.['rows'], table);
    assert.ok(Number(row?.['rows']) > 0, `${table} is empty`);
  }
  const [{ tables } = { tables: 0 }] = await ask(
    `select count(*)::integer as tables from pg_class where relnamespace = 'nextcrm_archive'::regnamespace`,
  );
  // Tables alone: no index, no sequence, no view. The large values of a table are kept by the server elsewhere.
  assert.is(tables, archivedTablesOf(nextcrm.releases).length);
});

test('what the issue of an upgrade is about is there by id', async () => {
  const [lead] = await ask(`select lead_source, status, type from nextcrm_archive."crm_Leads" where id = '${uuid(0x1014)}'`);
  assert.equal({ ...lead }, { lead_source: 'fair', status: 'Odd', type: null });
  const [contact] = await ask(
    `select created_by::text, "createdBy"::text from nextcrm_archive."crm_Contacts" where id = '${uuid(0x1015)}'`,
  );
  assert.equal({ ...contact }, { created_by: uuid(0x1001), createdBy: uuid(0x1002) });
  const [user] = await ask(`select is_admin from nextcrm_archive."Users" where id = '${uuid(0x1001)}'`);
  assert.is(user?.['is_admin'], true);
});

test('nothing in it has a default, a key or a type of public, and nothing depends on public', async () => {
  assert.equal(
    await ask(
      `select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
       where c.relnamespace = 'nextcrm_archive'::regnamespace and a.attnum > 0
         and (a.attnotnull or a.atthasdef or t.typnamespace <> 'pg_catalog'::regnamespace)`,
    ),
    [],
  );
  assert.equal(await ask(`select 1 from pg_constraint where connamespace = 'nextcrm_archive'::regnamespace`), []);
});

test('a clean archive is no finding of the proof, a damaged one is', async () => {
  assert.equal(reported((await place.proved()).findings), []);
  const damaged = await tried('truncate nextcrm_archive.gpt_models', () => place.proved());
  assert.match(reported(damaged.findings).join(), 'records gpt_models');
});

const damages: readonly (readonly [string, string, string])[] = [
  ['a row that is missing', `delete from nextcrm_archive."openAi_keys" where id = '${uuid(0x1012)}'`, 'records openAi_keys 1'],
  ['a row too many', `insert into nextcrm_archive."gpt_models" (id) values (gen_random_uuid())`, 'records gpt_models 1'],
  [
    'a row twice',
    `insert into nextcrm_archive."modulStatus" select * from nextcrm_archive."modulStatus" limit 1`,
    'records modulStatus 1',
  ],
  [
    'another value',
    `update nextcrm_archive."crm_Leads" set lead_source = 'x' where id = '${uuid(0x1014)}'`,
    'records crm_Leads 1',
  ],
  [
    'a value that was emptied',
    `update nextcrm_archive."Users" set is_admin = null where id = '${uuid(0x1001)}'`,
    'records Users 1',
  ],
  ['a column that is missing', 'alter table nextcrm_archive."Invoices" drop column description', 'types Invoices 1'],
  ['a key', 'alter table nextcrm_archive."Users" add primary key (id)', 'types Users 1'],
  [
    'an enum',
    'alter table nextcrm_archive.gpt_models alter status type "gptStatus" using status::"gptStatus"',
    'types gpt_models 1',
  ],
  ['a table that was never made', `delete from nextcrm_migration.archive where table_name = 'Users'`, 'records Users 1'],
];
for (const [name, sql, expected] of damages) {
  test(`${name} is found`, async () => {
    assert.equal(await tried(sql, () => found()), [expected]);
  });
}

test('a copy that a person dropped is no finding, and is not made again', async () => {
  await tried('drop table nextcrm_archive."openAi_keys"', async () => {
    assert.equal(await found(), []);
    await makeArchive(place.target, nextcrm.releases);
    const [row] = await ask(`select to_regclass('nextcrm_archive."openAi_keys"') as there`);
    assert.is(row?.['there'], null);
  });
  await tried('drop schema nextcrm_archive cascade', async () => {
    assert.equal(await found(), []);
    await makeArchive(place.target, nextcrm.releases);
    const [row] = await ask(`select to_regnamespace('nextcrm_archive') as there`);
    assert.is(row?.['there'], null);
  });
});

test('a later release of NextCRM does not make the copies wrong, and damage to them is found after it too', async () => {
  const upgraded = new Date('2024-01-01T00:00:00Z');
  const upgrade = `drop table "Invoices" cascade; create table "Invoices" (id uuid primary key, number text);
    drop table gpt_models; alter table "Users" drop column is_admin; alter table "crm_Leads" drop column lead_source;
    alter table "crm_Contacts" drop column created_on; update "crm_Opportunities" set currency = 'X', "updatedAt" = now();
    delete from "modulStatus"; insert into "crm_Contacts" (id, last_name) values (gen_random_uuid(), 'new')`;
  assert.equal(await tried(upgrade, () => found(upgraded)), []);
  const damaged = `${upgrade}; delete from nextcrm_archive."Users" where id = '${uuid(0x1001)}'`;
  assert.equal(await tried(damaged, () => found(upgraded)), ['records Users 1']);
});

test('made again, it follows the tables', async () => {
  await tried(`update public."crm_Leads" set lead_source = 'corrected'; delete from public."modulStatus"`, async () => {
    assert.ok((await found()).length > 0);
    await makeArchive(place.target, nextcrm.releases);
    assert.equal(await found(), []);
  });
});

test('a copy that was emptied and vacuumed is filled in a few passes, not in one a row', async () => {
  await place.target.script('delete from nextcrm_archive."Users"');
  await place.target.script('vacuum nextcrm_archive."Users"');
  // What the session has not reported yet is counted, too.
  const count = async (what: string) => Number((await ask(`select ${what} as count`))[0]?.['count']);
  const scansOf = `pg_stat_get_xact_numscans('nextcrm_archive."Users"'::regclass)`;
  await place.target.script('begin');
  const before = await count(scansOf);
  await makeArchive(place.target, nextcrm.releases);
  const scans = (await count(scansOf)) - before;
  await place.target.script('commit');
  const rows = await count('(select count(*) from nextcrm_archive."Users")');
  assert.ok(rows > 8 && scans < 5, `${scans} scans for ${rows} rows`);
  assert.equal(await found(), []);
});

test.run();
