/** `verify` after NextCRM has worked with the database: every difference is a finding, and says how many rows were modified since. */
import * as assert from 'uvu/assert';
import type { Finding } from '../../../src/findings/finding.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from './migrated.ts';
import { account, document, oid, richContent, user } from './rich-dump.ts';

const test = suite('modified after the migration');
let place: Migrated;
/** By the server's clock. */
let finishedAt: Date;

test.before(async () => {
  place = await migrated(richContent);
  const [row] = await place.target.query<{ now: Date }>('select clock_timestamp() as now');
  finishedAt = row?.now ?? new Date(0);
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
});

const uuidOf = (id: { toHexString(): string }) =>
  `'${id.toHexString().replace(/^(.{8})(.{4})(.{3})(.{3})(.{6})$/, '$1-$2-8$3-8$4-$5000000')}'`;

/** What `sql` makes validation find after the migration finished; or while it runs. */
async function afterwards(sql: string, end: Date | null = finishedAt): Promise<readonly Finding[]> {
  await place.target.script('begin');
  try {
    await place.target.script(sql);
    return (await place.proved({ finishedAt: end })).findings;
  } finally {
    await place.target.script('rollback');
  }
}

function the(findings: readonly Finding[], code: string, collection: string, field?: string): Finding {
  const found = findings.filter((one) => one.code === code && one.collection === collection && (!field || one.field === field));
  assert.is(found.length, 1, `${code} ${collection} ${field}: ${JSON.stringify(findings)}`);
  return found[0] as Finding;
}

/** Null where nothing is said. */
const modifiedIn = ({ what }: Finding): number | null => {
  const [, date = '', count] =
    /Modified after the migration \((.*)\), by their own update time: (\d+) of these rows\.$/.exec(what) ?? [];
  if (count === undefined) return null;
  assert.is(date, finishedAt.toISOString());
  return Number(count);
};

const newAccount = `insert into public."crm_Accounts" (id, __v, name, "createdAt", "updatedAt") values (gen_random_uuid(), 0, 'New', now(), now())`;

test('a row that was added is a finding, and counts as modified', async () => {
  const findings = await afterwards(newAccount);
  assert.is(modifiedIn(the(findings, 'ROW_EXTRA', 'crm_Accounts')), 1);
  the(findings, 'COUNT_MISMATCH', 'crm_Accounts');
  the(findings, 'ID_MAP_WRONG', 'crm_Accounts');
});

test('of two rows that differ in one field, the one with an update time since counts as modified', async () => {
  const findings = await afterwards(`
    update public."crm_Accounts" set name = 'Renamed', assigned_to = ${uuidOf(user(5))}, "updatedAt" = now() where id = ${uuidOf(account(1))};
    update public."crm_Accounts" set name = 'Damaged' where id = ${uuidOf(account(2))}`);
  const name = the(findings, 'FIELD_DIFFERS', 'crm_Accounts', 'name');
  assert.is(name.count, 2);
  assert.is(modifiedIn(name), 1);
  assert.is(modifiedIn(the(findings, 'REFERENCE_LOST', 'crm_Accounts', 'assigned_to')), 1);
});

test('links and rows that are gone are findings of which nothing more is said', async () => {
  const findings = await afterwards(`
    delete from public."tasksComments" where id = ${uuidOf(oid(9, 1))};
    delete from public."AccountWatchers" where account_id = ${uuidOf(account(1))} and user_id = ${uuidOf(user(1))};
    insert into public."AccountWatchers" values (${uuidOf(account(1))}, ${uuidOf(user(5))})`);
  for (const [code, collection] of [
    ['ROW_MISSING', 'tasksComments'],
    ['ID_MAP_WRONG', 'tasksComments'],
    ['LINK_MISSING', 'crm_Accounts'],
    ['LINK_EXTRA', 'AccountWatchers'],
  ] as const)
    assert.is(modifiedIn(the(findings, code, collection)), null);
});

test('a row whose update time is before the end, or that has none, does not count', async () => {
  const findings = await afterwards(`
    update public."crm_Accounts" set name = 'x', "updatedAt" = '2021-01-01' where id = ${uuidOf(account(1))};
    insert into public."Users" (id, email, created_on) values (gen_random_uuid(), 'x@example.org', now())`);
  assert.is(modifiedIn(the(findings, 'FIELD_DIFFERS', 'crm_Accounts', 'name')), null);
  assert.is(modifiedIn(the(findings, 'ROW_EXTRA', 'Users')), null);
});

test('while the migration runs nothing counts', async () => {
  const findings = await afterwards(
    `${newAccount}; update public."Documents" set document_name = 'x', "updatedAt" = now() where id = ${uuidOf(document(1))}`,
    null,
  );
  assert.ok(findings.length > 2);
  for (const finding of findings) assert.is(modifiedIn(finding), null);
});

test.run();
