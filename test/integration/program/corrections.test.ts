/** Rejected documents corrected by `nextcrm_migration.reject.correction`, with a dump that nobody touches. */
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import { ServerRefusal } from '../../../src/target/errors.ts';
import { type Ground, groundOf } from '../../support/ground.ts';
import { suite } from '../../support/suite.ts';

const test = suite('corrections of rejected documents');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const hex = (n: number) => id(n).toHexString();
const user = (n: number, fields: Document = {}): Document => ({ _id: id(n), __v: 0, email: `u${n}@example.com`, ...fields });
const contact = (n: number, fields: Document = {}): Document => ({ _id: id(n), __v: 0, last_name: 'l', status: true, ...fields });
const board = (n: number, fields: Document = {}): Document => ({ _id: id(n), __v: 0, title: 't', description: 'd', ...fields });

const source = {
  Users: [user(1), user(2, { email: 'u1@example.com' }), user(3, { email: null })],
  Boards: [
    board(0x10, { user: id(2), sharedWith: [id(2)], watchers: [id(2), id(3)] }),
    board(0x11, { user: id(0x99) }),
    board(0x12, { user: id(1), title: { not: 'a text' } }),
  ],
  crm_Contacts: [
    contact(0x20, { last_name: null, first_name: 'f', created_on: new Date(0), strange: 1 }),
    contact(0x21, { last_name: { no: 'text' }, account: id(0x30) }),
    contact(0x22),
  ],
  crm_Accounts: [{ _id: id(0x30), __v: 0, name: 'a', createdAt: new Date(0), documentsIDs: [] }],
};

const correct = (at: Ground, patch: unknown, where: string) =>
  at.session.execute(`update nextcrm_migration.reject set correction = $1 where ${where}`, [
    typeof patch === 'string' ? patch : JSON.stringify(patch),
  ]);

const changes = (at: Ground, collection: string, n: number) =>
  at.session.query<{ field: string; code: string; original: string | null }>(
    `select field, code, original from nextcrm_migration.change where collection = $1 and source_id = $2
     order by field collate "C", code collate "C"`,
    [collection, hex(n)],
  );

const reasons = (at: Ground) =>
  at.counts(`select source_id || ' ' || code || ' ' || coalesce(field, '') || ': ' || coalesce(reason, '') as n
    from nextcrm_migration.reject order by collection collate "C", source_id collate "C"`);

test('the statements of the report alone bring every kind of finding to exit 0', async () => {
  await using at = await groundOf();
  assert.is((await at.run(source)).exit, 1);
  const values: Record<string, string> = { email: 'new', title: 'T', last_name: 'L' };
  for (let round = 0; round < 3; round += 1) {
    const { findings } = await at.place.report();
    for (const { correction, field, mongosh, code } of findings) {
      assert.ok(correction !== null, `${code} ${field}`);
      assert.is(mongosh, null, 'the source is a dump');
      assert.match(correction, '…');
      // The second address differs from the first.
      const value = field === 'user' ? hex(1) : `${values[field ?? '']}${code}`;
      await at.session.script(correction.replace('…', value));
    }
    const ended = await at.run(source);
    if (ended.exit === 0) break;
  }
  assert.equal(await at.findings(), []);
  assert.equal(await at.counts('select count(*) as n from nextcrm_migration.reject'), ['0']);
  assert.equal(await at.counts('select count(*) as n from nextcrm_migration.correction'), ['6']);
  assert.equal(await changes(at, 'crm_Contacts', 0x20), [{ field: 'last_name', code: 'CORRECTED', original: 'null' }]);
  assert.equal(await changes(at, 'crm_Contacts', 0x21), [
    { field: 'accountsIDs', code: 'RENAMED_FIELD', original: '"account"' },
    { field: 'last_name', code: 'CORRECTED', original: '{"no":"text"}' },
  ]);
  // References to the corrected user are as the source has them again.
  assert.equal(await changes(at, 'Boards', 0x10), []);
  assert.equal(await at.counts('select count(*) as n from public."BoardWatchers"'), ['2']);
  assert.is(
    (await at.place.run(['verify'], { MONGODB_URL: `file://${at.place.folder}/dump`, DATABASE_URL: at.database.url })).exit,
    0,
  );
});

test('a patch is merged, its values are converted as any other, and what the source lacks is recorded as absent', async () => {
  await using at = await groundOf();
  assert.is((await at.run({ crm_Contacts: source.crm_Contacts, crm_Accounts: source.crm_Accounts })).exit, 1);
  const patch = {
    last_name: 'L',
    first_name: null,
    created_on: '2020-09-13T12:26:40Z',
    birthday: { $numberInt: '7' },
    accountsIDs: { $oid: hex(0x30) },
    tags: ['a', null],
    opportunitiesIDs: [{ $oid: hex(0x77) }],
  };
  await correct(at, patch, `source_id = '${hex(0x20)}'`);
  await correct(at, { last_name: 'M' }, `source_id = '${hex(0x21)}'`);
  const ended = await at.run({ crm_Contacts: source.crm_Contacts, crm_Accounts: source.crm_Accounts });
  assert.is(ended.exit, 0, `${ended.output}${JSON.stringify(await at.findings())}`);
  assert.equal(await changes(at, 'crm_Contacts', 0x20), [
    { field: 'accountsIDs', code: 'CORRECTED', original: null },
    { field: 'birthday', code: 'CORRECTED', original: null },
    { field: 'birthday', code: 'TEXT_FROM_VALUE', original: '{"$numberInt":"7"}' },
    { field: 'created_on', code: 'CORRECTED', original: '{"$date":{"$numberLong":"0"}}' },
    { field: 'created_on', code: 'DATE_FROM_STRING', original: '"2020-09-13T12:26:40Z"' },
    { field: 'first_name', code: 'CORRECTED', original: '"f"' },
    { field: 'last_name', code: 'CORRECTED', original: 'null' },
    { field: 'opportunitiesIDs', code: 'CORRECTED', original: null },
    { field: 'opportunitiesIDs', code: 'LINK_DANGLING', original: `{"$oid":"${hex(0x77)}"}` },
    { field: 'tags', code: 'ARRAY_NULL_DROPPED', original: '["a",null]' },
    { field: 'tags', code: 'CORRECTED', original: null },
  ]);
  const { collections } = await at.place.report();
  const fields = collections['crm_Contacts']?.fields;
  assert.is(fields?.total, (fields?.carried ?? 0) + (fields?.changed ?? 0) + (fields?.leftover ?? 0));
  assert.is(fields?.leftover, 1);
});

test('a correction that leaves a field to its former name: each field of the source counts once', async () => {
  const account = (n: number, fields: Document) => ({ _id: id(n), __v: 0, createdAt: new Date(0), name: null, ...fields });
  const file = (n: number, fields: Document) => ({ _id: id(n), document_file_mimeType: 'm', document_file_url: 'u', ...fields });
  const dump = {
    Users: [user(1), user(2)],
    crm_Accounts: [
      account(0x30, { created_by: id(1), createdBy: id(2) }),
      account(0x31, { created_by: id(1), createdBy: null }),
      account(0x32, { created_by: id(1) }),
      account(0x33, { createdBy: id(2) }),
      account(0x34, { created_by: null, createdBy: id(2) }),
    ],
    Documents: [file(0x40, { account: id(0x30), accountsIDs: [id(0x31), id(0x99)] }), file(0x41, { account: id(0x30) })],
  };
  for (const without of [null, { $undefined: true }]) {
    await using at = await groundOf();
    assert.is((await at.run(dump)).exit, 1);
    await correct(at, { name: 'N', createdBy: without }, `collection = 'crm_Accounts'`);
    await correct(at, { document_name: 'D', accountsIDs: [{ $oid: hex(0x32) }] }, `collection = 'Documents'`);
    const ended = await at.run(dump);
    assert.is(ended.exit, 0, `${ended.output}${JSON.stringify(await at.findings())}`);
    const { collections } = await at.place.report();
    const fields = (name: string) => collections[name]?.fields;
    // Of each account `name`, and what it has of the other two.
    assert.equal(fields('crm_Accounts'), { total: 28, carried: 15, changed: 12, leftover: 1 });
    assert.equal(fields('Documents'), { total: 9, carried: 6, changed: 3, leftover: 0 });
    assert.equal(await at.counts(`select "createdBy" as n from public."crm_Accounts" order by id`), [
      ...Array.from({ length: 3 }, () => '00000000-0000-8000-8000-000001000000'),
      null,
      null,
    ]);
  }
});

test('a correction that cannot be applied, or does not help, leaves the document rejected with the reason', async () => {
  await using at = await groundOf();
  const contacts = Array.from({ length: 14 }, (_, n) => contact(0x40 + n, { last_name: null }));
  const dump = { crm_Contacts: [...contacts, contact(0x50)], Users: [user(1), user(2, { email: 'u1@example.com' }), user(3)] };
  assert.is((await at.run(dump)).exit, 1);
  const patches = [
    '{"last_name": ',
    '["L"]',
    '"L"',
    { _id: { $oid: hex(1) }, last_name: 'L' },
    { lastName: 'L' },
    { last_name: { $date: 'soon' } },
    { last_name: { $oid: 'soon' } },
    {},
    { first_name: 'F' },
    { last_name: '…' },
    { last_name: 'L', tags: ['a', '…'] },
    { account: { $oid: '…' } },
    { '…': 'L' },
    `{"last_name": "L", "notes": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  ];
  for (const [n, patch] of patches.entries()) await correct(at, patch, `source_id = '${hex(0x40 + n)}'`);
  await correct(at, { email: 'u3@example.com' }, `collection = 'Users'`);
  const ended = await at.run(dump);
  assert.is(ended.exit, 1);
  const still = 'The correction was applied, and the document is rejected all the same.';
  const notValid =
    'The correction contains a value that is not valid Extended JSON, or is nested too deeply. It was not applied.';
  const unfilled = 'The correction still has … in place of a value. It was not applied.';
  const expected = [
    `${hex(2)} DUPLICATE_KEY email: ${still}`,
    `${hex(0x40)} MISSING_REQUIRED last_name: The correction is not JSON. It was not applied.`,
    `${hex(0x41)} MISSING_REQUIRED last_name: The correction is not a JSON object. It was not applied.`,
    `${hex(0x42)} MISSING_REQUIRED last_name: The correction is not a JSON object. It was not applied.`,
    `${hex(0x43)} MISSING_REQUIRED last_name: The correction names _id, which cannot be changed. It was not applied.`,
    `${hex(0x44)} MISSING_REQUIRED last_name: The correction names a field that crm_Contacts does not have: lastName. It was not applied.`,
    `${hex(0x45)} MISSING_REQUIRED last_name: ${notValid}`,
    `${hex(0x46)} MISSING_REQUIRED last_name: ${notValid}`,
    `${hex(0x47)} MISSING_REQUIRED last_name: ${still}`,
    `${hex(0x48)} MISSING_REQUIRED last_name: ${still}`,
    ...[0x49, 0x4a, 0x4b, 0x4c].map((n) => `${hex(n)} MISSING_REQUIRED last_name: ${unfilled}`),
    `${hex(0x4d)} MISSING_REQUIRED last_name: ${notValid}`,
  ];
  assert.equal(await reasons(at), expected);
  assert.equal(await at.findings(), ['DUPLICATE_KEY Users 1', 'MISSING_REQUIRED crm_Contacts 14'], ended.output);
  await correct(at, { last_name: 'L' }, `collection = 'crm_Contacts'`);
  await correct(at, { email: 'u9@example.com' }, `collection = 'Users'`);
  assert.is((await at.run(dump)).exit, 0);
});

test('what PostgreSQL refused without naming a column is corrected by the statement of the report, once the field is written', async () => {
  await using at = await groundOf();
  await at.session.script(`alter table public."crm_Contacts" add constraint refusal check (last_name <> 'refuse me')`);
  const dump = { crm_Contacts: [contact(0x20, { last_name: 'refuse me' }), contact(0x21)] };
  assert.is((await at.run(dump)).exit, 1);
  const statement = async () => {
    const { findings } = await at.place.report();
    return findings.find(({ code }) => code === 'SERVER_REFUSED')?.correction ?? '';
  };
  await at.session.script(await statement());
  assert.is((await at.run(dump)).exit, 1);
  assert.equal(await reasons(at), [
    `${hex(0x20)} SERVER_REFUSED : 23514 refusal The correction is not JSON. It was not applied.`,
  ]);
  await at.session.script((await statement()).replace('…', 'last_name').replace('…', '"L"'));
  assert.is((await at.run(dump)).exit, 1);
  assert.equal(await at.findings(), ['CATALOG_DIFFERS crm_Contacts 1']);
  await at.session.script(`alter table public."crm_Contacts" drop constraint refusal`);
  assert.is((await at.run(dump)).exit, 0);
  assert.equal(await changes(at, 'crm_Contacts', 0x20), [{ field: 'last_name', code: 'CORRECTED', original: '"refuse me"' }]);
});

test('a repeated and a missing _id have no statement, and the report says why and what to do instead', async () => {
  await using at = await groundOf();
  const { _id, ...withoutId } = contact(0x21);
  const dump = {
    crm_Contacts: [contact(0x20), contact(0x20, { last_name: 'second' }), withoutId, contact(0x22, { last_name: null })],
  };
  assert.is((await at.run(dump)).exit, 1);
  const { findings } = await at.place.report();
  const next = (of: string, field: string) => {
    const found = findings.find(({ code, ...one }) => code === of && one.field === field);
    return { next: found?.next ?? '', hasStatement: found?.correction !== null };
  };
  for (const { next: text, hasStatement } of [next('DUPLICATE_ID', '_id'), next('MISSING_REQUIRED', '_id')]) {
    assert.is(hasStatement, false);
    assert.match(text, /No statement of the report corrects it, since .* _id.*accept ID/);
  }
  assert.match(next('MISSING_REQUIRED', 'last_name').next, /^Give the field a value/);
  await correct(at, { last_name: 'L' }, `source_id = '${hex(0x22)}'`);
  assert.is((await at.run(dump)).exit, 1);
  assert.equal(await at.findings(), ['DUPLICATE_ID crm_Contacts 1', 'MISSING_REQUIRED crm_Contacts 1']);
  const environment = { MONGODB_URL: `file://${at.place.folder}/dump`, DATABASE_URL: at.database.url };
  assert.is((await at.place.run(['accept', (await at.place.report()).id], environment)).exit, 0);
  assert.is((await at.run(dump)).exit, 0);
});

test('a document that was loaded is not corrected again, and whoever tries is told', async () => {
  await using at = await groundOf();
  const dump = { crm_Contacts: [contact(0x20, { last_name: null }), contact(0x21, { last_name: null })] };
  assert.is((await at.run(dump)).exit, 1);
  await correct(at, { last_name: 'L' }, `source_id = '${hex(0x20)}'`);
  assert.is((await at.run(dump)).exit, 1);
  assert.is(await correct(at, { last_name: 'M' }, `source_id = '${hex(0x20)}'`), 0);
  const refused = await at.session
    .execute(`update nextcrm_migration.correction set patch = '{"last_name": "M"}'`)
    .catch((error: unknown) => error);
  assert.instance(refused, Error);
  assert.not.instance(refused, ServerRefusal);
  assert.equal(await at.counts(`select last_name as n from public."crm_Contacts"`), ['L']);
  // The proof knows what the document was loaded with.
  await at.session.script(`alter table nextcrm_migration.correction disable trigger all;
    update nextcrm_migration.correction set patch = '{"last_name": "M"}'`);
  const verified = await at.place.run(['verify'], {
    MONGODB_URL: `file://${at.place.folder}/dump`,
    DATABASE_URL: at.database.url,
  });
  assert.is(verified.exit, 1);
  assert.ok((await at.place.report()).findings.some(({ code, field }) => code === 'FIELD_DIFFERS' && field === 'last_name'));
});

test.run();
