/** Documents that share an `_id`, or have none: in great numbers, started again, and corrected. */
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import type { Session } from '../../../src/target/session.ts';
import { digestOf } from '../../support/digest.ts';
import { groundOf } from '../../support/ground.ts';
import { suite } from '../../support/suite.ts';

const test = suite('repeated and missing ids');
const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '0'));
const user = (n: number, email: unknown, fields: Document = {}): Document => ({ _id: id(n), __v: 0, email, ...fields });
const lead = (n: number, fields: Document = {}): Document => ({ _id: id(n), __v: 0, lastName: 'l', ...fields });

/** All of the ledger and of the progress rows, but for times. */
async function recorded(session: Session): Promise<unknown> {
  const progress = await session.query(
    `select to_jsonb(p) - 'seconds' as row from nextcrm_migration.progress p order by collection`,
  );
  const tables = await Promise.all(
    ['change', 'leftover', 'reject', 'id_map'].map((table) =>
      session.query(`select to_jsonb(t) as row from nextcrm_migration.${table} t order by to_jsonb(t)::text`),
    ),
  );
  return { progress, tables, digest: await digestOf(session) };
}

test('ten thousand documents with one _id: one is loaded, each other is rejected', async () => {
  await using at = await groundOf();
  const leads = Array.from({ length: 12_000 }, (_, n) => lead(n < 2_000 ? n + 10 : 1, { company: `c${n}` }));
  const ended = await at.run({ crm_Leads: leads });
  assert.is(ended.exit, 1, ended.output);
  assert.equal(await at.findings(), ['DUPLICATE_ID crm_Leads 9999']);
  assert.equal(await at.counts('select count(*) as n from public."crm_Leads"'), ['2001']);
  assert.equal(await at.counts(`select company as n from public."crm_Leads" where id = '00000000-0000-8000-8000-000001000000'`), [
    'c2000',
  ]);
});

test('ten thousand rows that a constraint refuses, among others: each is rejected with the reason, the others are loaded', async () => {
  await using at = await groundOf();
  await at.session.script(`alter table public."crm_Leads" add constraint refusal check (company <> 'refuse me')`);
  const leads = Array.from({ length: 11_000 }, (_, n) => lead(n + 10, { company: n % 11 === 5 ? 'sound' : 'refuse me' }));
  const ended = await at.run({ crm_Leads: leads });
  assert.is(ended.exit, 1, ended.output);
  assert.equal(await at.findings(), ['CATALOG_DIFFERS crm_Leads 1', 'SERVER_REFUSED crm_Leads 10000']);
  assert.equal(await at.counts('select count(*) as n from public."crm_Leads"'), ['1000']);
  assert.equal(await at.counts('select distinct reason as n from nextcrm_migration.reject'), ['23514 refusal']);
});

test('a dump with a repeated _id that is started again changes nothing, however often', async () => {
  await using at = await groundOf();
  const source = {
    Users: [user(1, 'one@example.com'), user(2, 'two@example.com', { strange: 1 }), user(1, 'other@example.com'), user(3, null)],
    Boards: [{ _id: id(0x20), __v: 0, description: 'd', title: 't', user: id(1), watchers: [id(1), id(3)] }],
  };
  assert.is((await at.run(source)).exit, 1);
  const before = await recorded(at.session);
  for (let round = 0; round < 2; round += 1) {
    const again = await at.run(source);
    assert.is(again.exit, 1, again.output);
    assert.equal(await recorded(at.session), before);
    assert.equal(await at.findings(), ['DUPLICATE_ID Users 1', 'MISSING_REQUIRED Users 1']);
  }
});

test('of documents with one _id that are rejected for one reason after another, the first sound one is loaded, and stays', async () => {
  await using at = await groundOf();
  const board = (n: number, title: string, owner?: unknown): Document => ({
    _id: id(n),
    __v: 0,
    title,
    description: 'd',
    ...(owner === undefined ? {} : { user: owner }),
  });
  const source = {
    Users: [
      user(1, 'x@example.com'),
      user(2, 'x@example.com'),
      user(2, 'y@example.com'),
      user(2, 'x@example.com', { name: 'n' }),
    ],
    Boards: [
      board(0x20, 'no owner'),
      board(0x20, 'dangling', id(9)),
      board(0x20, 'a name', 'nobody'),
      board(0x20, 'sound', id(2)),
      board(0x20, 'later', id(1)),
    ],
  };
  const state = async () => [
    await at.findings(),
    await at.counts('select title as n from public."Boards"'),
    await at.counts('select email as n from public."Users" order by id'),
    await at.counts(`select code || coalesce(document::jsonb ->> 'title', '') as n from nextcrm_migration.reject order by 1`),
  ];
  const expected = [
    [
      'DANGLING_REQUIRED Boards 1',
      'DUPLICATE_ID Boards 1',
      'DUPLICATE_ID Users 1',
      'DUPLICATE_KEY Users 1',
      'MISSING_REQUIRED Boards 1',
      'UNCONVERTIBLE_REQUIRED Boards 1',
    ],
    ['sound'],
    ['x@example.com', 'y@example.com'],
    [
      'DANGLING_REQUIREDdangling',
      'DUPLICATE_ID',
      'DUPLICATE_IDlater',
      'DUPLICATE_KEY',
      'MISSING_REQUIREDno owner',
      'UNCONVERTIBLE_REQUIREDa name',
    ],
  ];
  for (let round = 0; round < 2; round += 1) {
    const ended = await at.run(source);
    assert.is(ended.exit, 1, ended.output);
    assert.equal(await state(), expected);
  }
});

test('of many documents with one _id that only the whole data rejects, eight are tried, and each of the others keeps its record', async () => {
  const board = (n: number, owner: ObjectId): Document => ({
    _id: id(0x20),
    __v: 0,
    title: `t${n}`,
    description: 'd',
    user: owner,
  });
  for (const [bad, title] of [
    [7, ['sound']],
    [12, []],
  ] as const) {
    await using at = await groundOf();
    const copies = Array.from({ length: bad }, (_, n) => board(n, id(0x900 + n)));
    const source = { Users: [user(1, 'x@example.com')], Boards: [...copies, { ...board(bad, id(1)), title: 'sound' }] };
    for (let round = 0; round < 2; round += 1) {
      const ended = await at.run(source);
      assert.is(ended.exit, 1, ended.output);
      assert.equal(await at.counts('select title as n from public."Boards"'), title);
      const expected =
        title.length === 1 ? [`DANGLING_REQUIRED Boards ${bad}`] : ['DANGLING_REQUIRED Boards 8', 'DUPLICATE_ID Boards 5'];
      assert.equal(await at.findings(), expected);
    }
  }
});

test('a repeated _id is corrected by taking the second document out', async () => {
  await using at = await groundOf();
  assert.is((await at.run({ Users: [user(1, 'one@example.com'), user(1, 'other@example.com')] })).exit, 1);
  const ended = await at.run({ Users: [user(1, 'one@example.com')] });
  assert.is(ended.exit, 0, `${ended.output}${JSON.stringify(await at.findings())}`);
});

test('a repeated _id is corrected by taking a copy of the same bytes out', async () => {
  await using at = await groundOf();
  assert.is((await at.run({ Users: [user(1, 'one@example.com'), user(1, 'one@example.com')] })).exit, 1);
  const ended = await at.run({ Users: [user(1, 'one@example.com')] });
  assert.is(ended.exit, 0, `${ended.output}${JSON.stringify(await at.findings())}`);
});

test('a repeated _id is corrected by giving the second document one of its own', async () => {
  await using at = await groundOf();
  assert.is((await at.run({ Users: [user(1, 'one@example.com'), user(1, 'other@example.com'), user(2, null)] })).exit, 1);
  // A document with a new _id is another one: only what was rejected is retried.
  const ended = await at.run({ Users: [user(1, 'one@example.com'), user(5, 'other@example.com'), user(2, 'two@example.com')] });
  assert.is(ended.exit, 1, ended.output);
  assert.ok((await at.findings()).includes('SOURCE_CHANGED Users 1'), JSON.stringify(await at.findings()));
});

test.run();
