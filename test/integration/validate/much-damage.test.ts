/** Damage by the hundred thousand is counted and named as it streams by: no answer of the server is held whole. */
import * as assert from 'uvu/assert';
import type { TargetReader, TargetRow } from '../../../src/validate/target-reader.ts';
import { suite } from '../../support/suite.ts';
import { type Migrated, migrated } from './migrated.ts';
import { richContent } from './rich-dump.ts';

const test = suite('much damage');
const many = 300_000;
/** A few hundred bytes each: far from what 512 MB hold, and more than a batch's own records. */
const rowsHeldMax = 20_000;
const heldMegabytesMax = 100;
let place: Migrated;

test.before(async () => {
  place = await migrated(richContent);
});
test.after(async () => {
  await place[Symbol.asyncDispose]();
});

/** Validation of the target damaged by `sql`, with the widest answer that was held and how much the heap grew. */
async function proved(sql: string) {
  let widest = 0;
  let heapMax = 0;
  const look = setInterval(() => {
    heapMax = Math.max(heapMax, process.memoryUsage().heapUsed);
  }, 20);
  const target: TargetReader = {
    async query(text, parameters): Promise<readonly TargetRow[]> {
      const rows = await place.target.query(text, parameters ?? []);
      widest = Math.max(widest, rows.length);
      return rows;
    },
    copyOut: (query) => place.target.copyOut(query),
  };
  await place.target.script(`begin; set local session_replication_role = replica; ${sql}`);
  const before = process.memoryUsage().heapUsed;
  try {
    const { findings } = await place.proved({ target });
    return { findings, widest, grownMegabytes: (heapMax - before) / 1024 / 1024 };
  } finally {
    clearInterval(look);
    await place.target.script('rollback');
  }
}

const uuid = `'0190b6f0-7d2a-7c3e-9b1a-' || to_char(n, 'FM000000000000')`;
const series = `from generate_series(1, ${many}) n`;

for (const { name, sql, expected } of [
  {
    name: 'added rows',
    sql: `insert into public."crm_Industry_Type" (id, __v, name) select (${uuid})::uuid, 0, 'x' ${series}`,
    expected: ['ROW_EXTRA', 'ID_MAP_WRONG'],
  },
  {
    name: 'rows gone from a table, their entries in the map of ids left',
    sql: `insert into nextcrm_migration.id_map select 'crm_Industry_Type', to_char(n, 'FM000000000000000000000000'), (${uuid})::uuid ${series}`,
    expected: ['ID_MAP_WRONG'],
  },
  {
    name: 'records of changes and rejected documents that belong to nothing',
    sql: `insert into nextcrm_migration.change select 'crm_Accounts', to_char(n, 'FM000000000000000000000000'), 'name', 'UNCONVERTIBLE', '1' ${series};
      insert into nextcrm_migration.reject select 'crm_Industry_Type', n::text, 'MISSING_REQUIRED', 'name', '{}', '\\x0500000000', null ${series}`,
    expected: ['CHANGE_EXTRA', 'REJECT_WRONG'],
  },
] as const) {
  test(`${many} ${name}`, async () => {
    const { findings, widest, grownMegabytes } = await proved(sql);
    for (const code of expected) assert.is(findings.find((finding) => finding.code === code)?.count, many, code);
    assert.ok(widest <= rowsHeldMax, `${widest} rows held at once`);
    assert.ok(grownMegabytes < heldMegabytesMax, `the heap grew by ${grownMegabytes} MB`);
  });
}

test.run();
