/** `verify` in a database that NextCRM has upgraded: without a finding where all is well, and each planted damage is found. */
import * as assert from 'uvu/assert';
import { nextcrm } from '../../../src/catalog/nextcrm.ts';
import type { Finding } from '../../../src/findings/finding.ts';
import { handOver } from '../../../src/prisma/history.ts';
import { restoreReleases } from '../../../src/releases/restore.ts';
import type { Note } from '../../../src/upgrade/judge.ts';
import { proveUpgraded } from '../../../src/upgrade/prove.ts';
import { rulesOf } from '../../../src/upgrade/rules.ts';
import { takeSnapshot } from '../../../src/upgrade/snapshot.ts';
import { keyedTables } from '../../../src/upgrade/tables.ts';
import { appReleaseMissing } from '../../support/app-release.ts';
import type { DumpContent } from '../../support/dump.ts';
import { suite } from '../../support/suite.ts';
import { dirty, uuid } from '../releases/dirty.ts';
import { deployApp } from '../releases/upgraded.ts';
import { type Migrated, migrated } from '../validate/migrated.ts';
import { richContent } from '../validate/rich-dump.ts';

const test = suite('verify after an upgrade');
const release = test.unless(appReleaseMissing);
let place: Migrated;
let finishedAt: Date;

const content: DumpContent = Object.fromEntries(
  [...new Set([...Object.keys(dirty), ...Object.keys(richContent)])].map((collection) => [
    collection,
    [...(dirty[collection] ?? []), ...(richContent[collection] ?? [])],
  ]),
);

test.before(async () => {
  if (appReleaseMissing !== null) return;
  place = await migrated(content);
  const { target } = place;
  await target.transaction(() => takeSnapshot(target, keyedTables(nextcrm), rulesOf(nextcrm.releases)));
  await handOver(target, nextcrm.migrations);
  const [row] = await target.query<{ at: Date }>(
    `update nextcrm_migration.run set step = 'finished', finished_at = clock_timestamp() returning finished_at as at`,
  );
  finishedAt = row?.at ?? new Date(0);
  await deployApp(place.database.url);
  await restoreReleases(target, nextcrm);
});
test.after(async () => {
  await place?.[Symbol.asyncDispose]();
});

interface Verified {
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
}

/** As `verify` does it, over what `sql` leaves. */
async function verified(sql = ''): Promise<Verified> {
  await place.target.script('begin');
  try {
    await place.target.script(sql);
    const compared = await place.proved({ finishedAt, upgraded: true });
    const upgraded = await proveUpgraded(
      { session: place.target, catalog: nextcrm, run: { ...place.run, finishedAt }, signal: new AbortController().signal },
      { sealed: false, isCompared: true },
    );
    return {
      findings: [...compared.findings, ...upgraded.findings],
      notes: [...compared.modified.map((what) => ({ code: 'MODIFIED_SINCE', what })), ...upgraded.notes],
    };
  } finally {
    await place.target.script('rollback');
  }
}

release('without a finding or a modification where all is well', async () => {
  const { findings, notes } = await verified();
  assert.equal(findings, []);
  assert.equal(
    notes.map(({ code }) => code).filter((code) => code !== 'TYPE_CHANGED'),
    ['STRUCTURE_ADDED'],
  );
});

const account1 = uuid(0x201);
const lead = uuid(0x1000);
const hex = (n: number) => n.toString(16).padStart(24, '0');
const ofTable = (table: string, id: string, set: string) => `update public."${table}" set ${set} where id = '${id}'`;

/** `found`: code, table and column of the finding; `id`: that it names, where another damage has the same. */
type Damage = readonly [name: string, sql: string, found: string, id?: string];

/** Each to a value or a row of its own, so that they are planted and found together. */
const damages: readonly Damage[] = [
  ['a value', ofTable('crm_Accounts', account1, `name = 'Other'`), 'FIELD_DIFFERS crm_Accounts.name'],
  ['a value emptied', ofTable('Users', uuid(0x101), 'name = null, avatar = null'), 'FIELD_DIFFERS Users.avatar'],
  ['a row deleted', `delete from "Boards" where id = '${uuid(0xb06)}'`, 'ROW_MISSING Boards'],
  [
    'an address that is another one',
    ofTable('Users', uuid(0x103), `email = 'else@example.com'`),
    'FIELD_DIFFERS Users.email',
    hex(0x103),
  ],
  [
    'a type of document',
    ofTable('Documents', uuid(0x801), `document_system_type = 'OFFER'`),
    'FIELD_DIFFERS Documents.document_system_type',
  ],
  ['a status of a campaign', ofTable('crm_campaigns', uuid(0x901), `status = 'sent'`), 'FIELD_DIFFERS crm_campaigns.status'],
  ['an amount that was retyped', ofTable('crm_Contracts', uuid(0xa01), 'value = 1000.5'), 'FIELD_DIFFERS crm_Contracts.value'],
  ['a budget', ofTable('crm_Opportunities', uuid(0x400), 'budget = 11'), 'RESTORE_WRONG crm_Opportunities.budget'],
  ['a currency', ofTable('crm_Opportunities', uuid(0x400), `currency = 'EUR'`), 'RESTORE_WRONG crm_Opportunities.currency'],
  ['the type of a lead', ofTable('crm_Leads', lead, 'lead_type_id = null'), 'RESTORE_WRONG crm_Leads.type'],
  [
    'the source of a lead',
    ofTable('crm_Leads', lead, `lead_source_id = (select id from "crm_Lead_Sources" where name = 'Fair ')`),
    'RESTORE_WRONG crm_Leads.lead_source',
  ],
  ['an administrator', ofTable('Users', uuid(0x101), `role = 'user'`), 'RESTORE_WRONG Users.role', uuid(0x101)],
  ['who created a contact', ofTable('crm_Contacts', uuid(0x302), '"createdBy" = null'), 'RESTORE_WRONG crm_Contacts.createdBy'],
  ['a received invoice among the documents', `delete from "Documents" where id = '${uuid(0x701)}'`, 'RESTORE_WRONG Invoices'],
  ['a link', 'delete from "AccountWatchers"', 'LINK_MISSING crm_Accounts.watchers'],
  ['a link of a received invoice', 'delete from "DocumentsToInvoices"', 'LINK_MISSING Documents.invoiceIDs'],
  ['an entry of the map of ids', `delete from nextcrm_migration.id_map where id = '${uuid(0x902)}'`, 'ROW_MISSING crm_campaigns'],
  [
    'the former address in its record',
    `update nextcrm_migration.restored set former = 'CHIEF@example.com' where former = 'Chief@Example.com'`,
    'FIELD_DIFFERS Users.email',
    hex(0x101),
  ],
  [
    'a value in a copy',
    `update nextcrm_archive."Invoices" set partner = 'Other' where id = '${uuid(0x701)}'`,
    'FIELD_DIFFERS Invoices.partner',
  ],
  [
    'a value in a copy of some columns',
    `update nextcrm_archive."crm_Leads" set status = 'NEW' where id = '${uuid(0x1100)}'`,
    'FIELD_DIFFERS crm_Leads.status',
  ],
  [
    'who was an administrator, in the copy',
    `update nextcrm_archive."Users" set is_admin = true where id = '${uuid(0x102)}'`,
    'FIELD_DIFFERS Users.is_admin',
  ],
  ['a row of a copy', `delete from nextcrm_archive."gpt_models"`, 'ROW_MISSING gpt_models'],
];

const placeOf = ({ code, collection, field }: Finding) =>
  `${code} ${[collection, field].filter((part) => part !== null).join('.')}`;
const placesOf = (findings: readonly Finding[]) => findings.map(placeOf);

release(`${damages.length} damages are found`, async () => {
  const { findings } = await verified(damages.map(([, sql]) => sql).join(';\n'));
  for (const [name, , found, id] of damages)
    assert.ok(
      findings.some((one) => placeOf(one) === found && (id === undefined || one.sourceIds.includes(id))),
      `${name}\n${placesOf(findings).join('\n')}`,
    );
});

/** What takes others with it. */
const losses: readonly Damage[] = [
  ['a column', 'alter table "crm_Contracts" drop column title', 'UPGRADE_VALUES_LOST crm_Contracts.title'],
  ['a table', 'drop table "Boards" cascade', 'UPGRADE_ROWS_LOST Boards'],
  ['a copy', 'drop table nextcrm_archive."Invoices"', 'ARCHIVE_DROPPED Invoices'],
  ['all copies', 'drop schema nextcrm_archive cascade', 'ARCHIVE_DROPPED crm_Leads'],
];

for (const [name, sql, found] of losses)
  release(`found: ${name} that is dropped`, async () => {
    const places = placesOf((await verified(sql)).findings);
    assert.ok(places.includes(found), places.join('\n'));
  });

release('what people have entered and modified since is a note', async () => {
  const { findings, notes } = await verified(`
    insert into "crm_Accounts" (id, __v, name, "createdAt", "updatedAt") values ('0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f71', 0, 'New', now(), now());
    insert into "AccountWatchers" (account_id, user_id) values ('0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f71', '${uuid(0x101)}'), ('${account1}', '${uuid(0x103)}');
    insert into "Users" (id, email, name, "userStatus", "userLanguage", __v) values ('0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f72', 'new@example.com', 'New', 'ACTIVE', 'en', 0);
    ${ofTable('crm_Accounts', account1, `name = 'Renamed', assigned_to = '0190b6f0-7d2a-7c3e-9b1a-2f3c4d5e6f72', "updatedAt" = clock_timestamp()`)};
    ${ofTable('Users', uuid(0x102), `name = 'Renamed', role = 'admin', updated_at = clock_timestamp()`)};
    ${ofTable('crm_Leads', lead, `lead_type_id = null, "updatedAt" = clock_timestamp()`)}`);
  assert.equal(placesOf(findings), []);
  const lines = notes.filter(({ code }) => code === 'MODIFIED_SINCE').map(({ what }) => what.replace(/ \(.*/, ''));
  for (const place of [
    'crm_Accounts.name',
    'crm_Accounts.assigned_to',
    'AccountWatchers.account_id',
    'Users.name',
    'Users.role',
    'crm_Leads.type',
  ])
    assert.ok(
      lines.some((line) => line.startsWith(`${place}: 1 row`)),
      `${place}\n${lines.join('\n')}`,
    );
});

release('the copy of secrets that people are told to drop is a note', async () => {
  const { findings, notes } = await verified('drop table nextcrm_archive."openAi_keys"');
  assert.equal(placesOf(findings), []);
  assert.ok(notes.some(({ what }) => what.startsWith('openAi_keys: 1 row')));
});

test.run();
