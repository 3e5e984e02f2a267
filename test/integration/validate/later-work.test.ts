/** What NextCRM has written since the migration is found and labelled; what bears no sign of it is not. */
import * as assert from 'uvu/assert';
import type { Finding } from '../../../src/report/model.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from './migrated.ts';
import { account, document, oid, richContent, user } from './rich-dump.ts';

const test = suite("NextCRM's own work since the migration");
let place: Migrated;
/** By the server's clock. */
let endedAt: Date;

test.before(async () => {
  place = await migrated(richContent);
  const [row] = await place.target.query<{ now: Date }>('select clock_timestamp() as now');
  endedAt = row?.now ?? new Date(0);
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
});

const uuidOf = (id: { toHexString(): string }) =>
  `'${id.toHexString().replace(/^(.{8})(.{4})(.{3})(.{3})(.{6})$/, '$1-$2-8$3-8$4-$5000000')}'`;
const probably = /Probably NextCRM's own work/;
const noSign = /bears no sign of it/;

/** What `sql` makes validation find after the migration ended; or while it is under way. */
async function afterwards(sql: string, finishedAt: Date | null = endedAt): Promise<readonly Finding[]> {
  await place.target.script('begin');
  try {
    await place.target.script(sql);
    return (await place.proved({ finishedAt })).findings;
  } finally {
    await place.target.script('rollback');
  }
}

function the(findings: readonly Finding[], code: string, collection: string, field?: string): Finding {
  const found = findings.filter((one) => one.code === code && one.collection === collection && (!field || one.field === field));
  assert.is(found.length, 1, `${code} ${collection} ${field}: ${JSON.stringify(findings)}`);
  return found[0] as Finding;
}

const newAccount = `insert into public."crm_Accounts" (id, __v, name, "createdAt", "updatedAt") values (gen_random_uuid(), 0, 'New', now(), now())`;

test('rows that it made, by their random ids and their times', async () => {
  const findings = await afterwards(newAccount);
  for (const code of ['ROW_EXTRA', 'COUNT_MISMATCH', 'ID_MAP_WRONG'])
    assert.match(the(findings, code, 'crm_Accounts').what, probably);
});

test('rows that it updated, by their times, and what belongs to them', async () => {
  const findings = await afterwards(`
    update public."crm_Accounts" set name = 'Renamed', assigned_to = ${uuidOf(user(5))}, "updatedAt" = now() where id = ${uuidOf(account(1))};
    delete from public."AccountWatchers" where account_id = ${uuidOf(account(1))} and user_id = ${uuidOf(user(1))};
    insert into public."AccountWatchers" values (${uuidOf(account(1))}, ${uuidOf(user(5))})`);
  for (const [code, collection, field] of [
    ['FIELD_DIFFERS', 'crm_Accounts', 'name'],
    ['FIELD_DIFFERS', 'crm_Accounts', 'updatedAt'],
    ['REFERENCE_LOST', 'crm_Accounts', 'assigned_to'],
    ['LINK_MISSING', 'crm_Accounts', 'watchers'],
    ['LINK_EXTRA', 'AccountWatchers', 'account_id'],
  ] as const) {
    const finding = the(findings, code, collection, field);
    assert.match(finding.what, probably, finding.what);
    assert.match(finding.next, /^Nothing, where this is what people did in NextCRM\. Otherwise: /);
  }
});

test('rows that are gone, where something else shows that it was at work', async () => {
  const deleted = `delete from public."tasksComments" where id = ${uuidOf(oid(9, 1))}`;
  const alone = await afterwards(deleted);
  assert.not.match(the(alone, 'ROW_MISSING', 'tasksComments').what, /NextCRM's own work|NextCRM has written/);
  const beside = await afterwards(`${newAccount}; ${deleted}`);
  for (const code of ['ROW_MISSING', 'COUNT_MISMATCH', 'ID_MAP_WRONG'])
    assert.match(the(beside, code, 'tasksComments').what, probably);
  const unmapped = await afterwards(`${newAccount}; ${deleted};
    delete from nextcrm_migration.id_map where collection = 'tasksComments' and source_id = '${oid(9, 1).toHexString()}'`);
  assert.match(the(unmapped, 'ROW_MISSING', 'tasksComments').what, noSign);
});

test('one field of two rows is two findings, where only one of them bears the sign', async () => {
  const findings = await afterwards(`
    update public."crm_Accounts" set name = 'Renamed', "updatedAt" = now() where id = ${uuidOf(account(1))};
    update public."crm_Accounts" set name = 'Damaged' where id = ${uuidOf(account(2))}`);
  const names = findings.filter(({ code, field }) => code === 'FIELD_DIFFERS' && field === 'name');
  assert.equal(
    names.map(({ sourceIds, what }) => [sourceIds, probably.test(what), noSign.test(what)]),
    [
      [[account(1).toHexString()], true, false],
      [[account(2).toHexString()], false, true],
    ],
  );
});

test('a time that the source itself holds is no sign, nor is one before the end or far in the future', async () => {
  for (const time of ['2021-01-01', '2999-01-01']) {
    const findings = await afterwards(
      `update public."crm_Accounts" set name = 'x', "updatedAt" = '${time}' where id = ${uuidOf(account(1))}`,
    );
    assert.not.match(the(findings, 'FIELD_DIFFERS', 'crm_Accounts', 'name').what, probably);
  }
  // Account 1 was updated in 2023, as the source says.
  const early = await afterwards(
    `update public."crm_Accounts" set name = 'x' where id = ${uuidOf(account(1))}`,
    new Date('2022-01-01'),
  );
  assert.not.match(the(early, 'FIELD_DIFFERS', 'crm_Accounts', 'name').what, probably);
});

test('a row under an id of ours, or older than the end, is not its work', async () => {
  const ours = await afterwards(
    `insert into public."Users" (id, email, created_on) values (${uuidOf(user(7))}, 'x@example.org', now())`,
  );
  assert.not.match(the(ours, 'ROW_EXTRA', 'Users').what, probably);
  const old = await afterwards(
    `insert into public."Users" (id, email, created_on) values (gen_random_uuid(), 'x@example.org', '2020-01-01')`,
  );
  assert.not.match(the(old, 'ROW_EXTRA', 'Users').what, probably);
});

test('the structure, where a later release has run its migrations', async () => {
  const drop = 'alter table public."crm_Accounts" alter column name drop not null';
  assert.not.match(the(await afterwards(drop), 'CATALOG_DIFFERS', 'crm_Accounts').what, probably);
  const upgraded = await afterwards(`${drop};
    insert into public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
    values ('later', 'x', '20270101000000_later', now(), now(), 1)`);
  assert.match(the(upgraded, 'CATALOG_DIFFERS', 'crm_Accounts').what, /a later release has run 1 migration here/);
});

test('the records of the migration are none of its work', async () => {
  const findings = await afterwards(`${newAccount};
    delete from nextcrm_migration.change where collection = 'crm_Accounts' and source_id = '${account(5).toHexString()}'`);
  assert.not.match(the(findings, 'CHANGE_MISSING', 'crm_Accounts', 'assigned_to').what, /NextCRM/);
});

test('while the migration is under way nothing is', async () => {
  const findings = await afterwards(
    `${newAccount}; update public."Documents" set document_name = 'x', "updatedAt" = now() where id = ${uuidOf(document(1))}`,
    null,
  );
  assert.ok(findings.length > 2);
  for (const { what } of findings) assert.not.match(what, /NextCRM's own work|NextCRM has written/);
});

test.run();
