/** What an upgrade of NextCRM may do to migrated rows, planted one by one: each is found in its place, and nothing else is. */
import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import type { Invariant, Place } from '../../../src/releases/subject.ts';
import { literal } from '../../../src/target/quoted.ts';
import type { Session } from '../../../src/target/session.ts';
import { compareWithSnapshot, type Difference } from '../../../src/upgrade/compare.ts';
import type { KeyedTable } from '../../../src/upgrade/fingerprint.ts';
import { rulesOf } from '../../../src/upgrade/rules.ts';
import { takeSnapshot } from '../../../src/upgrade/snapshot.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { testSession } from '../../support/session.ts';
import { suite } from '../../support/suite.ts';

const test = suite('what an upgrade leaves alone');
let database: TestDatabase;
let session: Session;

const id = (n: number) => `65a1b2c3-d4e5-8f60-8718-${String(n).padStart(12, '0')}`;
const tables: readonly KeyedTable[] = [
  { table: 'A', key: [{ column: 'id', collection: 'A' }] },
  { table: 'B', key: [{ column: 'id', collection: 'B' }] },
  {
    table: 'AToB',
    key: [
      { column: 'a_id', collection: 'A' },
      { column: 'b_id', collection: 'B' },
    ],
  },
];
const places: readonly Place[] = [
  { table: 'A', columns: ['ruled'] },
  { table: 'Ruled', columns: 'all' },
];
const invariants: readonly Invariant[] = [{ table: 'A', column: 'code', before: 'lower(t.code)', after: 'lower(t.code::text)' }];
const rules = rulesOf({ subjects: [{ places, invariants }] });

test.before(async () => {
  database = await freshDatabase();
  session = await testSession(database.url);
  await session.script(await readFile(new URL('../../../src/state/schema.sql', import.meta.url), 'utf8'));
  await session.script(`create type "Kind" as enum ('one', 'two');
    create table "A" (id uuid primary key, name text, amount bigint, "order" integer, at timestamp(3), kind "Kind", data jsonb,
      tags text[], flag boolean, other uuid, ruled text, code text);
    create table "B" (id uuid primary key, name text);
    create table "AToB" (a_id uuid, b_id uuid, primary key (a_id, b_id));`);
  for (const n of [1, 2, 3, 4, 5])
    await session.script(`insert into "A" values (${literal(id(n))}, 'name ${n}', ${n}00, ${n}, '2024-01-0${n} 10:00:00.123', 'one',
        '{"b": ${n}, "a": [1.0]}', '{x,"y ${n}"}', ${n % 2 === 0}, ${literal(id(n + 1))}, 'ruled', 'Code ${n}');
      insert into "B" values (${literal(id(n + 10))}, null);
      insert into "AToB" values (${literal(id(n))}, ${literal(id(n + 10))});
      insert into nextcrm_migration.id_map values ('A', 'a${n}', ${literal(id(n))}), ('B', 'b${n}', ${literal(id(n + 10))});`);
  await takeSnapshot(session, tables, rules);
});

test.after(async () => {
  await session[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function after<T>(script: string, look: () => Promise<T>): Promise<T> {
  await session.script('begin');
  try {
    await session.script(script);
    return await look();
  } finally {
    await session.script('rollback');
  }
}

const found = (script: string) => after(script, () => compareWithSnapshot(session, tables, rules));

const shown = ({ kind, table, column, count }: Difference) => `${kind} ${table}${column === null ? '' : `.${column}`} ${count}`;

const damages: Readonly<Record<string, readonly [script: string, finding: string]>> = {
  'a row is deleted': [`delete from "A" where id = ${literal(id(3))}`, 'rows lost A 1'],
  'a row is exchanged for another': [`update "A" set id = ${literal(id(99))} where id = ${literal(id(3))}`, 'rows lost A 1'],
  'a table is emptied': [`truncate "B"`, 'rows lost B 5'],
  'a table is dropped': [`drop table "A"`, 'table lost A 5'],
  'a pair is deleted': [`delete from "AToB" where a_id = ${literal(id(1))}`, 'rows lost AToB 1'],
  'a pair is exchanged': [`update "AToB" set b_id = ${literal(id(15))} where a_id = ${literal(id(1))}`, 'rows lost AToB 1'],
  'a column is dropped': [`alter table "A" drop column name`, 'column lost A.name 5'],
  'a column is renamed': [`alter table "A" rename column data to payload`, 'column lost A.data 5'],
  'a text is changed': [`update "A" set name = 'other' where id = ${literal(id(2))}`, 'values changed A.name 0'],
  'two rows exchange their texts': [
    `update "A" set name = case id when ${literal(id(1))} then 'name 2' else 'name 1' end where id in (${literal(id(1))}, ${literal(id(2))})`,
    'values changed A.name 0',
  ],
  'a text loses a blank': [`update "A" set tags = '{x,y5}' where id = ${literal(id(5))}`, 'values changed A.tags 0'],
  'a value is emptied': [`update "A" set other = null where id = ${literal(id(4))}`, 'values lost A.other 1'],
  'an amount is rounded': [`alter table "A" alter amount type numeric(18,2) using amount + 0.01`, 'values changed A.amount 0'],
  'a text is cut': [`alter table "A" alter name type varchar(5) using left(name, 5)`, 'values changed A.name 0'],
  'a time moves by a time zone': [
    `alter table "A" alter at type timestamptz(3) using at at time zone 'Europe/Prague'`,
    'values changed A.at 0',
  ],
  'a time loses its milliseconds': [`alter table "A" alter at type timestamp(0)`, 'values changed A.at 0'],
  'a label becomes another': [`update "A" set kind = 'two' where id = ${literal(id(1))}`, 'values changed A.kind 0'],
  'a flag becomes a text': [`alter table "A" alter flag type text using case when flag then 'yes' end`, 'values lost A.flag 3'],
  'a number becomes a text that is none': [
    `alter table "A" alter "order" type text using 'n' || "order"`,
    'values lost A.order 5',
  ],
  'a value of an invariant is changed': [`update "A" set code = 'x' where id = ${literal(id(1))}`, 'values changed A.code 0'],
  'a value is changed where there are new rows': [
    `insert into "A" (id) values (gen_random_uuid()); update "A" set name = 'other' where id = ${literal(id(2))}`,
    'values changed A.name 0',
  ],
};

for (const [what, [script, finding]] of Object.entries(damages)) {
  test(`${what}: ${finding}`, async () => {
    assert.equal((await found(script)).differences.map(shown), [finding]);
  });
}

const harmless: Readonly<Record<string, string>> = {
  'nothing happens': 'select 1',
  'there are new tables, columns, indexes and labels': `create table "C" (id uuid); alter table "A" add column new text not null default 'x';
    create index on "A" (name); alter type "Kind" rename value 'two' to 'three'`,
  'there are new rows and pairs': `insert into "A" (id) values (${literal(id(50))}); insert into "B" values (${literal(id(60))});
    insert into "AToB" values (${literal(id(50))}, ${literal(id(60))}), (${literal(id(1))}, ${literal(id(60))})`,
  'types are widened with equal values': `alter table "A" alter amount type numeric(18,2), alter "order" type bigint,
    alter name type varchar(191), alter at type timestamp(6), alter kind type text, alter other type text using other::text,
    alter at drop not null, alter data type json using data::json`,
  'a numeric with more digits says the same': `alter table "A" alter "order" type numeric(20,8); alter table "A" alter amount type text`,
  'a rule names it': `update "A" set ruled = null, code = upper(code)`,
  'what was empty is dropped': `alter table "B" drop column name`,
};

for (const [what, script] of Object.entries(harmless)) {
  test(`no finding where ${what}`, async () => {
    const { differences, compared } = await found(script);
    assert.equal(differences.map(shown), []);
    assert.is(compared, 14);
  });
}

test('a row that is lost is named by its id in the source', async () => {
  const { differences } = await found(`delete from "A" where id in (${literal(id(3))}, ${literal(id(4))})`);
  assert.equal(differences[0]?.sourceIds, ['a3', 'a4']);
});

test('a widened type is told', async () => {
  const { retyped } = await found(`alter table "A" alter amount type numeric(18,2)`);
  assert.equal(retyped, [{ table: 'A', column: 'amount', from: 'bigint', to: 'numeric(18,2)' }]);
});

test('a table that no rule and no snapshot knows is not looked at', async () => {
  const { differences } = await after('truncate nextcrm_migration.fingerprint; drop table "A"', () =>
    compareWithSnapshot(session, tables, rules),
  );
  assert.equal(differences, []);
});

test('rows and pairs that people entered before the snapshot, and others after it, are no loss', async () => {
  const entered = (n: number) => `insert into "A" (id) values (${literal(id(n))});
    insert into "AToB" values (${literal(id(n))}, ${literal(id(11))});`;
  const look = async () => {
    await takeSnapshot(session, tables, rules);
    await session.script(entered(201));
    return await compareWithSnapshot(session, tables, rules);
  };
  assert.equal((await after(entered(200), look)).differences.map(shown), []);
});

test.run();
