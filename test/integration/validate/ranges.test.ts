/** Rows are asked for by the range of a batch's ids where these ascend, else by their list: what is missing, added or changed is found at every edge of both. */
import { type Document, ObjectId } from 'bson';
import * as assert from 'uvu/assert';
import type { Finding } from '../../../src/findings/finding.ts';
import { batchLimits } from '../../../src/validate/context.ts';
import type { TargetReader } from '../../../src/validate/target-reader.ts';
import type { DumpContent } from '../../support/dump.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from './migrated.ts';

const test = suite('rows by ranges of ids');

const { documentsMax } = batchLimits;
/** Four apart, so that others fit between; the last ones have a first byte of ff. */
const id = (n: number) => new ObjectId((n > 3000 ? 'ff' : '00') + (n * 4).toString(16).padStart(22, '0'));
const user = (_id: unknown, n: number): Document => ({ _id, email: `${n}@example.org`, name: `User ${n}` });
const ascending = Array.from({ length: 3500 }, (_, n) => user(id(n + 1), n + 1));
/** Two that are no ObjectIds stand in the third of four batches. */
const users = [...ascending.slice(0, 2500), user('a text', -1), user(42, -2), ...ascending.slice(2500)];
const nameIn = (list: readonly Document[], n: number) => String(list[n]?.['_id']);
const nameOf = (n: number) => nameIn(users, n);
const even = (list: readonly Document[]) => list.filter((_, n) => n % 2 === 0);
const odd = (list: readonly Document[]) => list.filter((_, n) => n % 2 === 1);
const campaign = (n: number): Document => ({ _id: id(n), name: `Campaign ${n}` });
const campaigns = Array.from({ length: 30 }, (_, n) => campaign(n + 1));

let place: Migrated;
test.before(async () => {
  place = await migrated({ Users: users, crm_campaigns: even(campaigns), crm_campains: odd(campaigns) });
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
});

interface Asked {
  readonly ranges: number;
  readonly lists: number;
  /** Of the widest answer. */
  readonly bytes: number;
}

/** What is found after `sql`, and how rows of `table` were asked for. */
async function proved(at: Migrated, sql: string, table = 'Users'): Promise<{ findings: readonly Finding[]; asked: Asked }> {
  const asked = { ranges: 0, lists: 0, bytes: 0 };
  const target: TargetReader = {
    query: (text, parameters) => at.target.query(text, parameters),
    async *copyOut(query) {
      const isOfRows = query.includes(`from public."${table}" t where id`);
      if (isOfRows) asked[query.includes('where id between') ? 'ranges' : 'lists'] += 1;
      let bytes = 0;
      for await (const chunk of at.target.copyOut(query)) {
        bytes += chunk.length;
        yield chunk;
      }
      if (isOfRows) asked.bytes = Math.max(asked.bytes, bytes);
    },
  };
  await at.target.script(`begin; set local session_replication_role = replica; ${sql}`);
  try {
    return { findings: (await at.proved({ target })).findings, asked };
  } finally {
    await at.target.script('rollback');
  }
}

const uuidOf = (hex: string) => `nextcrm_migration.uuid_of('${hex}')`;
const sourceIdsOf = (findings: readonly Finding[], code: string) =>
  findings.filter((finding) => finding.code === code).flatMap(({ sourceIds }) => sourceIds);

/** The first and the last of the collection and of each batch, and one in the middle. */
const edges = [0, documentsMax - 1, documentsMax, documentsMax + 500, 2 * documentsMax - 1, 3 * documentsMax, users.length - 1];

test('batches whose ids ascend are asked for by range, the one with other ids by list: no difference', async () => {
  const { findings, asked } = await proved(place, '');
  assert.equal(findings, []);
  assert.equal([asked.ranges, asked.lists], [3, 1]);
});

for (const edge of edges) {
  test(`the row of document ${edge} is missing`, async () => {
    const { findings } = await proved(place, `delete from public."Users" where id = ${uuidOf(nameOf(edge))}`);
    assert.equal(sourceIdsOf(findings, 'ROW_MISSING'), [nameOf(edge)]);
    assert.equal(sourceIdsOf(findings, 'FIELD_DIFFERS'), []);
  });

  test(`the row of document ${edge} has another value`, async () => {
    const { findings } = await proved(place, `update public."Users" set name = 'x' where id = ${uuidOf(nameOf(edge))}`);
    assert.equal(
      findings.map(({ code, field, sourceIds }) => [code, field, sourceIds]),
      [['FIELD_DIFFERS', 'name', [nameOf(edge)]]],
    );
  });

  test(`there is a row more before document ${edge}, and one behind it`, async () => {
    const of = nameOf(edge);
    const beside = [-1, 1].map((by) => (BigInt(`0x${of}`) + BigInt(by)).toString(16).padStart(24, '0'));
    const rows = beside.map((hex) => `(${uuidOf(hex)}, 'more ${hex}')`).join(', ');
    const { findings } = await proved(place, `insert into public."Users" (id, email) values ${rows}`);
    assert.equal([...sourceIdsOf(findings, 'ROW_EXTRA')].sort(), [...beside].sort());
    assert.equal(sourceIdsOf(findings, 'ROW_MISSING'), []);
    assert.equal(sourceIdsOf(findings, 'FIELD_DIFFERS'), []);
  });
}

test('rows of ids that are a hash are found missing and changed', async () => {
  const { findings } = await proved(
    place,
    `delete from public."Users" where email = '-1@example.org'; update public."Users" set name = 'x' where email = '-2@example.org'`,
  );
  assert.equal(sourceIdsOf(findings, 'ROW_MISSING'), ['"a text"']);
  assert.equal(sourceIdsOf(findings, 'FIELD_DIFFERS'), ['{"$numberInt":"42"}']);
});

test('the smallest and the greatest id that there are', async () => {
  const { findings } = await proved(
    place,
    `insert into public."Users" (id, email) values ('00000000-0000-0000-0000-000000000000', 'first'), ('ffffffff-ffff-ffff-ffff-ffffffffffff', 'last')`,
  );
  assert.equal(sourceIdsOf(findings, 'ROW_EXTRA').length, 2);
});

const many = 300_000;

test(`${many} rows between two documents are counted, and not read with those of their batch`, async () => {
  const { findings, asked } = await proved(
    place,
    `insert into public."Users" (id, email) select (left(${uuidOf(nameOf(10))}::text, 30) || to_char(n, 'FM000000'))::uuid, 'more ' || n
     from generate_series(1, ${many}) n`,
  );
  assert.is(findings.find(({ code }) => code === 'ROW_EXTRA')?.count, many);
  assert.equal(sourceIdsOf(findings, 'ROW_MISSING'), []);
  assert.equal(sourceIdsOf(findings, 'FIELD_DIFFERS'), []);
  assert.ok(asked.bytes < documentsMax * 1024, `${asked.bytes} bytes in one answer`);
  // Once a range has had too many, lists: the first batch again, and all others.
  assert.equal([asked.ranges, asked.lists], [1, 4]);
});

test('former and present documents of one collection, whose ids alternate', async () => {
  const clean = await proved(place, '', 'crm_campaigns');
  assert.equal(clean.findings, []);
  const { findings } = await proved(
    place,
    `delete from public."crm_campaigns" where id = ${uuidOf(id(4).toHexString())};
     update public."crm_campaigns" set name = 'x' where id in (${uuidOf(id(7).toHexString())}, ${uuidOf(id(8).toHexString())});
     insert into public."crm_campaigns" (id, __v, name) values (${uuidOf('000000000000000000000005')}, 0, 'more')`,
    'crm_campaigns',
  );
  assert.equal(sourceIdsOf(findings, 'ROW_MISSING'), [id(4).toHexString()]);
  assert.equal(sourceIdsOf(findings, 'FIELD_DIFFERS'), [id(7).toHexString(), id(8).toHexString()]);
  assert.equal(sourceIdsOf(findings, 'ROW_EXTRA'), ['000000000000000000000005']);
});

const orders: Readonly<
  Record<string, { readonly list: readonly Document[]; readonly asked: readonly [ranges: number, lists: number] }>
> = {
  'batches that ascend, the last of them first': {
    list: [...ascending.slice(2000, 3000), ...ascending.slice(1000, 2000), ...ascending.slice(0, 1000)],
    asked: [3, 0],
  },
  'batches that ascend, with every second id': {
    list: [...even(ascending.slice(0, 2000)), ...odd(ascending.slice(0, 2000))],
    asked: [1, 2],
  },
};

for (const [what, { list, asked: expected }] of Object.entries(orders)) {
  test(`${what}: no difference, and what is wrong is found`, async () => {
    const content: DumpContent = { Users: list };
    await using at = await migrated(content);
    const clean = await proved(at, '');
    assert.equal(clean.findings, []);
    assert.equal([clean.asked.ranges, clean.asked.lists], expected);
    const hexOf = (n: number) => nameIn(list, n);
    const { findings } = await proved(
      at,
      `delete from public."Users" where id in (${uuidOf(hexOf(0))}, ${uuidOf(hexOf(documentsMax))});
       update public."Users" set name = 'x' where id = ${uuidOf(hexOf(documentsMax - 1))};
       insert into public."Users" (id, email) values (${uuidOf('000000000000000000000005')}, 'more')`,
    );
    assert.equal([...sourceIdsOf(findings, 'ROW_MISSING')].sort(), [hexOf(0), hexOf(documentsMax)].sort());
    assert.equal(sourceIdsOf(findings, 'FIELD_DIFFERS'), [hexOf(documentsMax - 1)]);
    assert.equal(sourceIdsOf(findings, 'ROW_EXTRA'), ['000000000000000000000005']);
  });
}

test.run();
